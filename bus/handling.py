"""What became of a message at the function that its queue wakes: one line in the function's log for each delivery.

``ecom67 events trace`` reads these lines, by the correlation id that each of them carries. They are
log lines and no items of a table: a line costs a fifth of a write, and no function waits for it.
"""

import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bus.log import logger

SENT_AGAIN = "sent-again"
"""Message attribute by which an operator's command says how it sent the message: ``redriven``, ``released``."""


class Outcome(StrEnum):
    """What became of a delivery."""

    HANDLED = "HANDLED"
    FAILED = "FAILED"
    HELD_BACK = "HELD_BACK"
    QUARANTINED = "QUARANTINED"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of a message by its queue.

    Attributes:
        message_id: of SQS; the same at every attempt.
        attempt: how often the queue has delivered it, this time included.
        sent_again: how an operator sent it; None where it came by itself.
        started: the clock at its start, in seconds.
    """

    message_id: str
    attempt: int = 1
    sent_again: str | None = None
    started: float = field(default_factory=time.perf_counter)

    @classmethod
    def of(cls, record: dict[str, Any]) -> "Delivery":
        """Read a record of an SQS batch."""
        sent_again = record.get("messageAttributes", {}).get(SENT_AGAIN, {}).get("stringValue")
        return cls(record["messageId"], int(record.get("attributes", {}).get("ApproximateReceiveCount", 1)), sent_again)

    def note(self, outcome: Outcome, handler: str, event_id: str | None, **more: object) -> None:
        """Write the line of this delivery.

        Parameters:
            outcome: what became of it.
            handler: name of the function that handled it.
            event_id: the event; for a command, the event that caused it.
            more: what else is worth knowing.
        """
        fields: dict[str, Any] = {
            "outcome": outcome.value,
            "handler": handler,
            "event_id": event_id,
            "message_id": self.message_id,
            "attempt": self.attempt,
            "ms": round((time.perf_counter() - self.started) * 1000, 1),
            **({"sent_again": self.sent_again} if self.sent_again else {}),
            **more,
        }
        match outcome:
            case Outcome.FAILED:
                logger.exception("not handled; the queue will deliver it again", **fields)
            case Outcome.QUARANTINED:
                logger.warning("quarantined", **fields)
            case Outcome.HELD_BACK:
                logger.info("held back in a replay", **fields)
            case Outcome.HANDLED:
                logger.info("handled", **fields)


def name_of_handler(handler: object) -> str:
    """Return the name by which a handler is found in the code."""
    return str(getattr(handler, "__name__", type(handler).__name__))
