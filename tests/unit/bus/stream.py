"""A table's stream, as far as the relay sees it: records, and delivery again from the one that it names."""

import json
from collections.abc import Sequence
from typing import Any

from bus.batch import BatchResponse
from bus.outbox import OutboxEntry
from bus.publisher import RejectedEntry

Record = dict[str, Any]


def entry(event_id: str) -> OutboxEntry:
    """Return an outbox entry; its detail tells it apart on the bus."""
    return OutboxEntry(event_id=event_id, source="ecom67.orders", detail_type="OrderPlaced", detail=event_id)


def _image(key: str, event_ids: Sequence[str] | None) -> dict[str, Any]:
    image: dict[str, Any] = {"orderId": {"S": key}}
    if event_ids is not None:
        image["outbox"] = {"S": json.dumps([entry(event_id).model_dump() for event_id in event_ids])}
    return image


def record(
    number: int, key: str, *new: str, old: Sequence[str] | None = None, at: float = 1000.0, outbox: bool = True
) -> Record:
    """Return the record of one write of the item ``key``, whose outbox holds ``new`` after it and ``old`` before it."""
    return {
        "eventName": "INSERT" if old is None else "MODIFY",
        "dynamodb": {
            "ApproximateCreationDateTime": at,
            "Keys": {"orderId": {"S": key}},
            "SequenceNumber": f"{number:021}",
            "NewImage": _image(key, new if outbox else None),
            **({"OldImage": _image(key, old)} if old is not None else {}),
        },
    }


def stuck_at(answer: BatchResponse) -> int | None:
    """Return the number of the record that has to come again, None where none has."""
    failures = answer["batchItemFailures"]
    assert len(failures) <= 1
    return int(failures[0]["itemIdentifier"]) if failures else None


class Lot:
    """Where refused entries are parked."""

    def __init__(self) -> None:
        self.reasons: dict[str, str] = {}

    def __call__(self, refusal: RejectedEntry) -> None:
        """Park an entry."""
        self.reasons[refusal.entry.event_id] = refusal.reason
