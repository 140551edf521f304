"""Stripe's rate limit (429). The SDK never repeats such a call; it is repeated here, after a rest."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import stripe

T = TypeVar("T")
TRIES = 3
"""With the rests between them, within the time of a command."""
MIN_REST_SECONDS = 1
MAX_REST_SECONDS = 2


def wait_for_rate_limit(call: Callable[[], T], sleep: Callable[[float], None] = time.sleep) -> T:
    """Return what a call returns; where Stripe has had too many requests, repeat it after 1 to 2 seconds.

    Parameters:
        call: is idempotent.
        sleep: waits for seconds; replaced in tests.

    Raises stripe.RateLimitError after the last try, and whatever else the call raises.
    """
    for _ in range(TRIES - 1):
        try:
            return call()
        except stripe.RateLimitError:
            sleep(random.uniform(MIN_REST_SECONDS, MAX_REST_SECONDS))  # noqa: S311 - no secret
    return call()
