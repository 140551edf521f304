"""The queue of webhook deliveries: what is still to be sent, when, and in which order."""

import json
import time
from dataclasses import asdict, dataclass

from ecom67.local.standins.stripe.answers import Json
from ecom67.local.standins.stripe.store import Store

MODES = ("normal", "hold", "duplicate", "reverse")

_FIRST_RETRY_SECONDS = 0.1
_LONGEST_WAIT_SECONDS = 60.0
_GIVE_UP_SECONDS = 3 * 24 * 3600
_BATCH = 64


@dataclass(frozen=True)
class Timing:
    """How new events travel.

    Parameters:
        mode: `normal`; `hold`: wait for a release; `duplicate`: each twice; `reverse`: newest first.
        delay_ms: milliseconds that an event waits. In `reverse` it is the quiet time after the last event of a batch,
            and 0 waits for a release.
    """

    mode: str = "normal"
    delay_ms: int = 0


@dataclass(frozen=True)
class Delivery:
    """One event that is due at the subscriber."""

    id: int
    event: str
    payment: str
    created: float
    attempts: int


class Deliveries:
    """The deliveries of one store; times are Unix seconds."""

    def __init__(self, store: Store) -> None:
        self._connection = store.connection
        self.timing = self._stored_timing()

    def set_timing(self, timing: Timing) -> None:
        """Change how events travel from now on; what already waits is not touched."""
        self._connection.execute(
            "INSERT OR REPLACE INTO settings (name, value) VALUES ('timing', ?)", (json.dumps(asdict(timing)),)
        )
        self.timing = timing

    def enqueue(self, event: Json, payment: str) -> None:
        """Plan the sending of an event about the PaymentIntent `payment`, inside the caller's transaction."""
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
        """Make all that waits due now, and say how many deliveries that is."""
        query = "UPDATE deliveries SET due = ? WHERE status = 'waiting'"
        return self._connection.execute(query, (time.time(),)).rowcount

    def due(self) -> list[Delivery]:
        """Give the next deliveries to send, in their order."""
        rows = self._connection.execute(
            "SELECT id, event, payment, created, attempts FROM deliveries"
            " WHERE status = 'waiting' AND due <= ? ORDER BY rank, id LIMIT ?",
            (time.time(), _BATCH),
        )
        return [Delivery(*row) for row in rows]

    def seconds_until_due(self) -> float | None:
        """Give the time until the next delivery is due, or None where none has a time."""
        query = "SELECT MIN(due) FROM deliveries WHERE status = 'waiting' AND due IS NOT NULL"
        (due,) = self._connection.execute(query).fetchone()
        return None if due is None else max(0.0, due - time.time())

    def settle(self, delivery: Delivery, *, accepted: bool, outcome: str) -> None:
        """Record an attempt; a refused one is tried again, each time after twice the wait, for three days."""
        now = time.time()
        unaccepted = "waiting" if now - delivery.created < _GIVE_UP_SECONDS else "failed"
        wait = min(_LONGEST_WAIT_SECONDS, _FIRST_RETRY_SECONDS * 2 ** min(delivery.attempts, 30))
        self._connection.execute(
            "UPDATE deliveries SET status = ?, attempts = attempts + 1, due = ?, outcome = ? WHERE id = ?",
            ("delivered" if accepted else unaccepted, now + wait, outcome, delivery.id),
        )

    def report(self, payment: str | None) -> list[Json]:
        """Describe all deliveries in the order of creation, or those about one PaymentIntent."""
        rows = self._connection.execute(
            "SELECT id, event, type, payment,"
            " CASE WHEN status = 'waiting' AND due IS NULL THEN 'held' ELSE status END, attempts, outcome"
            " FROM deliveries WHERE :payment IS NULL OR payment = :payment ORDER BY id",
            {"payment": payment},
        )
        names = ("id", "event", "type", "paymentIntent", "status", "attempts", "outcome")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _stored_timing(self) -> Timing:
        row = self._connection.execute("SELECT value FROM settings WHERE name = 'timing'").fetchone()
        return Timing(**json.loads(row[0])) if row else Timing()
