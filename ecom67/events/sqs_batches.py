"""Lists of messages that each fit into one call of SQS."""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

MAX_MESSAGES_PER_CALL = 10
"""Messages that a call sends, receives, deletes or hides; source: SQS's API reference."""
MAX_BYTES_PER_CALL = 256 * 1024
"""Limit of the bodies of SendMessageBatch; SQS takes more by now, and this holds in all regions."""


def in_batches(
    messages: Iterable[T], *, key: Callable[[T], str] = lambda _: "", body: Callable[[T], str] = lambda _: ""
) -> list[list[T]]:
    """Return the messages in lists that each fit into one call, in order within each key.

    Parameters:
        messages: the messages.
        key: returns what all messages of a call have in common, such as the URL of the queue.
        body: returns what is sent of a message and counts towards the limit in bytes.
    """
    batches: list[list[T]] = []
    # The batch of each key that may take more, with its bytes.
    open_batches: dict[str, tuple[list[T], int]] = {}
    for message in messages:
        size = len(body(message).encode())
        batch, held = open_batches.get(key(message), ([], 0))
        if not batch or len(batch) == MAX_MESSAGES_PER_CALL or held + size > MAX_BYTES_PER_CALL:
            batch, held = [], 0
            batches.append(batch)
        batch.append(message)
        open_batches[key(message)] = (batch, held + size)
    return batches
