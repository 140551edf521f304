"""The rules of an order: its statuses, who may read and cancel it, what can be refunded. No AWS."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, StringConstraints

from schemas.commands import ChosenDelivery, PlaceOrder, ShippingAddress
from schemas.contract import Contract, Identifier, Line, Money, Quantity, Timestamp
from schemas.event import Event
from schemas.inventory import StockShort
from schemas.orders import (
    CancelledBy,
    OrderCancelled,
    OrderDelivered,
    OrderPlaced,
    OrderRefunded,
    OrderShipped,
    RefundRequested,
)
from schemas.payment import PaymentRefundedV2, RefundFailed, RefundPending
from schemas.refund import StaffRefundReason
from schemas.text import LINES, ONE_LINE


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
    """All of the order's total was refunded, or is on its way back, so it cannot be shipped."""


class UnexpectedStatusError(Exception):
    """The order has another status than whoever wants a refund has seen.

    Attributes:
        status: of the order.
    """

    def __init__(self, status: OrderStatus) -> None:
        super().__init__(f"the order is {status}")
        self.status = status


class NoAddressError(Exception):
    """The order has no address, since its shopper was erased, so it cannot be shipped."""


class OrderNotRefundableError(Exception):
    """The amount cannot be refunded; the text says why."""


class IdempotencyMismatchError(Exception):
    """The idempotency key was used with another request."""


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


class RefundedLine(Contract):
    """Units of a bought product for which money goes back."""

    product_id: Identifier
    quantity: Quantity


class StaffRefund(Contract):
    """What staff wants to go back to the card.

    Attributes:
        amount: what to refund; None for the price of the lines or, where there are none, for all that is left.
        lines: the units that it is for.
        expected_status: the status of the order that staff has seen. All that is left of an order that is SHIPPED is
            refunded only where this says so: the parcel may have left since the page was opened.
        reason: a code of the closed list.
        note: what staff wants to remember. It stays in the order, and is erased with its shopper.
    """

    amount: Money | None = None
    lines: Annotated[list[RefundedLine], Field(max_length=100)] = []
    expected_status: OrderStatus | None = None
    reason: StaffRefundReason
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), LINES] | None = None

    def fingerprint(self, idempotency_key: str) -> str:
        """Return a digest by which a repetition of the request is known, also when its note was erased.

        Parameters:
            idempotency_key: of the request. It is stored nowhere, so that the digest does not give the note away.
        """
        canonical = json.dumps(self.model_dump(mode="json", exclude_none=True), sort_keys=True)
        return hashlib.sha256(f"{idempotency_key}\n{canonical}".encode()).hexdigest()


