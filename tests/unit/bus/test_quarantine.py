"""Quarantine keeps a message as it came, with the reason, and counts it."""

import json
from typing import TYPE_CHECKING

import pytest

from bus.items import from_item
from bus.quarantine import KEPT_SECONDS, Quarantine

if TYPE_CHECKING:
    from tests.unit.bus.conftest import MakeTable


def test_a_message_is_kept_with_its_reason_and_counted(
    make_table: "MakeTable", capsys: pytest.CaptureFixture[str]
) -> None:
    dynamodb = make_table("Quarantine", "quarantineId")
    quarantine = Quarantine(dynamodb, "Quarantine")

    quarantine.put(consumer="cart", message_id="m1", body="{ not JSON €", reason="cut off")
    quarantine.put(consumer="cart", message_id="m1", body="{ not JSON €", reason="cut off")

    (item,) = (from_item(item) for item in dynamodb.scan(TableName="Quarantine")["Items"])
    assert item["quarantineId"] == "cart#m1"
    assert (item["consumer"], item["body"], item["reason"]) == ("cart", "{ not JSON €", "cut off")
    assert item["expiresAt"] - item["quarantinedAt"] == KEPT_SECONDS
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["EventsQuarantined"], line["consumer"]) for line in lines] == [(1, "cart")] * 2


def test_what_could_not_be_kept_is_not_counted(make_table: "MakeTable", capsys: pytest.CaptureFixture[str]) -> None:
    quarantine = Quarantine(make_table("Quarantine", "quarantineId"), "Nowhere")

    with pytest.raises(Exception, match="ResourceNotFound"):
        quarantine.put(consumer="cart", message_id="m1", body="{", reason="cut off")

    assert capsys.readouterr().out == ""
