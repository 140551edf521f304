"""What the emulator throttles is tried again, as Lambda does where an account runs as many functions as it may.

A delivery of a queue is repeated for as long as its messages are hidden, so that it counts as one receive, and an
asynchronous invocation for six hours; sources: Lambda's developer guide, "Handling errors for an SQS event source" and
"How Lambda handles errors and retries with asynchronous invocation". MiniStack takes a throttled delivery for a failed
one, and leaves it hidden. Everything here depends on MiniStack's inner structure.
"""

import time
from contextvars import ContextVar
from typing import Any

from ministack.services import lambda_svc

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 1.0
"""Seconds between attempts, which double. Lambda's own grow to minutes; nobody waits for that on a laptop."""
LONGEST_AGE = 6 * 60 * 60
"""Seconds for which Lambda keeps an asynchronous invocation."""

_until: ContextVar[float] = ContextVar("until", default=0.0)
"""Time until which the invocation that the thread makes is repeated if it is throttled."""


def repeat() -> None:
    """Make the running emulator repeat what it throttles."""
    execute = lambda_svc._execute_function  # noqa: SLF001
    deliver = lambda_svc._run_sqs_batch  # noqa: SLF001
    invoke = lambda_svc.invoke_async_with_retry

    def execute_until(function: dict[str, Any], event: Any) -> dict[str, Any]:
        pause = FIRST_PAUSE
        while True:
            result: dict[str, Any] = execute(function, event)
            if not result.get("throttle") or time.time() + pause > _until.get():
                return result
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def deliver_while_hidden(mapping: Any, function: Any, event: Any, batch: list[dict[str, Any]], *rest: Any) -> None:
        before = _until.set(min(message["visible_at"] for message in batch))
        try:
            deliver(mapping, function, event, batch, *rest)
        finally:
            _until.reset(before)

    def invoke_for_hours(function: Any, event: Any) -> None:
        # The invocation runs in a thread that takes the values of this one.
        before = _until.set(time.time() + LONGEST_AGE)
        try:
            invoke(function, event)
        finally:
            _until.reset(before)

    lambda_svc._execute_function = execute_until  # noqa: SLF001
    lambda_svc._run_sqs_batch = deliver_while_hidden  # noqa: SLF001
    lambda_svc.invoke_async_with_retry = invoke_for_hours
