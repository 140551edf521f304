"""The relay keeps the order of each item's events, stops where the bus does, and parks what will never pass."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bus import relay as relay_module
from bus.outbox import OutboxEntry
from bus.publisher import MAX_ENTRIES, RejectedEntry
from bus.relay import PARK_AFTER_SECONDS, Relay, RelayedRecord, handler, waves
from bus.settings import MissingSettingError
from tests.unit.bus.stream import Lot, entry, record, stuck_at

NOW = 1010.0


class Bus:
    """A publisher that notes its calls and refuses what it is told to."""

    def __init__(self, transient: Sequence[str] = (), permanent: Sequence[str] = ()) -> None:
        self.calls: list[list[str]] = []
        self._transient = set(transient)
        self._permanent = set(permanent)

    def publish(self, entries: Sequence[OutboxEntry]) -> list[RejectedEntry]:
        self.calls.append([entry.event_id for entry in entries])
        return [
            RejectedEntry(entry, f"no to {entry.event_id}", transient=entry.event_id in self._transient)
            for entry in entries
            if entry.event_id in self._transient | self._permanent
        ]


@pytest.fixture
def lot() -> Lot:
    return Lot()


@pytest.fixture
def relay(lot: Lot) -> Callable[[Bus], Relay]:
    return lambda bus: Relay(bus, lot, now=lambda: NOW)  # type: ignore[arg-type]


MakeRelay = Callable[[Bus], Relay]


def test_events_of_different_items_go_together(relay: MakeRelay) -> None:
    bus = Bus()

    answer = relay(bus).relay([record(1, "a", "a1"), record(2, "b", "b1"), record(3, "c", "c1")])

    assert stuck_at(answer) is None
    assert bus.calls == [["a1", "b1", "c1"]]


def test_two_events_of_one_item_never_share_a_call(relay: MakeRelay) -> None:
    bus = Bus()

    relay(bus).relay([record(1, "a", "a1"), record(2, "b", "b1"), record(3, "a", "a2", old=["a1"])])
    relay(bus).relay([record(4, "c", "c1", "c2")])

    assert bus.calls == [["a1", "b1"], ["a2"], ["c1"], ["c2"]]


def test_a_wave_is_one_call_of_the_bus() -> None:
    records = [RelayedRecord.of(record(number, str(number), f"e{number}")) for number in range(MAX_ENTRIES + 1)]

    assert [len(wave) for wave in waves(records)] == [MAX_ENTRIES, 1]


def test_records_that_raise_nothing_are_passed_over(relay: MakeRelay) -> None:
    bus = Bus()
    removed = record(3, "c", outbox=False, old=["c1"])
    del removed["dynamodb"]["NewImage"]

    answer = relay(bus).relay([record(1, "a", outbox=False), record(2, "b", "b1", old=["b1"]), removed])

    assert stuck_at(answer) is None
    assert bus.calls == []


def test_it_stops_at_the_first_record_that_is_refused_in_passing_and_names_it(relay: MakeRelay, lot: Lot) -> None:
    bus = Bus(transient=["b1", "c1"])

    answer = relay(bus).relay(
        [record(1, "a", "a1"), record(2, "b", "b1"), record(3, "c", "c1"), record(4, "a", "a2", old=["a1"])]
    )

    assert stuck_at(answer) == 2
    assert bus.calls == [["a1", "b1", "c1"]]
    assert lot.reasons == {}


def test_a_record_is_named_whose_second_event_is_refused(relay: MakeRelay) -> None:
    assert stuck_at(relay(Bus(transient=["a2"])).relay([record(7, "a", "a1", "a2")])) == 7


def test_what_will_never_be_taken_is_parked_with_its_reason_and_the_rest_goes_on(relay: MakeRelay, lot: Lot) -> None:
    bus = Bus(permanent=["a1"])

    answer = relay(bus).relay([record(1, "a", "a1"), record(2, "b", "b1"), record(3, "a", "a2", old=["a1"])])

    assert stuck_at(answer) is None
    assert bus.calls == [["a1", "b1"], ["a2"]]
    assert lot.reasons == {"a1": "no to a1"}


def test_what_is_stuck_before_it_is_not_overtaken_by_parking(relay: MakeRelay, lot: Lot) -> None:
    bus = Bus(transient=["a1"], permanent=["b1"])

    answer = relay(bus).relay([record(1, "a", "a1"), record(2, "b", "b1")])

    assert stuck_at(answer) == 1
    assert lot.reasons == {}


@pytest.mark.parametrize(("age", "parked"), [(PARK_AFTER_SECONDS - 1, False), (PARK_AFTER_SECONDS, True)])
def test_what_was_refused_for_too_long_is_parked(relay: MakeRelay, lot: Lot, age: int, parked: bool) -> None:
    answer = relay(Bus(transient=["a1"])).relay([record(1, "a", "a1", at=NOW - age)])

    assert (stuck_at(answer) is None) is parked
    assert ("a1" in lot.reasons) is parked


def test_a_parking_lot_that_does_not_answer_loses_nothing(relay: MakeRelay) -> None:
    def closed(_: RejectedEntry) -> None:
        raise ConnectionError

    bus = Bus(permanent=["a1"])

    with pytest.raises(ConnectionError):
        Relay(bus, closed, now=lambda: NOW).relay([record(1, "a", "a1")])  # type: ignore[arg-type]


class Service:
    """What the functions' clients are asked."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.entries += Entries
        refused = {"ErrorCode": "MalformedDetail", "ErrorMessage": "no JSON"}
        return {"Entries": [refused if request["Detail"] == "bad" else {"EventId": "1"} for request in Entries]}

    def send_message(self, **message: Any) -> None:
        self.messages.append(message)


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    service = Service()
    relay_module._relay.cache_clear()
    monkeypatch.setattr(relay_module, "client", lambda _: service)
    return service


def test_the_lambda_puts_on_the_bus_and_parks_in_the_queue_of_its_settings(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUS_NAME", "the-bus")
    monkeypatch.setenv("PARKING_QUEUE_URL", "https://parking")

    answer = handler({"Records": [record(1, "a", "good"), record(2, "b", "bad")]}, None)

    assert answer == {"batchItemFailures": []}
    assert [(request["EventBusName"], request["Detail"]) for request in service.entries] == [
        ("the-bus", "good"),
        ("the-bus", "bad"),
    ]
    (message,) = service.messages
    assert message["QueueUrl"] == "https://parking"
    assert json.loads(message["MessageBody"]) == {
        "reason": "MalformedDetail: no JSON",
        "entry": entry("bad").model_dump(),
    }


def test_the_lambda_does_not_start_without_its_settings(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BUS_NAME", raising=False)

    with pytest.raises(MissingSettingError, match="BUS_NAME"):
        handler({"Records": []}, None)
