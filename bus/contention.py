"""A write that was derived from what somebody else has changed meanwhile: read, decide, write; and decide anew."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bus.log import logger

T = TypeVar("T")

PATIENCE_SECONDS = 5.0
SHORTEST_PAUSE = 0.01
LONGEST_PAUSE = 0.25


class ConflictError(Exception):
    """A write was refused, because what it was derived from has changed. Nothing was written."""


class ContendedError(Exception):
    """Others wrote first, again and again, until the patience was over. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Contention:
    """How often a conflict is tried again.

    Parameters:
        patience: seconds until a write that is refused again and again is given up.
        pause: waits that many seconds between attempts; replaced in tests.
        clock: seconds of a clock that never goes back; replaced in tests.
    """

    patience: float = PATIENCE_SECONDS
    pause: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic

    def settled(self, attempt: Callable[[], T]) -> T:
        """Return what an attempt returns that meets no ConflictError.

        Parameters:
            attempt: reads, decides and writes; it raises ConflictError where somebody else was faster.

        Raises what else an attempt raises, at once, and ContendedError.
        """
        started = self.clock()
        conflicts = 0
        while True:
            try:
                result = attempt()
            except ConflictError as conflict:
                # A random pause up to a doubling limit: those who collided do not collide again in step.
                pause = random.uniform(0, min(LONGEST_PAUSE, SHORTEST_PAUSE * 2**conflicts))  # noqa: S311
                if self.clock() + pause - started >= self.patience:
                    raise ContendedError(f"{conflicts + 1} attempts in {self.patience} s") from conflict
                conflicts += 1
                self.pause(pause)
                continue
            if conflicts:
                logger.info("written after conflicts", conflicts=conflicts)
            return result


PATIENT = Contention()
"""What fits a request, whose caller waits, and an event alike."""
