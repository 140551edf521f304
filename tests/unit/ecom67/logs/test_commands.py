"""The commands that show logs and follow events: on any stage, until Ctrl-C; where there is nothing they say so."""

from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from ecom67 import main
from ecom67.logs.entries import LogEntry
from ecom67.stage_client import StageClient

runner = CliRunner()


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The stages to which a command has connected."""
    connected: list[str] = []

    def connect(stage: str) -> StageClient:
        connected.append(stage)
        return StageClient(stage, lambda _: None)

    monkeypatch.setattr("ecom67.logs.commands.connect", connect)
    monkeypatch.setattr("ecom67.events.commands.connect", connect)
    return connected


def test_the_logs_of_any_stage_are_shown(stages: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecom67.logs.entries.read", lambda *_: [LogEntry(0, "orders-api", "placed")])

    result = runner.invoke(main.app, ["logs", "orders", "--stage", "dev"])

    assert (result.exit_code, stages) == (0, ["dev"])
    assert result.stdout == "00:00:00.000 orders-api               placed\n"


def test_no_logs_are_said(stages: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ecom67.logs.entries.read", lambda *_: [])

    result = runner.invoke(main.app, ["logs", "--minutes", "5"])

    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "Nothing was logged in the last 5 minutes.\n")


@pytest.mark.parametrize("arguments", [["logs", "--follow"], ["events", "tail"]])
def test_what_follows_ends_with_ctrl_c_and_130(
    arguments: list[str], stages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> Iterator[object]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr("ecom67.logs.entries.follow", interrupted)
    monkeypatch.setattr("ecom67.events.journal.StageJournal.follow", interrupted)
    monkeypatch.setattr("ecom67.events.journal.StageJournal.__init__", lambda *_: None)

    assert runner.invoke(main.app, arguments).exit_code == 130
