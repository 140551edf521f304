"""Commands of inventory: checkout reserves units before the charge and releases them; chat asks what there is."""

from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from bus.command import command
from schemas.contract import Contract, Identifier, Quantity, Timestamp
from services.inventory import domain
from services.inventory.warehouse import warehouse

MAX_LINES = 99
"""DynamoDB writes 100 items at once; one of them is the reservation."""


class WantedLine(Contract):
    """A product and how many units of it."""

    product_id: Identifier
    quantity: Quantity


class ReserveInput(Contract):
    """What to hold, and for which order."""

    reservation_id: Identifier
    lines: list[WantedLine] = Field(min_length=1, max_length=MAX_LINES)


class Reserved(Contract):
    """All lines are held, until then at the least."""

    outcome: Literal["RESERVED"] = "RESERVED"
    expires_at: Timestamp


class ShortLine(Contract):
    """A product of which there are too few units now."""

    product_id: Identifier
    requested: int
    available: int


class OutOfStock(Contract):
    """Nothing is held."""

    outcome: Literal["OUT_OF_STOCK"] = "OUT_OF_STOCK"
    lines: list[ShortLine]


class ReleaseInput(Contract):
    """Which reservation to give up."""

    reservation_id: Identifier


class Released(Contract):
    """The reservation holds nothing, or its order was placed and it is left alone."""

    outcome: Literal["RELEASED"] = "RELEASED"


class AvailableInput(Contract):
    """Products to look up."""

    product_ids: list[Identifier] = Field(max_length=MAX_LINES)


class Available(Contract):
    """Units that can be had now, by product; without those that are unknown."""

    outcome: Literal["KNOWN"] = "KNOWN"
    available: dict[str, int]


def _reserve(given: ReserveInput) -> Reserved | OutOfStock:
    answer = warehouse().reserve(given.reservation_id, domain.summed(given.lines))
    if isinstance(answer, domain.OutOfStock):
        return OutOfStock(
            lines=[
                ShortLine(product_id=short.product_id, requested=short.requested, available=short.available)
                for short in answer.lines
            ]
        )
    return Reserved(expires_at=datetime.fromtimestamp(answer.expires_at / 1000, UTC))


def _release(given: ReleaseInput) -> Released:
    warehouse().release(given.reservation_id)
    return Released()


def _available(given: AvailableInput) -> Available:
    return Available(available=warehouse().available_of(given.product_ids))


reserve = command(_reserve, ReserveInput)
release = command(_release, ReleaseInput)
available = command(_available, AvailableInput)
