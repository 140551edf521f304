"""Batches of a queue as large as its event source says.

Lambda delivers up to 10,000 messages of a queue at once where the event source has a batching window; the emulator
(MiniStack) never more than ten, which SQS's own ReceiveMessage is limited to. Depends on MiniStack's inner structure.
"""

from typing import Any

from ministack.services import sqs

RECEIVED = 10
"""Messages that the emulator takes from a queue at once."""


def allow() -> None:
    """Make the running emulator fill batches."""
    receive = sqs._receive_messages_for_esm  # noqa: SLF001

    def receive_all(queue_url: str, wanted: int) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        while len(messages) < wanted:
            found = receive(queue_url, wanted - len(messages))
            messages += found
            if len(found) < RECEIVED:
                break
        return messages

    sqs._receive_messages_for_esm = receive_all  # noqa: SLF001
