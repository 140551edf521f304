"""Attempts that meet somebody faster."""

from dataclasses import dataclass, field

import pytest
from botocore.exceptions import ClientError

from bus.conditions import refusals
from bus.contention import LONGEST_PAUSE, SHORTEST_PAUSE, ConflictError, ContendedError, Contention


@dataclass
class Time:
    """A clock that goes on only in pauses."""

    now: float = 100.0
    pauses: list[float] = field(default_factory=list)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def contention(self, patience: float) -> Contention:
        return Contention(patience, self.pause, lambda: self.now)


@dataclass
class Attempt:
    """An attempt that is overtaken so many times."""

    conflicts: int
    made: int = 0

    def __call__(self) -> str:
        self.made += 1
        if self.made <= self.conflicts:
            raise ConflictError
        return "written"


def test_an_attempt_without_conflict_is_made_once_and_waits_for_nothing() -> None:
    time, attempt = Time(), Attempt(0)

    assert time.contention(5).settled(attempt) == "written"

    assert (attempt.made, time.pauses) == (1, [])


def test_it_is_made_again_until_nobody_is_faster() -> None:
    time, attempt = Time(), Attempt(3)

    assert time.contention(5).settled(attempt) == "written"

    assert (attempt.made, len(time.pauses)) == (4, 3)


def test_pauses_grow_up_to_a_limit() -> None:
    time = Time()

    time.contention(60).settled(Attempt(12))

    limits = [min(LONGEST_PAUSE, SHORTEST_PAUSE * 2**conflict) for conflict in range(12)]
    assert all(0 <= pause <= limit for pause, limit in zip(time.pauses, limits, strict=True))


def test_it_is_given_up_within_the_patience() -> None:
    time = Time()

    with pytest.raises(ContendedError):
        time.contention(5).settled(Attempt(10_000))

    assert sum(time.pauses) < 5


def test_a_fault_is_raised_at_once() -> None:
    time = Time()

    def faulty() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        time.contention(5).settled(faulty)

    assert time.pauses == []


def cancelled(*codes: str) -> ClientError:
    reasons = [{"Code": code} for code in codes]
    answer = {"Error": {"Code": "TransactionCanceledException", "Message": ""}, "CancellationReasons": reasons}
    return ClientError(answer, "TransactWriteItems")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "codes",
    [
        ("None", "ConditionalCheckFailed"),
        ("TransactionConflict", "None"),
        ("ThrottlingError", "ConditionalCheckFailed"),
    ],
)
def test_a_transaction_that_met_another_is_told_write_by_write(codes: tuple[str, ...]) -> None:
    assert [refusal["Code"] for refusal in refusals(cancelled(*codes))] == list(codes)


@pytest.mark.parametrize("code", ["ConditionalCheckFailed", "TransactionConflict"])
def test_a_single_write_that_met_another_is_one_refusal(code: str) -> None:
    error = ClientError({"Error": {"Code": f"{code}Exception", "Message": ""}}, "UpdateItem")

    assert refusals(error) == [{"Code": code}]


@pytest.mark.parametrize(
    "error",
    [
        cancelled("ValidationError", "None"),
        cancelled("TransactionConflict", "ItemCollectionSizeLimitExceeded"),
        cancelled(),
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "UpdateItem"),
    ],
)
def test_a_fault_is_no_refusal(error: ClientError) -> None:
    with pytest.raises(ClientError) as raised:
        refusals(error)

    assert raised.value is error
