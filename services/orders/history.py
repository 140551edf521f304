"""What happened to an order, when, and who did it."""

from dataclasses import dataclass
from typing import Literal

from schemas.contract import Contract, Identifier, Money, Timestamp
from services.orders.statuses import OrderStatus

HistoryAction = Literal[
    "PLACED",
    "SHIPPED",
    "PARCEL_DELIVERED",
    "DELIVERED",
    "CANCELLED",
    "REFUND_REQUESTED",
    "REFUND_PENDING",
    "REFUND_FAILED",
    "REFUNDED",
]
"""What can happen to an order."""

_ACTION_OF_STATUS: dict[OrderStatus, HistoryAction] = {
    OrderStatus.PROCESSING: "PLACED",
    OrderStatus.PARTIALLY_SHIPPED: "SHIPPED",
    OrderStatus.SHIPPED: "SHIPPED",
    OrderStatus.DELIVERED: "DELIVERED",
    OrderStatus.CANCELLED: "CANCELLED",
    OrderStatus.REFUND_PENDING: "REFUND_PENDING",
    OrderStatus.REFUNDED: "REFUNDED",
}


class Actor(Contract):
    """Who did something to an order.

    Attributes:
        kind: SYSTEM is the shop itself, on account of an event.
        user_id: which member of staff; None for all others: the shopper is the order's own.
    """

    kind: Literal["SHOPPER", "STAFF", "SYSTEM"]
    user_id: Identifier | None = None


SHOPPER = Actor(kind="SHOPPER")
SYSTEM = Actor(kind="SYSTEM")


@dataclass(frozen=True, slots=True)
class Requester:
    """The person who sends a request.

    Attributes:
        user_id: the person.
        is_staff: whether they work in the shop.
    """

    user_id: str
    is_staff: bool

    @property
    def actor(self) -> Actor:
        """The person as the history names them."""
        return Actor(kind="STAFF", user_id=self.user_id) if self.is_staff else SHOPPER


class StatusChange(Contract):
    """A status, and when the order reached it."""

    status: OrderStatus
    at: Timestamp


class HistoryEntry(StatusChange):
    """Something that happened to an order.

    Attributes:
        status: of the order after it; many entries leave it as it was.
        action: what happened. An entry of an earlier version has none: it is what its status says.
        actor: who did it; None in an entry of an earlier version.
        parcel_id: the parcel that it is about.
        amount: the money that it is about.
        request_id: the request for a refund that it is about.
    """

    action: HistoryAction | None = None
    actor: Actor | None = None
    parcel_id: Identifier | None = None
    amount: Money | None = None
    request_id: Identifier | None = None

    @property
    def what(self) -> HistoryAction:
        """What happened, also where an earlier version has stored the status alone."""
        return self.action or _ACTION_OF_STATUS[self.status]


def status_changes(history: list[HistoryEntry]) -> list[StatusChange]:
    """Return the statuses that an order has reached, the oldest first.

    Parameters:
        history: of the order, the oldest first.
    """
    before = [None, *(entry.status for entry in history)]
    return [
        StatusChange(status=entry.status, at=entry.at)
        for earlier, entry in zip(before, history, strict=False)
        if entry.status != earlier
    ]
