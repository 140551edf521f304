"""The journal checks every event against its published contract, and keeps it whether or not it fits."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from bus import journal as journal_module
from bus.attribute_values import from_item
from bus.journal import MAX_VIOLATION_LENGTH, MAX_VIOLATIONS, Journal, contract_violations, contracts, handler
from bus.journal_table import RETENTION_SECONDS
from bus.quarantine import Quarantine
from schemas.catalog import ProductCreated, ProductSnapshot
from schemas.contract import Money
from schemas.orders import OrderDelivered
from tests.unit.bus.messages import batch, detail_of, failed, message_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from tests.unit.bus.conftest import MakeTable

DELIVERED = OrderDelivered(order_id="order-1", user_id="ada", delivered_at="2030-01-01T00:00:00Z")
FOREIGN = {
    "version": "0",
    "id": "foreign-id",
    "source": "their.service",
    "detail-type": "ThingHappened",
    "time": "2030-01-01T00:00:00Z",
    "detail": {"anything": 1},
}
NOW = 1_900_000_000.5


@pytest.fixture
def dynamodb(make_table: "MakeTable") -> "DynamoDBClient":
    return make_table("Journal", "eventId")


@pytest.fixture
def journal(make_table: "MakeTable", dynamodb: "DynamoDBClient") -> Journal:
    contracts()  # reading the files once is the function's start-up, not part of a test
    return Journal(dynamodb, "Journal", Quarantine(make_table("Quarantine", "quarantineId"), "Quarantine"), lambda: NOW)


def kept(dynamodb: "DynamoDBClient") -> list[dict[str, Any]]:
    return [from_item(item) for item in dynamodb.scan(TableName="Journal")["Items"]]


def counted(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return the counts of invalid events; that quarantine counts, too, is its own test's matter."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if "EventsInvalid" in line]


def changed(**data: object) -> dict[str, Any]:
    """Return the message of an event with other data than its contract allows."""
    detail = detail_of(DELIVERED)
    detail["data"] |= data
    return message_of(DELIVERED, detail)


def test_a_valid_event_is_kept_and_not_counted(
    journal: Journal, dynamodb: "DynamoDBClient", capsys: pytest.CaptureFixture[str]
) -> None:
    message = message_of(DELIVERED)

    journal.store(message)

    (item,) = kept(dynamodb)
    metadata = message["detail"]["metadata"]
    assert item["eventId"] == metadata["eventId"]
    assert (item["correlationId"], item["occurredAt"]) == ("the-request", metadata["occurredAt"])
    assert (item["source"], item["detailType"]) == ("ecom67.orders", "OrderDelivered")
    assert json.loads(item["detail"]) == message["detail"]
    assert (item["faults"], item["timesSeen"]) == ([], 1)
    assert item["journalledAt"] == 1_900_000_000_500
    assert item["expiresAt"] == 1_900_000_000 + RETENTION_SECONDS
    assert counted(capsys) == []


def test_an_event_that_comes_again_is_counted_and_not_written_over(
    journal: Journal, dynamodb: "DynamoDBClient"
) -> None:
    message = message_of(DELIVERED)
    journal.store(message)
    (first,) = kept(dynamodb)

    later = Journal(dynamodb, "Journal", Quarantine(dynamodb, "Quarantine"), lambda: NOW + 60)
    later.store({**message, "id": "another-id", "time": "2031-01-01T00:00:00Z"})

    (item,) = kept(dynamodb)
    assert item == {**first, "timesSeen": 2}


def test_an_invalid_event_is_kept_with_its_faults_and_counted(
    journal: Journal, dynamodb: "DynamoDBClient", capsys: pytest.CaptureFixture[str]
) -> None:
    journal.store(changed(orderId=5))

    (item,) = kept(dynamodb)
    assert item["faults"] == ["$.data.orderId: 5 is not of type 'string'"]
    (line,) = counted(capsys)
    assert line["EventsInvalid"] == 1
    assert (line["source"], line["detailType"]) == ("ecom67.orders", "OrderDelivered")


def test_an_invalid_event_is_quarantined_with_path_and_reason(journal: Journal, dynamodb: "DynamoDBClient") -> None:
    message = changed(orderId=5)

    journal.store(message)
    journal.store({**message, "id": "another-id", "replay-name": "the-replay"})
    journal.store(message_of(DELIVERED))

    (item,) = (from_item(item) for item in dynamodb.scan(TableName="Quarantine")["Items"])
    assert (item["consumer"], item["reason"]) == ("journal", "$.data.orderId: 5 is not of type 'string'")
    assert json.loads(item["body"]) == message


def test_the_journal_can_be_read_by_what_changed_and_by_time(journal: Journal, dynamodb: "DynamoDBClient") -> None:
    journal.store(message_of(DELIVERED))
    journal.store(FOREIGN)

    by_id = {item["aggregateId"]: item for item in kept(dynamodb)}
    assert by_id.keys() == {"order-1", "foreign-id"}
    assert {item["window"] for item in by_id.values()} == {"2030-03-17T17:40"}


def test_keys_that_an_index_would_refuse_are_cut(journal: Journal, dynamodb: "DynamoDBClient") -> None:
    long = dict.fromkeys(("eventId", "correlationId", "occurredAt", "aggregateId"), "€" * 3000)

    journal.store(message_of(DELIVERED, {"metadata": long}))

    (item,) = kept(dynamodb)
    assert all(len(item[name].encode()) <= 1024 for name in long)


def test_the_log_tells_no_values_of_an_invalid_event(
    journal: Journal, logged: Callable[[], list[dict[str, Any]]]
) -> None:
    message = changed(orderId={"email": "ada@example.com"})

    journal.store(message)

    (line,) = logged()
    assert (line["event_id"], line["violations"]) == (message["detail"]["metadata"]["eventId"], 1)
    assert "example.com" not in str(line)


def test_a_field_that_the_contract_does_not_have_is_a_fault() -> None:
    (fault,) = contract_violations(changed(email="ada@example.com"))

    assert fault.startswith("$.data: ")
    assert "'email' was unexpected" in fault


@pytest.mark.parametrize(
    "moment",
    ["yesterday", "2030-01-01", "2030-01-01T00:00:00", "2030-13-01T00:00:00Z", "2030-01-01T25:00:00Z", "", "20300101"],
)
def test_a_moment_of_another_format_is_a_fault(moment: str) -> None:
    (fault,) = contract_violations(changed(deliveredAt=moment))

    assert fault == f"$.data.deliveredAt: {moment!r} is not a 'date-time'"


@pytest.mark.parametrize(
    "moment", ["2030-01-01T00:00:00Z", "2030-01-01T00:00:00.123Z", "2030-01-01T00:00:00.123456789+05:30"]
)
def test_a_moment_as_rfc_3339_writes_it_is_none(moment: str) -> None:
    assert contract_violations(changed(deliveredAt=moment)) == []


def test_a_moment_that_is_no_text_has_one_fault_its_type() -> None:
    assert contract_violations(changed(deliveredAt=5)) == ["$.data.deliveredAt: 5 is not of type 'string'"]


def test_a_fraction_of_a_cent_is_a_fault() -> None:
    product = ProductSnapshot(
        product_id="mug",
        name="Mug",
        description="",
        category="kitchen",
        brand="",
        price=Money(amount=1),
        image_url="",
        status="ACTIVE",
        created_at="2030-01-01T00:00:00Z",
        updated_at="2030-01-01T00:00:00Z",
    )
    created = ProductCreated(product_id="mug", product=product)
    detail = detail_of(created)
    detail["data"]["product"]["price"]["amount"] = 12.99

    assert contract_violations(message_of(created, detail)) == [
        "$.data.product.price.amount: 12.99 is not of type 'integer'"
    ]


def test_what_foreign_producers_put_is_kept_under_its_own_id(
    journal: Journal, dynamodb: "DynamoDBClient", capsys: pytest.CaptureFixture[str]
) -> None:
    journal.store(FOREIGN)

    (item,) = kept(dynamodb)
    assert item["eventId"] == item["correlationId"] == "foreign-id"
    assert item["occurredAt"] == "2030-01-01T00:00:00Z"
    assert item["faults"] == ["no contract for ThingHappened of their.service, version None"]
    assert len(counted(capsys)) == 1


@pytest.mark.parametrize("version", [2, 0, None, "1", [], {}, 1.5])
def test_a_version_that_no_contract_has_is_a_fault(version: object) -> None:
    detail = detail_of(DELIVERED)
    detail["metadata"]["version"] = version

    assert contract_violations(message_of(DELIVERED, detail)) == [
        f"no contract for OrderDelivered of ecom67.orders, version {version}"
    ]


@pytest.mark.parametrize(
    "detail", ["text", 3, [], {"metadata": 5}, {"metadata": {"eventId": None, "correlationId": "", "version": 1}}]
)
def test_a_detail_of_any_shape_is_kept(journal: Journal, dynamodb: "DynamoDBClient", detail: object) -> None:
    journal.store(message_of(DELIVERED, detail))

    (item,) = kept(dynamodb)
    assert item["eventId"] == item["correlationId"] == "eventbridge-id"
    assert item["faults"] != []


def test_however_much_is_wrong_with_an_event_an_item_can_hold_it(journal: Journal, dynamodb: "DynamoDBClient") -> None:
    message = changed(**{f"unknown{number}": "€" * 1000 for number in range(30)}, orderId={"x": "€" * 30_000})
    message["detail"] |= {f"unknown{number}": number for number in range(1000)}

    journal.store(message)

    (item,) = kept(dynamodb)
    assert len(item["faults"]) <= MAX_VIOLATIONS
    assert all(len(fault) <= MAX_VIOLATION_LENGTH for fault in item["faults"])
    assert len(item["detail"].encode()) < 1.1 * len(json.dumps(message["detail"], ensure_ascii=False).encode())


def test_there_is_a_validator_for_every_committed_contract() -> None:
    assert len(contracts()) == len(list(journal_module.CONTRACTS.rglob("*.json")))


def test_the_lambda_keeps_what_it_can_and_lets_the_rest_come_again(
    make_table: "MakeTable", monkeypatch: pytest.MonkeyPatch
) -> None:
    dynamodb = make_table("Journal", "eventId")
    make_table("Quarantine", "quarantineId")
    monkeypatch.setenv("JOURNAL_TABLE", "Journal")
    monkeypatch.setenv("QUARANTINE_TABLE", "Quarantine")
    journal_module._journal.cache_clear()

    answer = handler(batch(message_of(DELIVERED), "{", {"no": "event"}, FOREIGN), None)

    journal_module._journal.cache_clear()
    assert failed(answer) == ["m1", "m2"]
    assert len(kept(dynamodb)) == 2
