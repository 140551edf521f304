"""The outbox: a write stores its events in the item that it changes.

State and events are one write, so no event is lost and none is published for a change that did not happen. The relay
publishes the entries that an item's new image has and its old image lacks.

The attribute is a string of JSON, because the filter of the stream, which spares the relay the writes without events,
can only match whether a leaf exists, and a list of maps is not a leaf.
"""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bus.attribute_values import AttributeValue, from_attribute, to_attribute
from bus.context import current
from schemas.contract import Contract
from schemas.event import Envelope, Event, Metadata, new_event_id

ATTRIBUTE = "outbox"


class OutboxEntry(Contract):
    """One event in the outbox of an item, ready to be put on the bus."""

    event_id: str
    source: str
    detail_type: str
    detail: str


def envelope_for(event: Event, sequence: int) -> Envelope[Event]:
    """Return the event in its envelope, with the metadata of the current context.

    Parameters:
        event: the event.
        sequence: the number of changes of its aggregate, including this one.

    Raises LookupError outside of any context.
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


def outbox_entry(envelope: Envelope[Event]) -> OutboxEntry:
    """Return the outbox entry of an event."""
    return OutboxEntry(
        event_id=envelope.metadata.event_id,
        source=envelope.data.source(),
        detail_type=envelope.data.detail_type(),
        detail=envelope.to_json(),
    )


def outbox(*events: Event, sequence: int) -> AttributeValue:
    """Return the value of the ``outbox`` attribute for a write that raises these events.

    A write with events replaces the attribute. A write without any may leave it as it is, or remove it, so that the
    relay is not woken for nothing: each record of the stream has its own image.

    Parameters:
        events: the events, in their order.
        sequence: the number of changes of their aggregate, including this one.

    Raises LookupError outside of any context.
    """
    return outbox_attribute(*(envelope_for(event, sequence) for event in events))


def outbox_attribute(*envelopes: Envelope[Event]) -> AttributeValue:
    """Return the value of the ``outbox`` attribute for events that are in their envelopes already."""
    return to_attribute(json.dumps([outbox_entry(envelope).model_dump() for envelope in envelopes]))


def new_entries(old_image: Mapping[str, Any], new_image: Mapping[str, Any]) -> list[OutboxEntry]:
    """Return the entries that a write added to the outbox of an item, in their order.

    Parameters:
        old_image: the item before the write; empty for a new one.
        new_image: the item after the write; empty for a deleted one.
    """
    before = {earlier.event_id for earlier in _entries(old_image)}
    return [added for added in _entries(new_image) if added.event_id not in before]


def _entries(image: Mapping[str, Any]) -> list[OutboxEntry]:
    written = json.loads(from_attribute(image[ATTRIBUTE])) if ATTRIBUTE in image else []
    return [OutboxEntry.model_validate(values) for values in written]
