"""Journalled events, made from event classes."""

from datetime import UTC, datetime, timedelta

from bus.journal_reader import JournalledEvent
from schemas.event import Event
from schemas.orders import OrderDelivered
from tests.unit.bus.messages import detail_of

START = datetime(2026, 3, 1, tzinfo=UTC)
DELIVERED = OrderDelivered(order_id="order-1", user_id="ada", delivered_at=START)


def journalled(
    event_id: str,
    cause: str | None = None,
    after_ms: int = 0,
    event: Event = DELIVERED,
    violations: tuple[str, ...] = (),
    correlation_id: str = "the-request",
) -> JournalledEvent:
    """Return an event that occurred so long after the start."""
    detail = detail_of(event)
    detail["metadata"] |= {"eventId": event_id, "correlationId": correlation_id}
    at = START + timedelta(milliseconds=after_ms)
    return JournalledEvent(
        event_id=event_id,
        source=event.source(),
        detail_type=event.detail_type(),
        detail=detail,
        correlation_id=correlation_id,
        causation_id=cause,
        aggregate_id=event.aggregate_id,
        producer="ecom67-local-orders-api",
        occurred_at=at,
        journalled_at=at,
        violations=list(violations),
        times_seen=1,
    )