class RefundRequest(Contract):
    """A refund that staff has requested, and its result.

    Attributes:
        amount: what payment is to refund.
        lines: the units that it is for.
        fingerprint: of the request.
        order_status: of the order at that moment: what the request was answered with.
        refund_id: Stripe's, once it is made.
        failure_code: Stripe's, where it refuses.
    """

    amount: Money
    lines: list[RefundedLine] = []
    reason: StaffRefundReason
    fingerprint: str
    order_status: OrderStatus
    requested_at: Timestamp
    refund_id: Identifier | None = None
    failure_code: str | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether it has no result yet."""
        return self.refund_id is None and self.failure_code is None


class Order(Contract):
    """An order, immutable: each rule returns the order after a change and the event of the change.

    Attributes:
        subtotal: the lines.
        shipping: the cost of shipping.
        total: what was paid, subtotal and shipping.
        history: the statuses so far, the oldest first.
        refund_requests: refunds by staff, by request id.
        refund_notes: what staff wrote to them, by request id; personal data.
        link_revision: how often the links to it were revoked.
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
    delivery: ChosenDelivery | None = Field(default=None, description="None in an order from before it was chosen.")
    payment_intent_id: Identifier
    placed_at: Timestamp
    history: list[StatusChange]
    shipment: Shipment | None = None
    refunds: dict[str, int] = Field(default={}, description="Refunded minor units by refund id.")
    refund_requests: dict[str, RefundRequest] = {}
    refund_notes: dict[str, str] = {}
    link_revision: int = 0
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
            delivery=order.delivery,
            placed_at=at,
        )
        return order, event

    @property
    def refunded_total(self) -> Money:
        """What was refunded so far."""
        return Money(amount=sum(self.refunds.values()), currency=self.total.currency)

    @property
    def refunds_under_way(self) -> Money:
        """What staff has requested and payment has not refunded or refused yet."""
        under_way = (request.amount.amount for request in self.refund_requests.values() if request.is_under_way)
        return Money(amount=sum(under_way), currency=self.total.currency)

    @property
    def kept(self) -> Money:
        """What is left of the payment: the total without what was refunded."""
        return Money(amount=self.total.amount - self.refunded_total.amount, currency=self.total.currency)

    @property
    def refundable(self) -> Money:
        """What staff can still refund: what is left of the payment, without what is under way."""
        if self.is_cancelled:
            # All of it is under way, or back.
            return Money(amount=0, currency=self.total.currency)
        left = self.kept.amount - self.refunds_under_way.amount
        return Money(amount=max(left, 0), currency=self.total.currency)

    @property
    def is_erased(self) -> bool:
        """Whether its shopper was erased: it takes no more text about them."""
        return self.shipping_address is None

    @property
    def is_unsent(self) -> bool:
        """Whether it is paid and still to be sent, so that it can be cancelled."""
        return self.status is OrderStatus.PROCESSING

    @property
    def is_cancelled(self) -> bool:
        """Whether the order was cancelled, and perhaps refunded since."""
        return self.status in CANCELLED_STATUSES

    def is_accessible_to(self, requester: Requester) -> bool:
        """Return whether a person may read and cancel the order: its shopper and staff may."""
        return requester.is_staff or requester.user_id == self.user_id

    def shipped(self, shipment: Shipment, at: datetime) -> tuple[Self, OrderShipped]:
        """Return the order as handed to a carrier.

        Raises InvalidTransitionError unless it is PROCESSING, FullyRefundedError where nothing of its payment is left,
        or will be once what is under way is refunded, and NoAddressError where its shopper was erased.
        """
        event = OrderShipped(
            order_id=self.order_id,
            user_id=self.user_id,
            carrier=shipment.carrier,
            tracking_number=shipment.tracking_number,
            shipped_at=at,
        )
        after = self._with_status(OrderStatus.SHIPPED, at).model_copy(update={"shipment": shipment})
        if self.refundable.amount == 0:
            raise FullyRefundedError(self.order_id)
        if self.is_erased:
            raise NoAddressError(self.order_id)
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
        if after.kept.amount == 0:
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
        if not self.is_unsent:
            return None
        return self.cancelled("SYSTEM", "Sold out before it could be packed.", at)

    def cancelled_for_erasure(self, at: datetime) -> tuple[Self, OrderCancelled] | None:
        """Return the order as cancelled because its shopper was erased; None unless it is still to be sent."""
        if not self.is_unsent:
            return None
        return self.cancelled("SHOPPER", "The account was deleted before it was sent.", at)

    def refund_requested(self, given: StaffRefund, idempotency_key: str, at: datetime) -> "OrderChange | None":
        """Return the order with a refund that staff requests; None where this request was recorded before.

        Parameters:
            given: the request.
            idempotency_key: identifies it: the same key is the same request.
            at: now.

        Raises IdempotencyMismatchError where the key was used with another request, UnexpectedStatusError where the
        order has another status than the request expects, or is SHIPPED and nothing of its payment would be left, and
        OrderNotRefundableError where nothing is left, or the amount is zero, more than what is left, or of another
        currency, or the lines are not those of the order.
        """
        request_id, fingerprint = staff_request_id(idempotency_key), given.fingerprint(idempotency_key)
        if earlier := self.refund_requests.get(request_id):
            if earlier.fingerprint != fingerprint:
                raise IdempotencyMismatchError(request_id)
            return None
        if given.expected_status not in (None, self.status):
            raise UnexpectedStatusError(self.status)
        amount = self._amount_of(given)
        if amount == self.refundable and self.status is OrderStatus.SHIPPED and given.expected_status is None:
            raise UnexpectedStatusError(self.status)
        request = RefundRequest(
            amount=amount,
            lines=given.lines,
            reason=given.reason,
            fingerprint=fingerprint,
            order_status=self.status,
            requested_at=at,
        )
        changes = {
            "refund_requests": {**self.refund_requests, request_id: request},
            "sequence": self.sequence + 1,
        }
        if given.note and not self.is_erased:
            changes["refund_notes"] = {**self.refund_notes, request_id: given.note}
        event = RefundRequested(
            order_id=self.order_id,
            user_id=self.user_id,
            request_id=request_id,
            amount=amount,
            reason=given.reason,
            requested_at=at,
        )
        return self.model_copy(update=changes), event

    def _amount_of(self, given: StaffRefund) -> Money:
        left = self.refundable
        wanted = given.amount or (self._price_of(given.lines) if given.lines else left)
        if left.amount == 0:
            raise OrderNotRefundableError("All of the order's payment is on its way back, or was given back before.")
        if wanted.currency != left.currency:
            raise OrderNotRefundableError(f"The order was paid in {left.currency}.")
        if not 0 < wanted.amount <= left.amount:
            raise OrderNotRefundableError(
                "A refund is more than nothing, and at most what is left of the order's payment."
            )
        return wanted

    def _price_of(self, lines: list[RefundedLine]) -> Money:
        """Return what the shopper paid for units; raises OrderNotRefundableError for more of them than were bought."""
        bought = {line.product_id: line for line in self.lines}
        counted = Counter[str]()
        for earlier in self.refund_requests.values():
            if earlier.failure_code is None:
                counted.update({line.product_id: line.quantity for line in earlier.lines})
        price = Money(amount=0, currency=self.total.currency)
        for line in lines:
            counted[line.product_id] += line.quantity
            if line.product_id not in bought or counted[line.product_id] > bought[line.product_id].quantity:
                raise OrderNotRefundableError(
                    "The lines name more units than were bought, or than are left after earlier refunds."
                )
            price += bought[line.product_id].unit_price * line.quantity
        return price

    def refunded(self, refund: PaymentRefundedV2, at: datetime) -> tuple[Self, OrderRefunded]:
        """Return the order with a refund. A cancelled order becomes REFUNDED once its whole total is refunded.

        A refund in another status, such as of one returned line of a delivered order, leaves the status as it is.
        """
        after = self._with_request(refund.request_id, refund_id=refund.refund_id).model_copy(
            update={"refunds": {**self.refunds, refund.refund_id: refund.amount.amount}}
        )
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

    def refund_delayed(self, delay: RefundPending | RefundFailed, at: datetime) -> "OrderChange | None":
        """Return the order after payment could not make a refund; None where that changes nothing.

        A cancelled order becomes REFUND_PENDING: its money is owed. A request of staff that is refused is not under way
        any more.

        Parameters:
            delay: what payment says of the refund.
            at: now.

        Raises OrderMismatchError where the order is another shopper's.
        """
        if delay.user_id != self.user_id:
            raise OrderMismatchError(f"order {self.order_id} is another shopper's")
        if request := self.refund_requests.get(delay.request_id):
            if not request.is_under_way or isinstance(delay, RefundPending):
                return None
            after = self._with_request(delay.request_id, failure_code=delay.failure_code)
            return after.model_copy(update={"sequence": self.sequence + 1}), None
        if OrderStatus.REFUND_PENDING not in TRANSITIONS[self.status]:
            return None
        return self._with_status(OrderStatus.REFUND_PENDING, at), None

    def refunded_once(self, refund: PaymentRefundedV2, at: datetime) -> "OrderChange | None":
        """Return the order with a refund; None where it has that refund already.

        Raises OrderMismatchError where the refund cannot be of this order's payment.
        """
        if refund.refund_id in self.refunds:
            return None
        self.require_refund(refund)
        return self.refunded(refund, at)

    def require_refund(self, refund: PaymentRefundedV2) -> None:
        """Check that a refund can be of this order's payment: shopper, currency, and no more than what is left.

        Raises OrderMismatchError.
        """
        left = self.kept
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

    def _with_request(self, request_id: str | None, **result: str) -> Self:
        """Return the order with the result of a request of staff; as it is where the request is none of them."""
        if request_id is None or request_id not in self.refund_requests:
            return self
        request = self.refund_requests[request_id].model_copy(update=result)
        return self.model_copy(update={"refund_requests": {**self.refund_requests, request_id: request}})


def staff_request_id(idempotency_key: str) -> str:
    """Return the id of a request of staff: a digest of its key, which may be any text.

    The shop's own refunds have request ids such as ``cancel``, which none of staff equals.

    Parameters:
        idempotency_key: of the request.
    """
    return f"staff-{hashlib.sha256(idempotency_key.encode()).hexdigest()[:32]}"


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
