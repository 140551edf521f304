"""Optimistic locking: read, decide, write on condition; after a conflict, all of it again."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bus.log import logger

T = TypeVar("T")

RETRY_SECONDS = 5.0
MIN_ATTEMPTS = 10
SHORTEST_PAUSE = 0.01
LONGEST_PAUSE = 0.25


class ConflictError(Exception):
    """A conditional write failed, because another writer was faster. Nothing was written."""


class RetriesExhaustedError(Exception):
    """Every attempt met a conflict. Nothing was written."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How long a conflict is retried: until both limits are reached.

    Time alone would judge the machine: where each attempt is slow, few of them would fit.

    Parameters:
        seconds: how long to retry at least.
        attempts: how often to try at least.
        pause: waits that many seconds between attempts; replaced in tests.
        clock: returns seconds of a clock that never goes back; replaced in tests.
    """

    seconds: float = RETRY_SECONDS
    attempts: int = MIN_ATTEMPTS
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


DEFAULT_RETRY = RetryPolicy()
"""Fits a request, whose caller waits, and an event alike."""


def retry_on_conflict(attempt: Callable[[], T], policy: RetryPolicy = DEFAULT_RETRY) -> T:
    """Return the result of the first attempt that meets no conflict.

    Parameters:
        attempt: reads, decides and writes; raises ConflictError where another writer was faster.
        policy: how long to retry.

    Raises RetriesExhaustedError after the last attempt; any other error of an attempt at once.
    """
    started = policy.clock()
    conflicts = 0
    while True:
        try:
            result = attempt()
        except ConflictError as conflict:
            # A random pause up to a doubling limit: writers that collided do not collide again in step.
            pause = random.uniform(0, min(LONGEST_PAUSE, SHORTEST_PAUSE * 2**conflicts))  # noqa: S311
            conflicts += 1
            if conflicts >= policy.attempts and policy.clock() + pause - started >= policy.seconds:
                raise RetriesExhaustedError(f"{conflicts} attempts") from conflict
            policy.pause(pause)
            continue
        if conflicts:
            logger.info("written after conflicts", conflicts=conflicts)
        return result
