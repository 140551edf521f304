"""The outbox: the events that a write raises are written with it, in the same item.

One write changes the state and records what happened, so there is neither a lost event nor one for
a change that did not take place. The relay puts on the bus what the new image of an item has and
its old image lacks.

The attribute is a string of JSON, because the stream's filter, which spares the relay the writes
that raise nothing, can only ask whether a leaf exists: a list of maps is none.
"""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bus.context import current
from bus.items import AttributeValue, from_attribute, to_attribute
from schemas.contract import Contract
from schemas.event import Envelope, Event, Metadata, new_event_id

ATTRIBUTE = "outbox"


class OutboxEntry(Contract):
    """One event in the outbox of an item, ready to be put on the bus."""

    event_id: str
    source: str
    detail_type: str
    detail: str


def stamped(event: Event, sequence: int) -> Envelope[Event]:
    """Return the event with its metadata: who raised it, in which request, because of what.

    Parameters:
        event: what happened.
        sequence: how many changes the aggregate has seen, this one included.

    Raises LookupError where no context was entered.
    """
    context = current()
    metadata = Metadata(
        event_id=new_event_id(),
        version=event.version,
        occurred_at=datetime.now(UTC),
        producer=os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "local"),
        correlation_id=context.correlation_id,
        causation_id=context.causation_id,
        traceparent=context.traceparent,
        aggregate_id=event.aggregate_id,
        sequence=sequence,
    )
    # The envelope of this very class: Envelope[Event] would write the fields of Event, which has none.
    envelope: Envelope[Event] = Envelope[type(event)].model_construct(metadata=metadata, data=event)  # type: ignore[misc]
    return envelope


def entry(envelope: Envelope[Event]) -> OutboxEntry:
    """Return the outbox entry of a stamped event."""
    return OutboxEntry(
        event_id=envelope.metadata.event_id,
        source=envelope.data.source(),
        detail_type=envelope.data.detail_type(),
        detail=envelope.to_json(),
    )


def outbox(*events: Event, sequence: int) -> AttributeValue:
    """Return the value of an item's ``outbox`` attribute for the events that this write raises.

    A write that raises events replaces the attribute; one that raises none leaves it as it is.
    """
    return held(*(stamped(event, sequence) for event in events))


def held(*envelopes: Envelope[Event]) -> AttributeValue:
    """Return the value of an item's ``outbox`` attribute for events that are stamped already."""
    return to_attribute(json.dumps([entry(envelope).model_dump() for envelope in envelopes]))


def raised(old_image: Mapping[str, Any], new_image: Mapping[str, Any]) -> list[OutboxEntry]:
    """Return the entries that a write added to the outbox of an item, in their order."""
    before = {earlier.event_id for earlier in _entries(old_image)}
    return [added for added in _entries(new_image) if added.event_id not in before]


def _entries(image: Mapping[str, Any]) -> list[OutboxEntry]:
    written = json.loads(from_attribute(image[ATTRIBUTE])) if ATTRIBUTE in image else []
    return [OutboxEntry.model_validate(values) for values in written]
