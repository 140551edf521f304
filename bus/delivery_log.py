"""The delivery log: one line in a function's log for each delivery of a message by its queue, with the outcome.

``ecom67 events trace`` reads these lines by their correlation id. They are log lines and not items of a table: a line
costs a fifth of a write, and no function waits for it.
"""

import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bus.log import logger

SENT_AGAIN = "sent-again"
"""Message attribute of what an operator sent again: ``redriven`` or ``released``."""


class Outcome(StrEnum):
    """The outcome of a delivery."""

    HANDLED = "HANDLED"
    FAILED = "FAILED"
    SUPPRESSED = "SUPPRESSED"
    QUARANTINED = "QUARANTINED"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery of a message by its queue.

    Attributes:
        message_id: SQS's id, the same at every attempt.
        attempt: how often the queue has delivered it, including this time.
        sent_again: how an operator sent it again; None where no operator did.
        started: the clock at its start, in seconds.
    """

    message_id: str
    attempt: int = 1
    sent_again: str | None = None
    started: float = field(default_factory=time.perf_counter)

    @classmethod
    def of(cls, record: dict[str, Any]) -> "Delivery":
        """Return the delivery of a record of an SQS batch."""
        sent_again = record.get("messageAttributes", {}).get(SENT_AGAIN, {}).get("stringValue")
        return cls(record["messageId"], int(record.get("attributes", {}).get("ApproximateReceiveCount", 1)), sent_again)

    def log(self, outcome: Outcome, handler: str, event_id: str | None, **more: object) -> None:
        """Log this delivery.

        Parameters:
            outcome: its outcome.
            handler: name of the handler.
            event_id: the event; for a command, the event that caused it.
            more: further fields of the line.
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
            case Outcome.SUPPRESSED:
                logger.info("suppressed in a replay", **fields)
            case Outcome.HANDLED:
                logger.info("handled", **fields)


def handler_name(handler: object) -> str:
    """Return the name of a handler in the code."""
    return str(getattr(handler, "__name__", type(handler).__name__))
