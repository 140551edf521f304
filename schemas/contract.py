"""The base class of all contract models, and the types of values that they share."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints
from pydantic.alias_generators import to_camel


class Contract(BaseModel):
    """A closed, immutable model: camelCase in JSON, snake_case in Python.

    Unknown fields are an error, so that a publisher cannot send what it has not declared. Consumers are open:
    they validate with ``extra="ignore"``.
    """

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        extra="forbid",
        frozen=True,
        serialize_by_alias=True,
        # A function uses a few of the models that it imports: each is built where it is used first.
        defer_build=True,
    )


def _iso8601(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(value: object) -> object:
    # Pydantic also takes a text without a time zone, and seconds since 1970 as a text.
    if not isinstance(value, str):
        return value
    if not RFC_3339.fullmatch(value):
        raise ValueError("not an RFC 3339 timestamp")
    return datetime.fromisoformat(value)


RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
Timestamp = Annotated[datetime, BeforeValidator(_moment), PlainSerializer(_iso8601, return_type=str, when_used="json")]
"""A moment in UTC; ISO 8601 with milliseconds and ``Z`` in JSON."""

Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]
"""A day where the shop is, such as ``2026-12-24``. A text, so that every reader takes the same values."""
Identifier = Annotated[str, StringConstraints(min_length=1, max_length=128)]
MAX_INTEGER = 2**53 - 1
"""The largest whole number that every reader of JSON reads as it was written (RFC 7493, section 2.2)."""
Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Quantity = Annotated[int, Field(ge=1, le=999)]


class Money(Contract):
    """An amount in integer minor units (cents) of an ISO 4217 currency."""

    amount: Count = Field(strict=True, description="Minor units: cents for USD.")
    currency: str = Field(default="USD", pattern="^[A-Z]{3}$", description="ISO 4217 code.")

    def __add__(self, other: "Money") -> "Money":
        """Add an amount of the same currency; raises ValueError for another."""
        if other.currency != self.currency:
            raise ValueError(f"cannot add {other.currency} to {self.currency}")
        return Money(amount=self.amount + other.amount, currency=self.currency)

    def __mul__(self, quantity: int) -> "Money":
        """Multiply by a quantity."""
        return Money(amount=self.amount * quantity, currency=self.currency)


class Line(Contract):
    """One bought product: what, how many, and at which price at that moment."""

    product_id: Identifier
    name: str
    quantity: Quantity
    unit_price: Money
    image_url: str | None = None
