"""Whatever the bus refuses, and how often: no event is lost, and those of an item arrive in order."""

import json
from collections import defaultdict
from random import Random
from typing import Any

from botocore.exceptions import ConnectTimeoutError
from hypothesis import given
from hypothesis import strategies as st

from bus.publisher import Publisher
from bus.relay import Relay
from tests.unit.bus.stream import Lot, Record, record, stuck_at

TROUBLED_CALLS = 40
"""A bus that never recovers would keep any relay busy for ever: from then on it takes what it can."""


class FlakyBus:
    """Fails calls and refuses entries as chance has it; ``arrived`` is what it took, in that order."""

    def __init__(self, chance: Random) -> None:
        self.arrived: list[str] = []
        self._chance = chance
        self._cursed: dict[str, bool] = {}
        self._calls = 0

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self._calls += 1
        if self._troubled(0.3):
            raise ConnectTimeoutError(endpoint_url="https://events")
        return {"Entries": [self._answer(request["Detail"]) for request in Entries]}

    def _answer(self, event_id: str) -> dict[str, str]:
        if self._cursed.setdefault(event_id, self._chance.random() < 0.1):
            return {"ErrorCode": "MalformedDetail"}
        if self._troubled(0.5):
            return {"ErrorCode": "ThrottlingException"}
        self.arrived.append(event_id)
        return {"EventId": "1"}

    def _troubled(self, probability: float) -> bool:
        return self._calls < TROUBLED_CALLS and self._chance.random() < probability


def written_by(chance: Random, writes: str) -> list[Record]:
    """Return the records of writes of the items named; each raises up to three events, and may keep its last ones."""
    outboxes: dict[str, list[str]] = {}
    counts: dict[str, int] = defaultdict(int)
    records = []
    for number, key in enumerate(writes):
        old = outboxes.get(key)
        new = [f"{key}{counts[key] + step}" for step in range(chance.randint(0, 3))]
        counts[key] += len(new)
        kept = (old or []) if not new or chance.random() < 0.5 else []
        outboxes[key] = kept + new
        records.append(record(number, key, *outboxes[key], old=old))
    return records


def raised_by(records: list[Record]) -> dict[str, list[str]]:
    """Return the events of each item, in the order in which they were raised."""
    raised: dict[str, dict[str, None]] = defaultdict(dict)
    for written in records:
        change = written["dynamodb"]
        entries = json.loads(change["NewImage"]["outbox"]["S"])
        raised[change["Keys"]["orderId"]["S"]] |= {entry["eventId"]: None for entry in entries}
    return {key: list(events) for key, events in raised.items()}


@given(writes=st.text("abc", max_size=15), batch_size=st.integers(1, 15), seed=st.integers())
def test_every_event_arrives_or_is_parked_and_those_of_an_item_arrive_in_order(
    writes: str, batch_size: int, seed: int
) -> None:
    chance = Random(seed)  # noqa: S311
    records = written_by(chance, writes)
    bus, lot = FlakyBus(chance), Lot()
    relay = Relay(Publisher(bus, "the-bus", pause=lambda _: None), lot, now=lambda: 1000.0)  # type: ignore[arg-type]

    position = 0
    while position < len(records):
        stuck = stuck_at(relay.relay(records[position : position + batch_size]))
        position = position + batch_size if stuck is None else stuck

    first_arrivals = list(dict.fromkeys(bus.arrived))
    for events in raised_by(records).values():
        assert [event for event in first_arrivals if event in events] == [
            event for event in events if event not in lot.reasons
        ]
