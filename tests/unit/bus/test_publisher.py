"""The publisher keeps the limits of PutEvents and says which entries the bus did not take."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from bus.outbox import OutboxEntry
from bus.publisher import ATTEMPTS, MAX_BYTES, MAX_ENTRIES, Publisher, in_calls, size_of

Answer = dict[str, Any] | Exception


def entry(event_id: str, detail: str = "{}") -> OutboxEntry:
    return OutboxEntry(event_id=event_id, source="ecom67.orders", detail_type="OrderPlaced", detail=detail)


def sized(event_id: str, size: int) -> OutboxEntry:
    """Return an entry of that many bytes in all."""
    return entry(event_id, "x" * (size - size_of(entry(event_id, ""))))


def client_error(code: str, status: int = 400) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "PutEvents")  # type: ignore[typeddict-item]


class Bus:
    """A bus that takes all entries, or answers as it is told."""

    def __init__(self, *answers: Answer | Callable[[list[dict[str, Any]]], Answer]) -> None:
        self.calls: list[list[str]] = []
        self.requests: list[dict[str, Any]] = []
        self._answers = list(answers)

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.calls.append([request["Detail"] for request in Entries])
        self.requests += Entries
        answer = self._answers.pop(0) if self._answers else {"Entries": [{"EventId": "1"} for _ in Entries]}
        if callable(answer):
            answer = answer(Entries)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def publish(pauses: list[float]) -> Callable[[Bus], Publisher]:
    return lambda bus: Publisher(bus, "the-bus", pause=pauses.append)  # type: ignore[arg-type]


Publish = Callable[[Bus], Publisher]

TAKEN = {"EventId": "1"}
THROTTLED = {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow down"}
MALFORMED = {"ErrorCode": "MalformedDetail", "ErrorMessage": "no JSON"}


def test_an_entry_goes_to_the_bus_as_it_is(publish: Publish) -> None:
    bus = Bus()

    assert publish(bus).publish([entry("1", '{"a": 1}')]) == []

    assert bus.requests == [
        {"EventBusName": "the-bus", "Source": "ecom67.orders", "DetailType": "OrderPlaced", "Detail": '{"a": 1}'}
    ]


def test_nothing_to_put_is_no_call(publish: Publish) -> None:
    bus = Bus()

    assert publish(bus).publish([]) == []

    assert bus.calls == []


def test_a_call_takes_ten_entries_in_order(publish: Publish) -> None:
    bus = Bus()
    details = [f"{{{number}}}" for number in range(2 * MAX_ENTRIES + 1)]

    publish(bus).publish([entry(str(number), detail) for number, detail in enumerate(details)])

    assert [len(call) for call in bus.calls] == [10, 10, 1]
    assert [detail for call in bus.calls for detail in call] == details


def test_a_call_is_filled_up_to_its_last_byte() -> None:
    half = MAX_BYTES // 2

    assert [len(call) for call in in_calls([sized("a", half), sized("b", half)])] == [2]
    assert [len(call) for call in in_calls([sized("a", half), sized("b", half + 1)])] == [1, 1]
    assert [len(call) for call in in_calls([sized("a", 10), sized("b", MAX_BYTES), sized("c", 10)])] == [1, 1, 1]


def test_the_size_counts_bytes_not_characters() -> None:
    assert size_of(entry("1", "é€😀")) == len("ecom67.orders") + len("OrderPlaced") + 2 + 3 + 4


def test_an_entry_that_no_call_can_hold_is_refused_for_good_and_the_others_are_put(publish: Publish) -> None:
    bus = Bus()
    too_large = sized("large", MAX_BYTES + 1)

    (refusal,) = publish(bus).publish([entry("1"), too_large, entry("2"), sized("fits", MAX_BYTES)])

    assert (refusal.entry, refusal.transient) == (too_large, False)
    assert "larger than 262144 bytes" in refusal.reason
    assert [len(call) for call in bus.calls] == [2, 1]


def test_only_entries_refused_in_passing_are_put_again(publish: Publish, pauses: list[float]) -> None:
    bus = Bus({"Entries": [TAKEN, THROTTLED, MALFORMED, THROTTLED]})

    refusals = publish(bus).publish([entry(name, name) for name in "abcd"])

    assert bus.calls == [["a", "b", "c", "d"], ["b", "d"]]
    assert [(refusal.entry.event_id, refusal.reason, refusal.transient) for refusal in refusals] == [
        ("c", "MalformedDetail: no JSON", False)
    ]
    assert len(pauses) == 1


def test_it_gives_up_after_the_last_attempt_and_waits_longer_each_time(publish: Publish, pauses: list[float]) -> None:
    bus = Bus(*[{"Entries": [THROTTLED]}] * ATTEMPTS)

    (refusal,) = publish(bus).publish([entry("1")])

    assert refusal.transient
    assert refusal.reason == "ThrottlingException: slow down"
    assert len(bus.calls) == ATTEMPTS
    assert len(pauses) == ATTEMPTS - 1
    assert all(0 <= pause <= 0.1 * 2**attempt for attempt, pause in enumerate(pauses, start=1))


@pytest.mark.parametrize(
    "error",
    [
        client_error("InternalFailure", 500),
        client_error("ThrottlingException"),
        client_error("AccessDeniedException"),
        client_error("ExpiredTokenException"),
        EndpointConnectionError(endpoint_url="https://events"),
    ],
    ids=lambda error: getattr(error, "response", {}).get("Error", {}).get("Code", type(error).__name__),
)
def test_a_failing_call_that_says_nothing_of_its_entries_is_worth_another_attempt(
    publish: Publish, error: Exception
) -> None:
    recovering, lost = Bus(error), Bus(*[error] * ATTEMPTS)

    assert publish(recovering).publish([entry("1"), entry("2")]) == []
    refusals = publish(lost).publish([entry("1"), entry("2")])

    assert [(refusal.entry.event_id, refusal.transient) for refusal in refusals] == [("1", True), ("2", True)]


def test_an_entry_that_spoils_a_call_does_not_take_the_others_with_it(publish: Publish, pauses: list[float]) -> None:
    def picky(requests: list[dict[str, Any]]) -> Answer:
        spoilt = any(request["Detail"] == "bad" for request in requests)
        return client_error("ValidationException") if spoilt else {"Entries": [TAKEN for _ in requests]}

    bus = Bus(picky, picky, picky, picky)

    (refusal,) = publish(bus).publish([entry("1", "good"), entry("2", "bad"), entry("3", "fine")])

    assert (refusal.entry.event_id, refusal.transient) == ("2", False)
    assert bus.calls == [["good", "bad", "fine"], ["good"], ["bad"], ["fine"]]
    assert pauses == []


def test_a_refusal_without_a_message_still_has_its_code(publish: Publish) -> None:
    (refusal,) = publish(Bus({"Entries": [{"ErrorCode": "NotAuthorizedForSource"}]})).publish([entry("1")])

    assert refusal.reason.startswith("NotAuthorizedForSource")
