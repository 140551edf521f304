"""Attempts that meet a faster writer."""

from dataclasses import dataclass, field

import pytest

from bus.optimistic_locking import (
    LONGEST_PAUSE,
    SHORTEST_PAUSE,
    ConflictError,
    RetriesExhaustedError,
    RetryPolicy,
    retry_on_conflict,
)


@dataclass
class Time:
    """A clock that goes on in pauses, and by what each attempt takes."""

    now: float = 100.0
    pauses: list[float] = field(default_factory=list)

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds

    def policy(self, seconds: float, attempts: int = 1) -> RetryPolicy:
        return RetryPolicy(seconds, attempts, self.pause, lambda: self.now)


@dataclass
class Attempt:
    """An attempt that meets so many conflicts.

    Attributes:
        time: the clock.
        conflicts: how many attempts meet one.
        seconds: that each attempt takes.
    """

    time: Time
    conflicts: int
    seconds: float = 0.0
    made: int = 0

    def __call__(self) -> str:
        self.made += 1
        self.time.now += self.seconds
        if self.made <= self.conflicts:
            raise ConflictError
        return "written"


def test_an_attempt_without_conflict_is_made_once_and_does_not_wait() -> None:
    time = Time()
    attempt = Attempt(time, 0)

    assert retry_on_conflict(attempt, time.policy(5)) == "written"

    assert (attempt.made, time.pauses) == (1, [])


def test_it_is_retried_until_there_is_no_conflict() -> None:
    time = Time()
    attempt = Attempt(time, 3)

    assert retry_on_conflict(attempt, time.policy(5)) == "written"

    assert (attempt.made, len(time.pauses)) == (4, 3)


def test_pauses_grow_up_to_a_limit() -> None:
    time = Time()

    retry_on_conflict(Attempt(time, 12), time.policy(60))

    limits = [min(LONGEST_PAUSE, SHORTEST_PAUSE * 2**conflict) for conflict in range(12)]
    assert all(0 <= pause <= limit for pause, limit in zip(time.pauses, limits, strict=True))


def test_it_gives_up_after_the_seconds_of_its_policy() -> None:
    time = Time()

    with pytest.raises(RetriesExhaustedError):
        retry_on_conflict(Attempt(time, 10_000), time.policy(5))

    assert sum(time.pauses) < 5


def test_slow_attempts_are_counted_before_it_gives_up() -> None:
    time = Time()
    attempt = Attempt(time, conflicts=7, seconds=1.5)

    assert retry_on_conflict(attempt, time.policy(5, attempts=8)) == "written"

    assert attempt.made == 8


def test_it_gives_up_where_seconds_and_attempts_are_used_up() -> None:
    time = Time()
    attempt = Attempt(time, conflicts=10_000, seconds=1.5)

    with pytest.raises(RetriesExhaustedError, match="8 attempts"):
        retry_on_conflict(attempt, time.policy(5, attempts=8))


def test_any_other_error_is_raised_at_once() -> None:
    time = Time()

    def fail() -> None:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        retry_on_conflict(fail, time.policy(5))

    assert time.pauses == []
