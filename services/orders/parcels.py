"""The parcels in which an order is sent, and which units are in each."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from schemas.contract import Contract, Identifier, Line, Quantity, Timestamp
from schemas.text import ONE_LINE

ParcelLabel = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), ONE_LINE]


class FullyRefundedError(Exception):
    """All of the order's total was refunded, or is on its way back, so it cannot be shipped."""


class NoAddressError(Exception):
    """The order has no address, since its shopper was erased, so it cannot be shipped."""


class ParcelExistsError(Exception):
    """A parcel of the order has this carrier and tracking number already.

    Attributes:
        parcel_id: that parcel.
    """

    def __init__(self, parcel_id: str) -> None:
        super().__init__(parcel_id)
        self.parcel_id = parcel_id


class UnitsNotLeftError(Exception):
    """A parcel is to have more units of a product than are still to be sent."""


class UnsentUnitsError(Exception):
    """Units of the order are neither sent nor refunded, so it is not delivered as a whole."""


class UnknownParcelError(LookupError):
    """The order has no such parcel."""


class ParcelDeliveredError(Exception):
    """The parcel was delivered before."""


class Units(Contract):
    """Units of a bought product."""

    product_id: Identifier
    quantity: Quantity


class Shipment(Contract):
    """With whom a parcel travels."""

    carrier: ParcelLabel
    tracking_number: ParcelLabel


class ParcelToSend(Shipment):
    """A parcel that staff hands to a carrier.

    Attributes:
        lines: the units in it; None is all that is still to be sent.
    """

    lines: Annotated[list[Units], Field(min_length=1, max_length=100)] | None = None


class Delivery(Contract):
    """What has arrived.

    Attributes:
        parcel_id: the parcel; None is all of the order.
    """

    parcel_id: Identifier | None = None


class Parcel(Shipment):
    """A parcel that was handed to a carrier.

    Attributes:
        parcel_id: its number within the order: 1 for the first one.
        lines: the units in it.
        shipped_at: when it left.
        delivered_at: when it arrived; None while it travels.
    """

    parcel_id: Identifier
    lines: list[Units]
    shipped_at: Timestamp
    delivered_at: Timestamp | None = None

    def delivered(self, at: datetime) -> Self:
        """Return the parcel as delivered; as it is where it was before."""
        return self if self.delivered_at else self.model_copy(update={"delivered_at": at})

    def bought_lines(self, lines: Iterable[Line]) -> list[Line]:
        """Return the units in the parcel as lines of the order, with names and prices.

        Parameters:
            lines: of the order.
        """
        return lines_of(self.lines, lines)


def count_units(lines: Iterable[Units | Line]) -> Counter[str]:
    """Return how many units of each product some lines have."""
    counted = Counter[str]()
    for line in lines:
        counted[line.product_id] += line.quantity
    return counted


def lines_of(units: Iterable[Units], bought: Iterable[Line]) -> list[Line]:
    """Return units as lines of an order, in the order's own sequence, with names and prices.

    Parameters:
        units: some of those that were bought.
        bought: the lines of the order. Where a product is in several, the first ones are used up first.
    """
    wanted = count_units(units)
    lines = []
    for line in bought:
        quantity = min(wanted[line.product_id], line.quantity)
        if quantity:
            wanted[line.product_id] -= quantity
            lines.append(line.model_copy(update={"quantity": quantity}))
    return lines
