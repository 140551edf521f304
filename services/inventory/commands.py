"""Commands of inventory: ``reserve`` and ``release`` for checkout, ``available`` for chat."""

from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from bus.command import command
from schemas.contract import Contract, Identifier, Quantity, Timestamp
from services.inventory import domain
from services.inventory.dependencies import inventory_service

MAX_LINES = 99
"""A DynamoDB transaction takes 100 items; one of them is the reservation."""


class WantedLine(Contract):
    """A product and the units wanted of it."""

    product_id: Identifier
    quantity: Quantity


class ReserveInput(Contract):
    """The lines to reserve; the reservation id is the order id."""

    reservation_id: Identifier
    lines: list[WantedLine] = Field(min_length=1, max_length=MAX_LINES)


class ReservedOutcome(Contract):
    """All lines are held, at least until ``expires_at``."""

    outcome: Literal["RESERVED"] = "RESERVED"
    expires_at: Timestamp


class OutOfStockLine(Contract):
    """A product with too few units: how many were requested and how many are available."""

    product_id: Identifier
    requested: int
    available: int


class OutOfStockOutcome(Contract):
    """Nothing is held."""

    outcome: Literal["OUT_OF_STOCK"] = "OUT_OF_STOCK"
    lines: list[OutOfStockLine]


class ReleaseInput(Contract):
    """The reservation to release."""

    reservation_id: Identifier


class ReleasedOutcome(Contract):
    """The reservation holds nothing, or its order was placed and it stays as it is."""

    outcome: Literal["RELEASED"] = "RELEASED"


class AvailableInput(Contract):
    """Products to look up."""

    product_ids: list[Identifier] = Field(max_length=MAX_LINES)


class AvailableOutcome(Contract):
    """Units that can be sold now, by product id; without unknown products."""

    outcome: Literal["KNOWN"] = "KNOWN"
    available: dict[str, int]


def _reserve(given: ReserveInput) -> ReservedOutcome | OutOfStockOutcome:
    decision = inventory_service().reserve(given.reservation_id, domain.total_quantities(given.lines))
    if isinstance(decision, domain.OutOfStock):
        return OutOfStockOutcome(
            lines=[
                OutOfStockLine(product_id=short.product_id, requested=short.requested, available=short.available)
                for short in decision.lines
            ]
        )
    return ReservedOutcome(expires_at=datetime.fromtimestamp(decision.expires_at / 1000, UTC))


def _release(given: ReleaseInput) -> ReleasedOutcome:
    inventory_service().release(given.reservation_id)
    return ReleasedOutcome()


def _available(given: AvailableInput) -> AvailableOutcome:
    return AvailableOutcome(available=inventory_service().get_availability(given.product_ids))


reserve = command(_reserve, ReserveInput)
release = command(_release, ReleaseInput)
available = command(_available, AvailableInput)
