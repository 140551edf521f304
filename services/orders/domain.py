"""The life of an order: it is placed, sent in parcels, delivered, or cancelled. No AWS.

What is stored of it is in ``order_record``, the rules of its money in ``order_refunds``.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from schemas.commands import PlaceOrder
from schemas.contract import Money
from schemas.event import Event
from schemas.orders import (
    CancelledBy,
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    OrderShipped,
    ParcelDelivered,
)
from schemas.tax import total_with_tax
from services.orders.history import SHOPPER, SYSTEM, Actor, HistoryEntry, Requester
from services.orders.order_record import OrderMismatchError
from services.orders.order_refunds import RefundableOrder
from services.orders.parcels import (
    FullyRefundedError,
    NoAddressError,
    Parcel,
    ParcelDeliveredError,
    ParcelExistsError,
    ParcelToSend,
    UnitsNotLeftError,
    UnknownParcelError,
    UnsentUnitsError,
)
from services.orders.statuses import TRANSITIONS, InvalidTransitionError, OrderStatus

if TYPE_CHECKING:
    from schemas.inventory import StockShort


class Order(RefundableOrder):
    """An order and the rules of its life."""

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
        placed = HistoryEntry(status=OrderStatus.PROCESSING, at=at, action="PLACED", actor=SHOPPER)
        order = cls(**values, status=OrderStatus.PROCESSING, placed_at=at, history=[placed])
        event = OrderPlaced(
            order_id=order.order_id,
            user_id=order.user_id,
            lines=order.lines,
            subtotal=order.subtotal,
            shipping=order.shipping,
            total=order.total,
            delivery=order.delivery,
            tax=order.tax,
            placed_at=at,
        )
        return order, event

    def is_accessible_to(self, requester: Requester) -> bool:
        """Return whether a person may read and cancel the order: its shopper and staff may."""
        return requester.is_staff or requester.user_id == self.user_id

    def shipped(self, given: ParcelToSend, at: datetime, *, by: Actor) -> tuple[Self, OrderShipped]:
        """Return the order with one more parcel that was handed to a carrier.

        It is SHIPPED with the parcel that has the last of what is to be sent, until then PARTIALLY_SHIPPED.

        Parameters:
            given: the parcel.
            at: now.
            by: who sends it.

        Raises InvalidTransitionError unless something may still be sent, ParcelExistsError where it was sent before,
        FullyRefundedError where nothing of its payment is left, or will be once what is under way is refunded,
        NoAddressError where its shopper was erased, and UnitsNotLeftError where it has more units than are left.
        """
        if OrderStatus.SHIPPED not in TRANSITIONS[self.status]:
            raise InvalidTransitionError(self.status, OrderStatus.SHIPPED)
        for earlier in self.parcels:
            if (earlier.carrier, earlier.tracking_number) == (given.carrier, given.tracking_number):
                raise ParcelExistsError(earlier.parcel_id)
        if self.refundable.amount == 0:
            raise FullyRefundedError(self.order_id)
        if self.is_erased:
            raise NoAddressError(self.order_id)
        lines = self.units_to_send if given.lines is None else given.lines
        if not lines:
            raise UnitsNotLeftError(self.order_id)
        self.require_to_send(lines)
        parcel = Parcel(
            parcel_id=str(len(self.parcels) + 1),
            carrier=given.carrier,
            tracking_number=given.tracking_number,
            lines=lines,
            shipped_at=at,
        )
        after = self.model_copy(update={"parcels": [*self.parcels, parcel]})
        completes = not after.units_to_send
        event = OrderShipped(
            order_id=self.order_id,
            user_id=self.user_id,
            carrier=parcel.carrier,
            tracking_number=parcel.tracking_number,
            shipped_at=at,
            parcel_id=parcel.parcel_id,
            lines=parcel.bought_lines(self.lines),
            completes_order=completes,
        )
        to = OrderStatus.SHIPPED if completes else OrderStatus.PARTIALLY_SHIPPED
        if to is self.status:
            return after.noted("SHIPPED", by, at, parcel_id=parcel.parcel_id), event
        return after.with_status(to, "SHIPPED", by, at, parcel_id=parcel.parcel_id), event

    def delivered(self, at: datetime, *, by: Actor) -> tuple[Self, OrderDelivered]:
        """Return the order as delivered, with all of its parcels.

        Parameters:
            at: now.
            by: who tells of it.

        Raises InvalidTransitionError unless it is SHIPPED, or PARTIALLY_SHIPPED and the rest is refunded:
        UnsentUnitsError where it is not.
        """
        if self.status is OrderStatus.PARTIALLY_SHIPPED and self.units_to_send:
            raise UnsentUnitsError(self.order_id)
        after = self.with_status(OrderStatus.DELIVERED, "DELIVERED", by, at)
        event = OrderDelivered(order_id=self.order_id, user_id=self.user_id, delivered_at=at)
        return after.model_copy(update={"parcels": [parcel.delivered(at) for parcel in self.parcels]}), event

    def parcel_delivered(
        self, parcel_id: str, at: datetime, *, by: Actor
    ) -> tuple[Self, OrderDelivered | ParcelDelivered]:
        """Return the order with a parcel that has arrived. With the last one the order is DELIVERED.

        Parameters:
            parcel_id: the parcel.
            at: now.
            by: who tells of it.

        Raises InvalidTransitionError unless a parcel travels, UnknownParcelError, and ParcelDeliveredError where it
        arrived before.
        """
        if OrderStatus.DELIVERED not in TRANSITIONS[self.status]:
            raise InvalidTransitionError(self.status, OrderStatus.DELIVERED)
        parcel = next((parcel for parcel in self.parcels if parcel.parcel_id == parcel_id), None)
        if parcel is None:
            raise UnknownParcelError(parcel_id)
        if parcel.delivered_at:
            raise ParcelDeliveredError(parcel_id)
        parcels = [each.delivered(at) if each is parcel else each for each in self.parcels]
        after = self.model_copy(update={"parcels": parcels})
        if all(each.delivered_at for each in parcels) and not self.units_to_send:
            return after.delivered(at, by=by)
        event = ParcelDelivered(order_id=self.order_id, user_id=self.user_id, parcel_id=parcel_id, delivered_at=at)
        return after.noted("PARCEL_DELIVERED", by, at, parcel_id=parcel_id), event

    def cancelled(self, by: Actor, reason: str, at: datetime) -> tuple[Self, OrderCancelled]:
        """Return the order as cancelled. Where all of it was refunded before, it is REFUNDED at once.

        Parameters:
            by: who cancels it.
            reason: a sentence for staff and for the record of the refund.
            at: now.

        Raises InvalidTransitionError unless it is PROCESSING.
        """
        told: CancelledBy = by.kind
        event = OrderCancelled(
            order_id=self.order_id,
            user_id=self.user_id,
            lines=self.lines,
            total=self.total,
            cancelled_by=told,
            reason=reason,
            cancelled_at=at,
        )
        after = self.with_status(OrderStatus.CANCELLED, "CANCELLED", by, at)
        if after.kept.amount == 0:
            after = after.with_status(OrderStatus.REFUNDED, "REFUNDED", SYSTEM, at)
        return after, event

    def cancelled_for(self, requester: Requester, at: datetime) -> tuple[Self, OrderCancelled] | None:
        """Return the order as cancelled by a person; None where it was cancelled before.

        Parameters:
            requester: a person to whom the order is accessible.
            at: now.

        Raises InvalidTransitionError once something has left the warehouse.
        """
        if self.is_cancelled:
            return None
        actor = requester.actor
        return self.cancelled(actor, f"Cancelled by {actor.kind.lower()}.", at)

    def cancelled_for_shortage(self, at: datetime) -> tuple[Self, OrderCancelled] | None:
        """Return the order as cancelled because its units are sold out; None once something of it was sent."""
        if not self.is_cancellable:
            return None
        return self.cancelled(SYSTEM, "Sold out before it could be packed.", at)

    def cancelled_for_erasure(self, at: datetime) -> tuple[Self, OrderCancelled] | None:
        """Return the order as cancelled because its shopper was erased; None once something of it was sent."""
        if not self.is_cancellable:
            return None
        return self.cancelled(SHOPPER, "The account was deleted before it was sent.", at)

    def require_shortage(self, shortage: "StockShort") -> None:
        """Check that a shortage is of lines of this order; raises OrderMismatchError."""
        if shortage.user_id != self.user_id:
            raise OrderMismatchError(f"order {self.order_id} is another shopper's")
        ordered = {(line.product_id, line.quantity) for line in self.lines}
        if not {(line.product_id, line.quantity) for line in shortage.lines} <= ordered:
            raise OrderMismatchError(f"order {self.order_id} has other lines than those that are short")


def _require_sum(command: PlaceOrder) -> None:
    zero = Money(amount=0, currency=command.total.currency)
    try:
        subtotal = sum((line.unit_price * line.quantity for line in command.lines), start=zero)
        total = total_with_tax(subtotal, command.shipping, command.tax)
        adds_up = (command.subtotal, command.total) == (subtotal, total) and (not command.tax or command.tax.adds_up)
    except ValueError as error:
        raise OrderMismatchError(f"the amounts of order {command.order_id} have several currencies") from error
    if not adds_up:
        raise OrderMismatchError(f"the amounts of order {command.order_id} do not add up")


OrderChange = tuple[Order, Event | None]
"""The order after a change, and the event of the change, if any."""
