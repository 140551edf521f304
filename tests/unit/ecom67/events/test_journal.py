"""The journal's reader selects events by the index, and reads whole only those that are wanted."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from moto import mock_aws

from bus import journal_reader
from bus.attribute_values import to_item
from bus.journal import Journal
from bus.quarantine import Quarantine
from ecom67.events import journal
from ecom67.events.event_filter import EventFilter
from ecom67.events.journal import StageJournal
from ecom67.stage_client import StageClient
from schemas.exporters.examples import example
from schemas.orders import OrderCancelled, OrderPlaced
from tests.unit.bus.messages import message_of

PAGE_SIZE = 100
EVENTS = PAGE_SIZE + 50
HOUR_AGO = timedelta(hours=1)
INDEX = {"window": "S", "journalledAt": "N"}


@pytest.fixture
def calls() -> Counter[str]:
    """Return how often each operation of DynamoDB was called."""
    return Counter()


@pytest.fixture
def reader(calls: Counter[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[StageJournal]:
    """Return the reader of a journal that has received many events in the last minute, every tenth a cancellation."""
    monkeypatch.setattr(journal_reader, "PAGE_SIZE", PAGE_SIZE)
    with mock_aws():
        dynamodb = boto3.client("dynamodb")
        dynamodb.meta.events.register("before-call.dynamodb.*", lambda model, **_: calls.update([model.name]))
        dynamodb.create_table(
            TableName="Journal",
            KeySchema=[{"AttributeName": "eventId", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": kind}  # type: ignore[typeddict-item]
                for name, kind in {"eventId": "S", **INDEX}.items()
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "time-index",
                    "KeySchema": [
                        {"AttributeName": "window", "KeyType": "HASH"},
                        {"AttributeName": "journalledAt", "KeyType": "RANGE"},
                    ],
                    "Projection": {
                        "ProjectionType": "INCLUDE",
                        "NonKeyAttributes": ["source", "detailType", "occurredAt", "faults"],
                    },
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        stored_at = time.time() - 60
        writer = Journal(dynamodb, "Journal", Quarantine(dynamodb, "none"), lambda: stored_at)
        for event in (example(OrderPlaced, full=False), example(OrderCancelled, full=False)):
            writer.store(message_of(event))
        items = dynamodb.scan(TableName="Journal")["Items"]
        placed, cancelled = sorted(items, key=lambda item: item["detailType"]["S"], reverse=True)
        for item in items:
            dynamodb.delete_item(TableName="Journal", Key={"eventId": item["eventId"]})
        for number in range(EVENTS):
            keys = to_item({"eventId": f"event-{number:04}", "journalledAt": int(stored_at * 1000) + number})
            dynamodb.put_item(TableName="Journal", Item={**(placed if number % 10 else cancelled), **keys})
        calls.clear()
        stage = StageClient("local", {"dynamodb": dynamodb}.__getitem__)
        stage.__dict__["published"] = {"bus/journal-table": "Journal"}
        yield StageJournal(stage)


def test_the_first_event_of_many_is_there_after_one_page(reader: StageJournal, calls: Counter[str]) -> None:
    now = datetime.now(UTC)

    first = next(reader.stream(now - HOUR_AGO, now))

    assert first.event_id == "event-0000"
    # A query for each ten minutes of the hour, and a page of events.
    assert calls == {"Query": 7, "BatchGetItem": 1}


def test_all_events_come_in_the_order_of_arrival(reader: StageJournal) -> None:
    now = datetime.now(UTC)

    assert [event.event_id for event in reader.stream(now - HOUR_AGO, now)] == [
        f"event-{number:04}" for number in range(EVENTS)
    ]


def test_only_events_of_the_wanted_type_are_read_whole(reader: StageJournal, calls: Counter[str]) -> None:
    now = datetime.now(UTC)

    found = list(reader.stream(now - HOUR_AGO, now, detail_type="OrderCancelled"))

    assert {event.detail_type for event in found} == {"OrderCancelled"}
    assert len(found) == EVENTS // 10
    # A call for each page, and not one for each hundred events.
    assert calls["BatchGetItem"] == 2


def test_a_plan_is_made_without_reading_an_event_whole(reader: StageJournal, calls: Counter[str]) -> None:
    found = reader.find(EventFilter(since=datetime.now(UTC) - HOUR_AGO, source="ecom67.orders"))

    assert Counter(event.detail_type for event in found) == {
        "OrderCancelled": EVENTS // 10,
        "OrderPlaced": EVENTS - EVENTS // 10,
    }
    assert all(event.violations == [] for event in found)
    assert calls["BatchGetItem"] == 0


def test_who_follows_gets_each_event_once(reader: StageJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    polls: list[float] = []

    def stop_at_the_third_poll(seconds: float) -> None:
        polls.append(seconds)
        if len(polls) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", stop_at_the_third_poll)
    # Each poll queries all of them again.
    monkeypatch.setattr(journal, "INDEX_LAG_SECONDS", HOUR_AGO.total_seconds())
    seen: list[str] = []

    with pytest.raises(KeyboardInterrupt):
        seen.extend(event.event_id for event in reader.follow(datetime.now(UTC) - HOUR_AGO))

    assert len(seen) == len(set(seen)) == EVENTS
