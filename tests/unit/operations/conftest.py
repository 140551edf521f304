"""The tables and queues of operations in moto, and the services' handlers in none."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from moto import mock_aws

from bus.clients import client
from bus.journal import Journal
from bus.journal_reader import JournalReader
from bus.quarantine import Quarantine
from services.operations.domain import Finding, Period
from services.operations.quarantine import CONSUMER_INDEX, QuarantineReader
from services.operations.queues import Queues
from services.operations.store import STATE_INDEX, FindingStore

NOW = datetime(2030, 1, 1, 12, 20, tzinfo=UTC)
HOUR = Period(since="2030-01-01T11:00:00Z", until="2030-01-01T13:00:00Z")
PREFIX = "ecom67-test-"
INDEXES = {
    "Differences": ("differenceId", {STATE_INDEX: ("state", "firstSeenAt", "S")}),
    "Quarantine": ("quarantineId", {CONSUMER_INDEX: ("consumer", "quarantinedAt", "N")}),
    "Journal": (
        "eventId",
        {
            "correlation-index": ("correlationId", "occurredAt", "S"),
            "aggregate-index": ("aggregateId", "occurredAt", "S"),
            "time-index": ("window", "journalledAt", "N"),
        },
    ),
}


@dataclass(frozen=True)
class Operations:
    """What the tests of operations use."""

    dynamodb: Any
    sqs: Any

    def __post_init__(self) -> None:
        for name, (key, indexes) in INDEXES.items():
            kinds = {key: "S"}
            for partition, sort, kind in indexes.values():
                kinds |= {partition: "S", sort: kind}
            self.dynamodb.create_table(
                TableName=name,
                KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
                AttributeDefinitions=[{"AttributeName": name, "AttributeType": kind} for name, kind in kinds.items()],
                BillingMode="PAY_PER_REQUEST",
                GlobalSecondaryIndexes=[
                    {
                        "IndexName": index,
                        "KeySchema": [
                            {"AttributeName": partition, "KeyType": "HASH"},
                            {"AttributeName": sort, "KeyType": "RANGE"},
                        ],
                        "Projection": {"ProjectionType": "ALL"},
                    }
                    for index, (partition, sort, _) in indexes.items()
                ],
            )
        for queue in ("cart-events", "cart-events-dlq", "payment-events", "payment-events-dlq", "checkout-events"):
            self.sqs.create_queue(QueueName=f"{PREFIX}{queue}")

    @property
    def store(self) -> FindingStore:
        return FindingStore(self.dynamodb, "Differences")

    @property
    def journal(self) -> JournalReader:
        return JournalReader(self.dynamodb, "Journal")

    @property
    def quarantine(self) -> QuarantineReader:
        return QuarantineReader(self.dynamodb, "Quarantine", ["cart", "payment", "journal"])

    @property
    def queues(self) -> Queues:
        return Queues(self.sqs, PREFIX, ["payment-events-dlq", "cart-events-dlq"])

    def journalled(self, message: dict[str, Any]) -> None:
        """Have the journal store an event."""
        Journal(self.dynamodb, "Journal", Quarantine(self.dynamodb, "Quarantine")).store(message)

    def put(self, queue: str, *bodies: object) -> None:
        """Put messages into a queue."""
        url = self.sqs.get_queue_url(QueueName=f"{PREFIX}{queue}")["QueueUrl"]
        for body in bodies:
            text = body if isinstance(body, str) else json.dumps(body)
            self.sqs.send_message(QueueUrl=url, MessageBody=text)

    def received(self, queue: str) -> list[dict[str, Any]]:
        """Return the messages in a queue."""
        url = self.sqs.get_queue_url(QueueName=f"{PREFIX}{queue}")["QueueUrl"]
        answer = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages


@pytest.fixture
def operations(monkeypatch: pytest.MonkeyPatch) -> Iterator[Operations]:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    client.cache_clear()
    with mock_aws():
        yield Operations(client("dynamodb"), client("sqs"))
    client.cache_clear()


def finding(kind: str = "MONEY_KEPT", order_id: str | None = "order-1", **changes: Any) -> Finding:
    """Return a difference that was just found."""
    values: dict[str, Any] = {
        "difference_id": f"{kind}.{order_id}",
        "kind": kind,
        "order_id": order_id,
        "sentences": ["Order order-1: its money is kept."],
        "period": HOUR,
        "first_seen_at": NOW,
        "last_seen_at": NOW,
    }
    return Finding(**values | changes)
