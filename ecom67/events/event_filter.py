"""Selection of journalled events by time, source, type, request or order."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from ecom67.base.errors import CliError

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True)
class EventFilter:
    """Conditions on events; one that is None matches all.

    Attributes:
        since: earliest time at which the journal received the event.
        until: latest such time.
        source: EventBridge source, such as ``ecom67.orders``.
        detail_type: detail type, such as ``OrderPlaced``.
        correlation_id: id of the request.
        order_id: id of the order that the event is about.
    """

    since: datetime | None = None
    until: datetime | None = None
    source: str | None = None
    detail_type: str | None = None
    correlation_id: str | None = None
    order_id: str | None = None

    def describe(self) -> str:
        """Return the conditions as text."""
        parts = [
            f"since {self.since:%Y-%m-%d %H:%M:%S} UTC" if self.since else "",
            f"until {self.until:%Y-%m-%d %H:%M:%S} UTC" if self.until else "",
            f"from {self.source}" if self.source else "",
            f"of type {self.detail_type}" if self.detail_type else "",
            f"of request {self.correlation_id}" if self.correlation_id else "",
            f"about order {self.order_id}" if self.order_id else "",
        ]
        return ", ".join(filter(None, parts)) or "everything"


def parse_moment(text: str, now: datetime) -> datetime:
    """Return the time of an age such as ``90s``, ``30m``, ``1h`` or ``7d``, or of an ISO 8601 time.

    A time without a zone is UTC.

    Raises CliError for any other text.
    """
    if ago := re.fullmatch(r"(\d{1,6})([smhd])", text.strip()):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise CliError(
            f"{text!r} is not a time. Give an age such as 90s, 30m, 1h or 7d, or a time such as 2030-01-01T12:00:00Z."
        ) from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def full_source(text: str | None) -> str | None:
    """Return the full source of a short one: ``ecom67.orders`` for ``orders``."""
    return f"ecom67.{text}" if text and "." not in text else text
