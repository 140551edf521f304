"""What a foreign producer puts on the bus with a wrong field is quarantined, and no consumer sees it."""

import json
from typing import Any

from bus.delivery_log import Outcome
from ecom67.demo.journal import deployed
from ecom67.demo.shopper import eventually
from ecom67.events.delivery_log import logged_deliveries
from ecom67.events.journal import StageJournal
from ecom67.local.connection import Connection
from schemas.catalog import ProductDeleted
from schemas.event import Event
from tests.e2e.events.operating import differences, ecom67, settle, tables
from tests.unit.bus.messages import detail_of


def put(stage: Connection, event: Event, detail: dict[str, Any], detail_type: str | None = None) -> None:
    """Put an event on the bus as `aws events put-events` does, which any foreign producer can."""
    entry = {
        "EventBusName": "ecom67-local",
        "Source": event.source(),
        "DetailType": detail_type or event.detail_type(),
        "Detail": json.dumps(detail),
    }
    answer = stage.client("events").put_events(Entries=[entry])
    assert answer["FailedEntryCount"] == 0


def quarantined(stage: Connection, event_id: str, count: int) -> list[dict[str, Any]]:
    """Return the entries of an event as soon as there are so many."""

    def listed() -> list[dict[str, Any]] | None:
        entries = ecom67(stage, "events", "quarantine", "list", "--json").json()
        found = [entry for entry in entries if entry["eventId"] == event_id]
        return found if len(found) == count else None

    return eventually(f"{count} entries of {event_id}", listed)


def test_a_wrong_field_is_quarantined_and_no_consumer_sees_the_event(stage: Connection) -> None:
    settle(stage)
    event = ProductDeleted(product_id="foreign-piece", deleted_at="2030-01-01T00:00:00Z")
    detail = detail_of(event)
    detail["data"]["deletedAt"] = 5
    event_id, correlation_id = detail["metadata"]["eventId"], detail["metadata"]["correlationId"]
    before = tables(stage)

    put(stage, event, detail)

    entries = {entry["consumer"]: entry for entry in quarantined(stage, event_id, 3)}
    assert entries.keys() == {"journal", "cart", "reporting"}
    assert entries["journal"]["reason"] == "$.data.deletedAt: 5 is not of type 'string'"
    assert entries["cart"]["reason"].startswith("data.deletedAt: ")
    shown = ecom67(stage, "events", "quarantine", "show", entries["journal"]["quarantineId"]).out
    assert "$.data.deletedAt: 5 is not of type 'string'" in shown
    settle(stage)
    changed = differences(before, tables(stage))
    assert all(change.startswith(("ecom67-local-Journal ", "ecom67-local-Quarantine ")) for change in changed)
    event_in_journal = StageJournal(deployed(stage)).event(event_id)
    assert event_in_journal is not None
    seen = [
        handling
        for handling in logged_deliveries(deployed(stage), [correlation_id], event_in_journal.occurred_at)
        if handling.event_id == event_id
    ]
    assert {(handling.function, handling.outcome) for handling in seen} == {
        ("cart-events", Outcome.QUARANTINED),
        ("reporting-events", Outcome.QUARANTINED),
    }

    # And it is released to those who could not read it, once it fits
    refused = ecom67(stage, *("events", "quarantine", "release", "--event", event_id, "--yes"), code=1)
    assert "does not fit its contract, so it would come back" in refused.error
    mend = ("--set", 'data.deletedAt="2030-01-01T00:00:00Z"')
    ecom67(stage, *("events", "quarantine", "release", "--event", event_id, *mend, "--yes"))

    def handled() -> bool | None:
        found = logged_deliveries(deployed(stage), [correlation_id], event_in_journal.occurred_at)
        return (
            True
            if any((one.outcome, one.sent_again) == (Outcome.HANDLED, "released, edited") for one in found)
            else None
        )

    eventually("the cart has handled it", handled)
    quarantined(stage, event_id, 0)


def test_an_unknown_event_is_quarantined_and_can_be_discarded(stage: Connection) -> None:
    event = ProductDeleted(product_id="foreign-piece", deleted_at="2030-01-01T00:00:00Z")
    detail = detail_of(event)
    event_id = detail["metadata"]["eventId"]

    put(stage, event, detail, detail_type="ProductPainted")

    (entry,) = quarantined(stage, event_id, 1)
    assert entry["reason"] == "no contract for ProductPainted of ecom67.catalog, version 1"
    ecom67(stage, "events", "quarantine", "discard", entry["quarantineId"], "--yes")
    quarantined(stage, event_id, 0)
    gone = ecom67(stage, "events", "quarantine", "discard", entry["quarantineId"], "--yes", code=1)
    assert "in quarantine: released or discarded before" in gone.error


def test_the_tail_shows_what_comes_and_only_what_was_asked_for(stage: Connection) -> None:
    event = ProductDeleted(product_id="tailed-piece", deleted_at="2030-01-01T00:00:00Z")
    put(stage, event, detail_of(event))

    asked = ("--since", "1m", "--source", "catalog", "--type", "ProductDeleted", "--limit", "1", "--json")
    told = ecom67(stage, "events", "tail", *asked).json()

    assert (told["source"], told["detailType"]) == ("ecom67.catalog", "ProductDeleted")
