"""The rules of an order: its states, who may cancel, what can be refunded. No AWS."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from schemas.commands import PlaceOrder, ShippingAddress
from schemas.contract import Contract, Identifier, Line, Money, Timestamp
from schemas.event import Event
from schemas.orders import (
    CancelledBy,
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    OrderRefunded,
    OrderShipped,
)
from schemas.payment import PaymentRefunded


class Status(StrEnum):
    """Where an order stands."""

    PROCESSING = "PROCESSING"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"
    REFUNDED = "REFUNDED"


TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.PROCESSING: frozenset({Status.SHIPPED, Status.CANCELLED}),
    Status.SHIPPED: frozenset({Status.DELIVERED}),
    Status.DELIVERED: frozenset(),
    Status.CANCELLED: frozenset({Status.REFUNDED}),
    Status.REFUNDED: frozenset(),
}
"""From each status, those that may follow."""


class TransitionRefusedError(Exception):
    """An order in this status cannot go to that one."""

    def __init__(self, status: Status, to: Status) -> None:
        super().__init__(f"an order that is {status} cannot become {to}")
        self.status = status
        self.to = to


class NothingPaidError(Exception):
    """All of the order's money was given back: it cannot be sent."""


class Step(Contract):
    """A status, and when the order reached it."""

    status: Status
    at: Timestamp


ParcelLabel = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Shipment(Contract):
    """With whom the parcel travels."""

    carrier: ParcelLabel
    tracking_number: ParcelLabel


class Order(Contract):
    """An order, immutable: each rule returns the order that follows and the event that tells of it."""

    order_id: Identifier
    user_id: Identifier
    status: Status
    lines: list[Line]
    subtotal: Money
    shipping: Money
    total: Money
    shipping_address: ShippingAddress | None = Field(default=None, description="Gone when its owner was erased.")
    payment_intent_id: Identifier
    placed_at: Timestamp
    history: list[Step]
    shipment: Shipment | None = None
    refunds: dict[str, int] = Field(default={}, description="Minor units given back, by refund.")
    sequence: int = 1

    @classmethod
    def placed(cls, command: PlaceOrder, at: datetime) -> tuple[Self, OrderPlaced]:
        """Return the new order of a paid checkout."""
        values = command.model_dump(by_alias=False)
        order = cls(
            **values,
            status=Status.PROCESSING,
            placed_at=at,
            history=[Step(status=Status.PROCESSING, at=at)],
        )
        event = OrderPlaced(
            order_id=order.order_id,
            user_id=order.user_id,
            lines=order.lines,
            subtotal=order.subtotal,
            shipping=order.shipping,
            total=order.total,
            placed_at=at,
        )
        return order, event

    def shipped(self, shipment: Shipment, at: datetime) -> tuple[Self, OrderShipped]:
        """Hand the parcel to a carrier; raises TransitionRefusedError, and NothingPaidError where nothing pays it."""
        event = OrderShipped(
            order_id=self.order_id,
            user_id=self.user_id,
            carrier=shipment.carrier,
            tracking_number=shipment.tracking_number,
            shipped_at=at,
        )
        after = self._moved(Status.SHIPPED, at).model_copy(update={"shipment": shipment})
        if self.refunds and self.refundable.amount == 0:
            raise NothingPaidError(self.order_id)
        return after, event

    def delivered(self, at: datetime) -> tuple[Self, OrderDelivered]:
        """Note that the parcel arrived; raises TransitionRefusedError."""
        event = OrderDelivered(order_id=self.order_id, user_id=self.user_id, delivered_at=at)
        return self._moved(Status.DELIVERED, at), event

    def cancelled(self, by: CancelledBy, reason: str, at: datetime) -> tuple[Self, OrderCancelled]:
        """Call the order off; raises TransitionRefusedError once it has left the warehouse.

        Where all of the money is back already, no refund will follow: it is REFUNDED at once.
        """
        event = OrderCancelled(
            order_id=self.order_id,
            user_id=self.user_id,
            lines=self.lines,
            total=self.total,
            cancelled_by=by,
            reason=reason,
            cancelled_at=at,
        )
        after = self._moved(Status.CANCELLED, at)
        if after.refundable.amount == 0:
            after = after._moved(Status.REFUNDED, at)  # noqa: SLF001 - another order of this class
        return after, event

    def refunded(self, refund: PaymentRefunded, at: datetime) -> tuple[Self, OrderRefunded]:
        """Note money that went back. A cancelled order whose whole total is back becomes REFUNDED.

        A refund of another status, such as a returned lamp of a delivered order, leaves it as it is.
        """
        after = self.model_copy(update={"refunds": {**self.refunds, refund.refund_id: refund.amount.amount}})
        fully = after.refunded_total.amount >= self.total.amount
        event = OrderRefunded(
            order_id=self.order_id,
            user_id=self.user_id,
            amount=refund.amount,
            refunded_total=after.refunded_total,
            fully_refunded=fully,
            refunded_at=at,
        )
        if fully and self.status is Status.CANCELLED:
            return after._moved(Status.REFUNDED, at), event  # noqa: SLF001 - another order of this class
        return after.model_copy(update={"sequence": self.sequence + 1}), event

    @property
    def refunded_total(self) -> Money:
        """All that was given back so far."""
        return Money(amount=sum(self.refunds.values()), currency=self.total.currency)

    @property
    def refundable(self) -> Money:
        """What can still be given back."""
        return Money(amount=self.total.amount - self.refunded_total.amount, currency=self.total.currency)

    @property
    def is_cancelled(self) -> bool:
        """Whether a second request to cancel has nothing left to do."""
        return self.status in (Status.CANCELLED, Status.REFUNDED)

    def _moved(self, to: Status, at: datetime) -> Self:
        if to not in TRANSITIONS[self.status]:
            raise TransitionRefusedError(self.status, to)
        history = [*self.history, Step(status=to, at=at)]
        return self.model_copy(update={"status": to, "history": history, "sequence": self.sequence + 1})


Change = tuple[Order, Event]
"""The order after a rule was applied, and the event that tells of it."""
