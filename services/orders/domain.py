"""The rules of an order: its statuses, who may read and cancel it, what can be refunded. No AWS."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from schemas.commands import PlaceOrder, ShippingAddress
from schemas.contract import Contract, Identifier, Line, Money, Timestamp
from schemas.event import Event
from schemas.inventory import StockShort
from schemas.orders import (
    CancelledBy,
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    OrderRefunded,
    OrderShipped,
)
from schemas.payment import PaymentRefunded
from schemas.text import ONE_LINE


class OrderStatus(StrEnum):
    """The status of an order."""

    PROCESSING = "PROCESSING"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"
    REFUND_PENDING = "REFUND_PENDING"
    REFUNDED = "REFUNDED"


TRANSITIONS: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.PROCESSING: frozenset({OrderStatus.SHIPPED, OrderStatus.CANCELLED}),
    OrderStatus.SHIPPED: frozenset({OrderStatus.DELIVERED}),
    OrderStatus.DELIVERED: frozenset(),
    OrderStatus.CANCELLED: frozenset({OrderStatus.REFUND_PENDING, OrderStatus.REFUNDED}),
    OrderStatus.REFUND_PENDING: frozenset({OrderStatus.REFUNDED}),
    OrderStatus.REFUNDED: frozenset(),
}
"""From each status, those that may follow."""

CANCELLED_STATUSES = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUND_PENDING, OrderStatus.REFUNDED})
"""The statuses of an order that will not be sent: its money is on its way back, late, or back."""


class InvalidTransitionError(Exception):
    """The order's status does not allow the change.

    Attributes:
        status: of the order.
        to: the status that it cannot have next.
    """

    def __init__(self, status: OrderStatus, to: OrderStatus) -> None:
        super().__init__(f"an order that is {status} cannot become {to}")
        self.status = status
        self.to = to


class FullyRefundedError(Exception):
    """All of the order's total was refunded, so it cannot be shipped."""


class OrderNotRefundableError(Exception):
    """The amount cannot be refunded; the text says why."""


class OrderMismatchError(ValueError):
    """A command or an event contradicts the order that it is about; the text says in what."""


class StatusChange(Contract):
    """A status, and when the order reached it."""

    status: OrderStatus
    at: Timestamp


ParcelLabel = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60), ONE_LINE]


class Shipment(Contract):
    """With whom the parcel travels."""

    carrier: ParcelLabel
    tracking_number: ParcelLabel


@dataclass(frozen=True, slots=True)
class Requester:
    """The person who sends a request.

    Attributes:
        user_id: the person.
        is_staff: whether they work in the shop.
    """

    user_id: str
    is_staff: bool


@dataclass(frozen=True, slots=True)
class StaffRefund:
    """A refund by staff, which the payment service is to make.

    Attributes:
        order_id: the order.
        amount: what to refund.
        reason: free text, at most 500 characters.
        request_id: identifies the request; the same one is refunded once.
    """

    order_id: str
    amount: Money
    reason: str
    request_id: str


