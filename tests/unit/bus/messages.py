"""What a queue hands to a function: messages of EventBridge, made of event classes."""

import json
from typing import Any

from bus.context import Context, use_context
from bus.outbox import envelope_for
from schemas.event import Event

Record = dict[str, Any]


def detail_of(event: Event, sequence: int = 1, context: Context | None = None) -> dict[str, Any]:
    """Return the detail of an event raised in a context."""
    with use_context(context or Context(correlation_id="the-request")):
        detail: dict[str, Any] = json.loads(envelope_for(event, sequence).to_json())
    return detail


def message_of(event: Event, detail: object = None, **others: object) -> dict[str, Any]:
    """Return an event as EventBridge delivers it; ``others`` are further members, such as ``replay-name``."""
    return {
        "version": "0",
        "id": "eventbridge-id",
        "source": event.source(),
        "detail-type": event.detail_type(),
        "time": "2030-01-01T00:00:00Z",
        "detail": detail if detail is not None else detail_of(event),
        **others,
    }


def batch(*bodies: object) -> dict[str, Any]:
    """Return a batch of messages ``m0``, ``m1`` …; a body that is no text is written as JSON."""
    return {
        "Records": [
            {"messageId": f"m{number}", "body": body if isinstance(body, str) else json.dumps(body)}
            for number, body in enumerate(bodies)
        ]
    }


def failed(answer: Any) -> list[str]:
    """Return the ids of the messages that come again."""
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
