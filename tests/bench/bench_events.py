"""What the event library adds to an event, against the validation of that very event."""

import statistics
import time
from collections.abc import Callable

from bus.publisher import Publisher
from bus.relay import Relay
from ecom67.local.connection import Connection
from schemas.notifications import NotificationSent
from tests.bench.conftest import Record
from tests.bench.overheads import in_this_process, records_of
from tests.bench.report import Figure

EVENTS, ROUNDS = 100, 5
BATCH = 10
"""Events that EventBridge takes in a call."""


def test_the_library_costs_no_more_than_a_few_validations(record: Record) -> None:
    costs = in_this_process()

    published, read = "validation of the event", "validation of the event that was read"
    record(
        Figure("publish an event, validation apart", costs.publish, published, costs.validate, "µs", 6),
        Figure("relay an event, without the network", costs.relay, published, costs.validate, "µs", 3),
        Figure("consume an event, validation apart", costs.consume, read, costs.read, "µs", 6),
        Figure("consume an event: of that, the line in the log", costs.line, read, costs.read, "µs", 4),
    )


def test_a_relay_is_as_fast_as_the_bus(stage: Connection, record: Record) -> None:
    bus, events = stage.published()["bus/name"], stage.client("events")
    relay = Relay(Publisher(events, bus), lambda _: None)
    # Of a type that nobody reads but the journal.
    sent = NotificationSent(notification_id="bench", user_id="nobody", template="none", subject_id="none")
    records = records_of(sent, EVENTS)
    entry = {"EventBusName": bus, "Source": "bench", "DetailType": "Nothing", "Detail": "{}"}

    def put() -> None:
        for _ in range(EVENTS // BATCH):
            events.put_events(Entries=[entry] * BATCH)

    plain, relayed = [], []
    for _ in range(ROUNDS):
        plain.append(_milliseconds(put))
        relayed.append(_milliseconds(lambda: relay.relay(records)))

    took, alone = statistics.median(relayed), statistics.median(plain)
    record(Figure(f"relay {EVENTS} events to the emulator's bus", took, "PutEvents alone", alone, "ms", 2.5))


def _milliseconds(what: Callable[[], object]) -> float:
    started = time.perf_counter()
    what()
    return (time.perf_counter() - started) * 1000