class Order(Contract):
    """An order, immutable: each rule returns the order after a change and the event of the change.

    Attributes:
        subtotal: the lines.
        shipping: the cost of shipping.
        total: what was paid, subtotal and shipping.
        history: the statuses so far, the oldest first.
        sequence: counts the changes of the order.
    """

    order_id: Identifier
    user_id: Identifier
    status: OrderStatus
    lines: list[Line]
    subtotal: Money
    shipping: Money
    total: Money
    shipping_address: ShippingAddress | None = Field(default=None, description="None once its shopper was erased.")
    payment_intent_id: Identifier
    placed_at: Timestamp
    history: list[StatusChange]
    shipment: Shipment | None = None
    refunds: dict[str, int] = Field(default={}, description="Refunded minor units by refund id.")
    sequence: int = 1

    @classmethod
    def placed(cls, command: PlaceOrder, at: datetime) -> tuple[Self, OrderPlaced]:
        """Return the new order of a paid checkout.

        Parameters:
            command: what was bought and paid.
            at: now.

        Raises OrderMismatchError where its amounts do not add up.
        """
        _require_sum(command)
        values = command.model_dump(by_alias=False)
        order = cls(
            **values,
            status=OrderStatus.PROCESSING,
            placed_at=at,
            history=[StatusChange(status=OrderStatus.PROCESSING, at=at)],
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

    @property
    def refunded_total(self) -> Money:
        """What was refunded so far."""
        return Money(amount=sum(self.refunds.values()), currency=self.total.currency)

    @property
    def refundable(self) -> Money:
        """What can still be refunded: the total without what was refunded before."""
        return Money(amount=self.total.amount - self.refunded_total.amount, currency=self.total.currency)

    @property
    def is_cancelled(self) -> bool:
        """Whether the order was cancelled, and perhaps refunded since."""
        return self.status in CANCELLED_STATUSES

    def is_accessible_to(self, requester: Requester) -> bool:
        """Return whether a person may read and cancel the order: its shopper and staff may."""
        return requester.is_staff or requester.user_id == self.user_id

    def shipped(self, shipment: Shipment, at: datetime) -> tuple[Self, OrderShipped]:
        """Return the order as handed to a carrier.

        Raises InvalidTransitionError unless it is PROCESSING, and FullyRefundedError where nothing of its payment is
        left.
        """
        event = OrderShipped(
            order_id=self.order_id,
            user_id=self.user_id,
            carrier=shipment.carrier,
            tracking_number=shipment.tracking_number,
            shipped_at=at,
        )
        after = self._with_status(OrderStatus.SHIPPED, at).model_copy(update={"shipment": shipment})
        if self.refunds and self.refundable.amount == 0:
            raise FullyRefundedError(self.order_id)
        return after, event

    def delivered(self, at: datetime) -> tuple[Self, OrderDelivered]:
        """Return the order as delivered; raises InvalidTransitionError unless it is SHIPPED."""
        event = OrderDelivered(order_id=self.order_id, user_id=self.user_id, delivered_at=at)
        return self._with_status(OrderStatus.DELIVERED, at), event

    def cancelled(self, by: CancelledBy, reason: str, at: datetime) -> tuple[Self, OrderCancelled]:
        """Return the order as cancelled. Where all of it was refunded before, it is REFUNDED at once.

        Parameters:
            by: who cancels it.
            reason: a sentence for staff and for the record of the refund.
            at: now.

        Raises InvalidTransitionError unless it is PROCESSING.
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
        after = self._with_status(OrderStatus.CANCELLED, at)
        if after.refundable.amount == 0:
            after = after._with_status(OrderStatus.REFUNDED, at)  # noqa: SLF001 - another order of this class
        return after, event

    def cancelled_for(self, requester: Requester, at: datetime) -> "OrderChange | None":
        """Return the order as cancelled by a person; None where it was cancelled before.

        Parameters:
            requester: a person to whom the order is accessible.
            at: now.

        Raises InvalidTransitionError once it has left the warehouse.
        """
        if self.is_cancelled:
            return None
        by: CancelledBy = "STAFF" if requester.is_staff else "SHOPPER"
        return self.cancelled(by, f"Cancelled by {by.lower()}.", at)

    def cancelled_for_shortage(self, at: datetime) -> "OrderChange | None":
        """Return the order as cancelled because its units are sold out; None unless it is PROCESSING."""
        if self.status is not OrderStatus.PROCESSING:
            return None
        return self.cancelled("SYSTEM", "Sold out before it could be packed.", at)

    def staff_refund(self, amount: Money | None, reason: str, idempotency_key: str | None) -> StaffRefund:
        """Return the refund that staff may make of the order's payment.

        Parameters:
            amount: what to refund; None for all that is left.
            reason: free text.
            idempotency_key: of the request. Without one, order, amount, reason and what was refunded so far identify
                it: repeated before its refund is recorded, it is the same request.

        Raises OrderNotRefundableError where all was refunded before, or the amount is zero, more than what is left, or
        of another currency.
        """
        left = self.refundable
        wanted = amount or left
        if left.amount == 0:
            raise OrderNotRefundableError("All of the order's payment was given back before.")
        if wanted.currency != left.currency:
            raise OrderNotRefundableError(f"The order was paid in {left.currency}.")
        if not 0 < wanted.amount <= left.amount:
            raise OrderNotRefundableError(
                "A refund is more than nothing, and at most what is left of the order's payment."
            )
        key = idempotency_key or self._refund_key(wanted, reason)
        # The shop's own refunds have request ids such as "cancel", which no key of staff may equal.
        return StaffRefund(self.order_id, wanted, reason, request_id=f"staff-{key}")

    def refunded(self, refund: PaymentRefunded, at: datetime) -> tuple[Self, OrderRefunded]:
        """Return the order with a refund. A cancelled order becomes REFUNDED once its whole total is refunded.

        A refund in another status, such as of one returned line of a delivered order, leaves the status as it is.
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
        if fully and OrderStatus.REFUNDED in TRANSITIONS[self.status]:
            return after._with_status(OrderStatus.REFUNDED, at), event  # noqa: SLF001 - another order of this class
        return after.model_copy(update={"sequence": self.sequence + 1}), event

    def refund_delayed(self, user_id: str, at: datetime) -> "OrderChange | None":
        """Return the cancelled order whose money is not on its way back yet; None where nothing is owed.

        Parameters:
            user_id: the shopper whose refund payment could not make.
            at: now.

        Raises OrderMismatchError where the order is another shopper's.
        """
        if user_id != self.user_id:
            raise OrderMismatchError(f"order {self.order_id} is another shopper's")
        if OrderStatus.REFUND_PENDING not in TRANSITIONS[self.status]:
            return None
        return self._with_status(OrderStatus.REFUND_PENDING, at), None

    def refunded_once(self, refund: PaymentRefunded, at: datetime) -> "OrderChange | None":
        """Return the order with a refund; None where it has that refund already.

        Raises OrderMismatchError where the refund cannot be of this order's payment.
        """
        if refund.refund_id in self.refunds:
            return None
        self.require_refund(refund)
        return self.refunded(refund, at)

    def require_refund(self, refund: PaymentRefunded) -> None:
        """Check that a refund can be of this order's payment: shopper, currency, and no more than what is left.

        Raises OrderMismatchError.
        """
        left = self.refundable
        if refund.user_id != self.user_id:
            raise OrderMismatchError(f"order {self.order_id} is another shopper's")
        if refund.amount.currency != left.currency or refund.amount.amount > left.amount:
            raise OrderMismatchError(
                f"{left.amount} {left.currency} of order {self.order_id} are left, and the refund is"
                f" {refund.amount.amount} {refund.amount.currency} (minor units)"
            )

    def require_shortage(self, shortage: StockShort) -> None:
        """Check that a shortage is of lines of this order; raises OrderMismatchError."""
        if shortage.user_id != self.user_id:
            raise OrderMismatchError(f"order {self.order_id} is another shopper's")
        ordered = {(line.product_id, line.quantity) for line in self.lines}
        if not {(line.product_id, line.quantity) for line in shortage.lines} <= ordered:
            raise OrderMismatchError(f"order {self.order_id} has other lines than those that are short")

    def _with_status(self, to: OrderStatus, at: datetime) -> Self:
        if to not in TRANSITIONS[self.status]:
            raise InvalidTransitionError(self.status, to)
        history = [*self.history, StatusChange(status=to, at=at)]
        return self.model_copy(update={"status": to, "history": history, "sequence": self.sequence + 1})

    def _refund_key(self, amount: Money, reason: str) -> str:
        text = f"{self.order_id}\n{amount.amount}\n{reason}\n{self.refunded_total.amount}"
        return hashlib.sha256(text.encode()).hexdigest()[:24]


def _require_sum(command: PlaceOrder) -> None:
    zero = Money(amount=0, currency=command.total.currency)
    try:
        subtotal = sum((line.unit_price * line.quantity for line in command.lines), start=zero)
        adds_up = (command.subtotal, command.total) == (subtotal, subtotal + command.shipping)
    except ValueError as error:
        raise OrderMismatchError(f"the amounts of order {command.order_id} have several currencies") from error
    if not adds_up:
        raise OrderMismatchError(f"the amounts of order {command.order_id} do not add up")


OrderChange = tuple[Order, Event | None]
"""The order after a change, and the event of the change, if any."""
