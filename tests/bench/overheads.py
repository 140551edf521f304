"""Measures what events cost; ``python -m tests.bench.overheads`` writes the table of docs/overheads.md.

``make bench`` judges them. Without a stage this process alone is measured; with one (``--stage``), the relay and a
replay against it as well.
"""

import argparse
import io
import json
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bus import outbox
from bus.consumer import Consumer
from bus.context import Context, use_context
from bus.delivery_log import Delivery, Outcome
from bus.log import logger
from bus.outbox import OutboxEntry
from bus.publisher import Publisher, RejectedEntry
from bus.relay import Relay
from ecom67.events.event_filter import EventFilter
from ecom67.events.replay_plan import Origin, PlanStore, make_plan
from ecom67.events.replay_run import JournalReplay
from ecom67.stage_client import connect
from schemas.contract import Line, Money
from schemas.event import Envelope, Event
from schemas.notifications import NotificationSent
from schemas.orders import OrderPlaced

REPEATS = 7
EVENTS = 500
MONEY = Money(amount=4200)
LINES = [Line(product_id=f"product-{n}", name="Arched Floor Lamp", quantity=2, unit_price=MONEY) for n in range(3)]
PLACED = OrderPlaced(
    order_id="order-1",
    user_id="ada",
    lines=LINES,
    subtotal=MONEY,
    shipping=Money(amount=0),
    total=MONEY,
    placed_at=datetime(2030, 1, 1, tzinfo=UTC),
)


class Bus:
    """EventBridge without the network."""

    def put_events(self, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803 - as EventBridge has it
        """Take all entries."""
        return {"Entries": [{"EventId": "e"} for _ in Entries]}


def microseconds(work: Callable[[], object], each: int = EVENTS) -> float:
    """Return the median of several runs of some work on so many events, in µs an event."""
    work()
    runs = []
    for _ in range(REPEATS):
        # The processor's time: a machine that is busy with something else besides hardly changes it.
        started = time.process_time()
        work()
        runs.append((time.process_time() - started) / each * 1e6)
    return statistics.median(runs)


@dataclass(frozen=True, slots=True)
class Costs:
    """What an event costs, in µs.

    Attributes:
        validate: by the class, when it is published.
        publish: validation apart: metadata, and JSON for the outbox.
        read: validation of what a consumer gets.
        consume: the rest of consuming.
        line: of that, the line in the log.
        relay: from the outbox to the bus, without the network.
    """

    validate: float
    publish: float
    read: float
    consume: float
    line: float
    relay: float

    def rows(self) -> dict[str, float]:
        """Return the rows of the table."""
        return {
            "publish: validation of the event (µs)": self.validate,
            "publish: the rest, metadata and JSON for the outbox (µs)": self.publish,
            "consume: validation of the event (µs)": self.read,
            "consume: the rest (µs)": self.consume,
            "consume: of the rest, the line in the log (µs)": self.line,
            "relay without the network (events/s)": 1e6 / self.relay,
        }


def in_this_process() -> Costs:
    """Return what publishing, consuming and relaying cost this process."""
    logger.registered_handler.stream = io.StringIO()  # type: ignore[attr-defined]
    plain = PLACED.model_dump(mode="json", by_alias=True)
    with use_context(Context(correlation_id="the-request")):
        envelope = outbox.envelope_for(PLACED, 1)
        validate = microseconds(lambda: [OrderPlaced.model_validate(plain) for _ in range(EVENTS)])
        publish = microseconds(lambda: [outbox.outbox(PLACED, sequence=1) for _ in range(EVENTS)])
    detail = json.loads(envelope.to_json())
    message = {"source": PLACED.source(), "detail-type": PLACED.detail_type(), "detail": detail}
    batch = {"Records": [{"messageId": str(n), "body": json.dumps(message)} for n in range(EVENTS)]}
    consumer = Consumer("measured")
    consumer.on(OrderPlaced)(lambda _: None)
    read = microseconds(lambda: [Envelope[OrderPlaced].read(detail) for _ in range(EVENTS)])
    consume = microseconds(lambda: consumer(batch, None))
    line = microseconds(lambda: log_lines(EVENTS))
    parked: list[RejectedEntry] = []
    relay = Relay(Publisher(Bus(), "the-bus"), parked.append)  # type: ignore[arg-type]
    records = records_of(PLACED, EVENTS)
    relayed = microseconds(lambda: relay.relay(records))
    return Costs(validate, publish, read, consume - read, line, relayed)


def on_a_stage(name: str) -> dict[str, float]:
    """Return how fast the bus takes events, and how fast a replay sends them, on a stage."""
    stage = connect(name)
    relay = Relay(Publisher(stage.client("events"), stage.published["bus/name"]), lambda _: None)
    # Of a type that nobody reads but the journal.
    sent = NotificationSent(notification_id="overheads", user_id="nobody", template="none", subject_id="none")
    records = records_of(sent, 100)
    started = time.perf_counter()
    relay.relay(records)
    relayed = len(records) / (time.perf_counter() - started)
    since = datetime.now(UTC) - timedelta(days=1)
    plan, rules = make_plan(stage, EventFilter(since=since), Origin.JOURNAL, [], [])
    started = time.perf_counter()
    JournalReplay(stage, PlanStore(stage), pace=1e6).run(plan, rules, lambda _: None)
    replayed = len(plan.event_ids) / (time.perf_counter() - started)
    return {
        f"relay to the bus of stage {name} (events/s)": relayed,
        f"replay of {len(plan.event_ids)} events on stage {name} (events/s)": replayed,
    }


def log_lines(count: int) -> None:
    """Write the lines of so many deliveries."""
    for _ in range(count):
        Delivery("m").log(Outcome.HANDLED, "handler", "event")


def record_of(number: int, entry: OutboxEntry) -> dict[str, Any]:
    """Return the stream's record of a write that raised one event."""
    image = {"outbox": {"S": json.dumps([entry.model_dump()])}}
    change = {"Keys": {"id": {"S": str(number)}}, "SequenceNumber": f"{number:021}", "NewImage": image}
    return {"eventName": "INSERT", "dynamodb": change}


def records_of(event: Event, count: int) -> list[dict[str, Any]]:
    """Return the records of so many writes, each with an event of its own."""
    with use_context(Context(correlation_id="overheads")):
        return [record_of(number, outbox.outbox_entry(outbox.envelope_for(event, number))) for number in range(count)]


def main() -> None:
    """Measure, and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", help="also measure against this stage")
    chosen = parser.parse_args()
    figures = in_this_process().rows() | (on_a_stage(chosen.stage) if chosen.stage else {})
    for what, figure in figures.items():
        print(f"| {what} | {figure:,.0f} |")


if __name__ == "__main__":
    main()
