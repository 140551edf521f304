"""The base class of all events, and the envelope in which the bus carries them."""

import json
import os
import time
from typing import Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

from pydantic import Field, model_validator

from schemas.contract import MAX_INTEGER, Contract, Count, Identifier, Timestamp

SOURCE_PREFIX = "ecom67."


def new_event_id() -> str:
    """Return a UUIDv7 (RFC 9562): sortable by the millisecond it was made in."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(UUID(int=value))


class Event(Contract):
    """The data of one domain event. The class name is the ``detail-type``, the module its source.

    A subclass names the field that identifies its aggregate, and its version if that is not 1:
    ``class OrderPlaced(Event, aggregate="order_id")``. An event without a subscriber in the shop says
    why it is published by ``no_subscriber_reason``.
    """

    aggregate: ClassVar[str]
    version: ClassVar[int] = 1
    no_subscriber_reason: ClassVar[str] = ""

    def __init_subclass__(
        cls, *, aggregate: str, version: int = 1, no_subscriber_reason: str = "", **kwargs: Any
    ) -> None:
        """Set the class variables from the arguments of the class statement."""
        super().__init_subclass__(**kwargs)
        cls.aggregate = aggregate
        cls.version = version
        cls.no_subscriber_reason = no_subscriber_reason

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        """Raise TypeError where the aggregate is not a field; pydantic knows the fields from here on."""
        if cls.aggregate not in cls.model_fields:
            raise TypeError(f"{cls.__name__} has no field {cls.aggregate!r} to be its aggregate")

    @classmethod
    def source(cls) -> str:
        """Return the EventBridge ``source``: ``ecom67.`` and the module that defines the class."""
        return SOURCE_PREFIX + cls.__module__.rpartition(".")[2]

    @classmethod
    def detail_type(cls) -> str:
        """Return the EventBridge ``detail-type``: the class name."""
        return cls.__name__

    @property
    def aggregate_id(self) -> str:
        """The id of the aggregate."""
        return str(getattr(self, self.aggregate))


class Metadata(Contract):
    """What is known of any event, whatever it says."""

    event_id: Identifier = Field(description="UUIDv7, ours: survives a second put.")
    version: int = Field(ge=1, le=MAX_INTEGER, description="Version of the data's contract.")
    occurred_at: Timestamp
    producer: str = Field(description="The function that raised it.")
    correlation_id: str = Field(description="The request in which all of it began.")
    causation_id: str | None = Field(default=None, description="The eventId of the event that caused this one.")
    aggregate_id: str = Field(description="The thing that changed.")
    sequence: Count = Field(description="Counts the changes of that thing; older ones are to be dropped.")
    traceparent: str | None = Field(default=None, description="W3C trace context.")


E_co = TypeVar("E_co", bound=Event, covariant=True)


class Envelope(Contract, Generic[E_co]):
    """The ``detail`` of an event on the bus: metadata and data."""

    metadata: Metadata
    data: E_co

    @model_validator(mode="after")
    def _of_this_version(self) -> Self:
        if self.metadata.version != self.data.version:
            raise ValueError(f"version {self.metadata.version}, and this reads version {self.data.version}")
        return self

    @classmethod
    def read(cls, detail: object) -> Self:
        """Return the envelope of a detail as a consumer reads it: unknown fields are ignored.

        Values are not converted: the text "2" is not a number, as in the published contract.
        Raises pydantic.ValidationError where a known field is missing or invalid.
        """
        return cls.model_validate_json(json.dumps(detail), extra="ignore", strict=True)

    def to_json(self) -> str:
        """Return the JSON of the detail."""
        return self.model_dump_json(exclude_none=True)
