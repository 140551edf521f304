"""The persistent queue of webhook deliveries."""

import json
import time
from dataclasses import asdict, dataclass

from ecom67.local.standins.stripe.responses import Json
from ecom67.local.standins.stripe.store import ObjectStore

MODES = ("normal", "hold", "duplicate", "reverse")

_FIRST_RETRY_SECONDS = 0.1
_MAX_RETRY_SECONDS = 60.0
_GIVE_UP_SECONDS = 3 * 24 * 3600
_BATCH_SIZE = 64


@dataclass(frozen=True)
class DeliveryTiming:
    """When and in which order new events are delivered.

    Attributes:
        mode: `normal`; `hold`: wait for a release; `duplicate`: each twice; `reverse`: newest first.
        delay_ms: delay in milliseconds. In `reverse`, the time without a new event before the batch is sent; 0 waits
            for a release.
    """

    mode: str = "normal"
    delay_ms: int = 0


@dataclass(frozen=True)
class WebhookDelivery:
    """A delivery that is due."""

    id: int
    event: str
    payment: str
    created: float
    attempts: int


class DeliveryQueue:
    """The deliveries of a store; times are Unix seconds."""

    def __init__(self, store: ObjectStore) -> None:
        self._connection = store.connection
        self.timing = self._stored_timing()

    def set_timing(self, timing: DeliveryTiming) -> None:
        """Change the timing of new deliveries; waiting ones keep theirs."""
        self._connection.execute(
            "INSERT OR REPLACE INTO settings (name, value) VALUES ('timing', ?)", (json.dumps(asdict(timing)),)
        )
        self.timing = timing

    def enqueue(self, event: Json, payment: str) -> None:
        """Enqueue an event about the PaymentIntent `payment`, within the caller's transaction."""
        now = time.time()
        delay = self.timing.delay_ms / 1000
        held = self.timing.mode == "hold" or (self.timing.mode == "reverse" and not delay)
        due = None if held else now + delay
        rank = time.time_ns()
        if self.timing.mode == "reverse":
            rank = -rank
            self._connection.execute(
                "UPDATE deliveries SET due = ? WHERE status = 'waiting' AND attempts = 0 AND rank < 0", (due,)
            )
        for _ in range(2 if self.timing.mode == "duplicate" else 1):
            self._connection.execute(
                "INSERT INTO deliveries (event, type, payment, rank, due, created, status)"
                " VALUES (?, ?, ?, ?, ?, ?, 'waiting')",
                (event["id"], event["type"], payment, rank, due, now),
            )

    def release(self) -> int:
        """Make all waiting deliveries due now; return their number."""
        query = "UPDATE deliveries SET due = ? WHERE status = 'waiting'"
        return self._connection.execute(query, (time.time(),)).rowcount

    def due(self) -> list[WebhookDelivery]:
        """Return the next deliveries to send, in order."""
        rows = self._connection.execute(
            "SELECT id, event, payment, created, attempts FROM deliveries"
            " WHERE status = 'waiting' AND due <= ? ORDER BY rank, id LIMIT ?",
            (time.time(), _BATCH_SIZE),
        )
        return [WebhookDelivery(*row) for row in rows]

    def seconds_until_due(self) -> float | None:
        """Return the seconds until the next delivery is due; None where none has a due time."""
        query = "SELECT MIN(due) FROM deliveries WHERE status = 'waiting' AND due IS NOT NULL"
        (due,) = self._connection.execute(query).fetchone()
        return None if due is None else max(0.0, due - time.time())

    def settle(self, delivery: WebhookDelivery, *, accepted: bool, outcome: str) -> None:
        """Store the outcome of an attempt; a refused delivery is retried with exponential backoff for three days."""
        now = time.time()
        unaccepted = "waiting" if now - delivery.created < _GIVE_UP_SECONDS else "failed"
        wait = min(_MAX_RETRY_SECONDS, _FIRST_RETRY_SECONDS * 2 ** min(delivery.attempts, 30))
        self._connection.execute(
            "UPDATE deliveries SET status = ?, attempts = attempts + 1, due = ?, outcome = ? WHERE id = ?",
            ("delivered" if accepted else unaccepted, now + wait, outcome, delivery.id),
        )

    def report(self, payment: str | None) -> list[Json]:
        """Return all deliveries, or those about one PaymentIntent, in the order of creation."""
        rows = self._connection.execute(
            "SELECT id, event, type, payment,"
            " CASE WHEN status = 'waiting' AND due IS NULL THEN 'held' ELSE status END, attempts, outcome"
            " FROM deliveries WHERE :payment IS NULL OR payment = :payment ORDER BY id",
            {"payment": payment},
        )
        names = ("id", "event", "type", "paymentIntent", "status", "attempts", "outcome")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _stored_timing(self) -> DeliveryTiming:
        row = self._connection.execute("SELECT value FROM settings WHERE name = 'timing'").fetchone()
        return DeliveryTiming(**json.loads(row[0])) if row else DeliveryTiming()
