"""Quarantine keeps a message as it came, with the reason, and counts it."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from bus.attribute_values import from_item
from bus.quarantine import RETENTION_SECONDS, Quarantine, digest_of
from schemas.orders import OrderDelivered
from tests.unit.bus.messages import message_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from tests.unit.bus.conftest import MakeTable

DELIVERED = OrderDelivered(order_id="order-1", user_id="ada", delivered_at="2030-01-01T00:00:00Z")


def kept(dynamodb: "DynamoDBClient") -> list[dict[str, Any]]:
    return [from_item(item) for item in dynamodb.scan(TableName="Quarantine")["Items"]]


def test_a_message_is_kept_with_its_reason_and_counted(
    make_table: "MakeTable", capsys: pytest.CaptureFixture[str]
) -> None:
    dynamodb = make_table("Quarantine", "quarantineId")

    Quarantine(dynamodb, "Quarantine").put(consumer="cart", body="{ not JSON €", reason="cut off")

    (item,) = kept(dynamodb)
    assert item["quarantineId"].startswith("cart.")
    assert (item["consumer"], item["body"], item["reason"]) == ("cart", "{ not JSON €", "cut off")
    assert item["expiresAt"] - item["quarantinedAt"] == RETENTION_SECONDS
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(line["EventsQuarantined"], line["consumer"]) for line in lines] == [(1, "cart")]


def test_an_event_that_comes_again_is_kept_and_counted_once_for_each_consumer(
    make_table: "MakeTable", capsys: pytest.CaptureFixture[str]
) -> None:
    dynamodb = make_table("Quarantine", "quarantineId")
    quarantine = Quarantine(dynamodb, "Quarantine")
    message = message_of(DELIVERED)
    replayed = {**message, "id": "another-id", "replay-name": "the-replay"}
    other = message_of(DELIVERED.model_copy(update={"order_id": "order-2"}))

    for consumer, body in (("cart", message), ("cart", replayed), ("chat", message), ("cart", other)):
        quarantine.put(consumer=consumer, body=json.dumps(body), reason="no")

    assert sorted((item["consumer"], json.loads(item["body"])["id"]) for item in kept(dynamodb)) == [
        ("cart", "eventbridge-id"),
        ("cart", "eventbridge-id"),
        ("chat", "eventbridge-id"),
    ]
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.parametrize("body", ['"text"', "[]", '{"source": 1}', "\ud800", "[" * 100_000])
def test_whatever_a_message_is_it_can_be_told_from_others(body: str) -> None:
    assert digest_of(body) == digest_of(body) != digest_of("another")


def test_what_could_not_be_kept_is_not_counted(make_table: "MakeTable", capsys: pytest.CaptureFixture[str]) -> None:
    quarantine = Quarantine(make_table("Quarantine", "quarantineId"), "Nowhere")

    with pytest.raises(Exception, match="ResourceNotFound"):
        quarantine.put(consumer="cart", body="{", reason="cut off")

    assert capsys.readouterr().out == ""
