from pathlib import Path

import pytest

from ecom67.base.errors import CliError
from ecom67.local.persistence.snapshot import SnapshotFolder
from ecom67.local.recovery import Loss
from ecom67.local.standins.stripe.undo import UndoneCharge


def test_the_last_snapshot_is_read_with_its_time(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path)
    folder.write({"sqs": {"queues": [1]}}, taken_at=5.0)
    folder.write({"sqs": {"queues": [1, 2]}}, taken_at=7.5)

    assert folder.read() == {"sqs": {"queues": [1, 2]}}
    assert folder.taken_at() == 7.5


def test_where_nothing_was_saved_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert SnapshotFolder(tmp_path).read() is None
    assert SnapshotFolder(tmp_path).taken_at() is None


def test_a_snapshot_that_cannot_be_read_is_not_taken_for_an_empty_shop(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path)
    folder.write({"sqs": {}}, taken_at=5.0)
    folder.file.write_bytes(folder.file.read_bytes()[:-4])

    with pytest.raises(CliError, match="cannot be read"):
        folder.read()


def test_a_run_without_an_orderly_stop_was_cut(tmp_path: Path) -> None:
    folder = SnapshotFolder(tmp_path / "new")
    assert not folder.was_cut

    folder.mark_running()
    assert folder.was_cut

    folder.mark_stopped()
    assert not folder.was_cut


def test_a_loss_names_the_moment_and_the_orders() -> None:
    text = str(Loss(1_800_000_000.0, [UndoneCharge("order-1", 1999, "USD"), UndoneCharge(None, 5, "USD")]))

    assert "2 payments with it, at Stripe's stand-in too (orders order-1, of nobody)" in text
    assert "Nothing was paid since then" in str(Loss(1_800_000_000.0, []))
    assert "the shop is empty" in str(Loss(None, []))
