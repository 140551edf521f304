"""What an operator may see of a message: ids and types, and never its body, which may have an address in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MessageMembers:
    """The ids and types of a message, as far as it can be read.

    Attributes:
        is_command: whether it is a command and no event.
        event_id: of the event, which is EventBridge's own without one; of a command, of the event that caused it.
    """

    is_command: bool
    source: str | None
    detail_type: str | None
    event_id: str | None
    correlation_id: str | None
    order_id: str | None


def members_of(body: str) -> MessageMembers:
    """Return the ids and types of a message.

    Parameters:
        body: as the queue delivered it.
    """
    message = _object(body)
    detail = _part(message, "detail")
    metadata, context = _part(detail, "metadata"), _part(message, "context")
    data = _part(detail, "data") or _part(message, "input")
    return MessageMembers(
        is_command="input" in message,
        source=_text(message.get("source")),
        detail_type=_text(message.get("detail-type")),
        event_id=_text(metadata.get("eventId") or context.get("causationId") or message.get("id")),
        correlation_id=_text(metadata.get("correlationId") or context.get("correlationId")),
        order_id=_text(data.get("orderId")),
    )


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _part(value: Mapping[str, Any], name: str) -> dict[str, Any]:
    part = value.get(name)
    return part if isinstance(part, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
