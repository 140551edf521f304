"""The rules of an order's money: what may be refunded, and what was."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from schemas.contract import Money
from schemas.orders import OrderRefunded, RefundRequested, UnsentUnits
from schemas.payment import PaymentRefundedV2, RefundFailed, RefundPending
from schemas.refund import StaffRefundReason
from schemas.tax import TaxAmount
from services.orders.history import SHOPPER, SYSTEM, Actor
from services.orders.order_record import OrderMismatchError, OrderRecord
from services.orders.parcels import count_units
from services.orders.refund_requests import (
    IdempotencyMismatchError,
    OrderNotRefundableError,
    RefundedLine,
    RefundRequest,
    StaffRefund,
    staff_request_id,
)
from services.orders.statuses import TRANSITIONS, OrderStatus, UnexpectedStatusError
from tax.refunds import tax_within_refund

ON_ITS_WAY = frozenset({OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED})
"""The statuses in which a parcel may have left since staff looked."""
ERASURE_REQUEST = "erasure"
"""The request for the money of what an erased shopper's order still lacks: there is one at most."""
WITHDRAWAL_REQUEST = "withdrawal"
"""The request for the money of what an order still lacks from all of which its shopper withdrew: one at most."""


class RefundableOrder(OrderRecord):
    """An order and the rules of its refunds."""

    def refund_requested(
        self, given: StaffRefund, idempotency_key: str, at: datetime, *, by: Actor
    ) -> tuple[Self, RefundRequested] | None:
        """Return the order with a refund that staff requests; None where this request was recorded before.

        Parameters:
            given: the request.
            idempotency_key: identifies it: the same key is the same request.
            at: now.
            by: who requests it.

        Raises IdempotencyMismatchError where the key was used with another request, UnexpectedStatusError where the
        order has another status than the request expects, or was sent and nothing of its payment would be left,
        UnitsNotLeftError where lines that are not to be sent were sent, and OrderNotRefundableError where nothing is
        left, or the amount is zero, more than what is left, or of another currency, or the lines are not those of the
        order.
        """
        request_id, fingerprint = staff_request_id(idempotency_key), given.fingerprint(idempotency_key)
        if earlier := self.refund_requests.get(request_id):
            if earlier.fingerprint != fingerprint:
                raise IdempotencyMismatchError(request_id)
            return None
        if given.expected_status not in (None, self.status):
            raise UnexpectedStatusError(self.status)
        amount = self._amount_of(given)
        if amount == self.refundable and self.status in ON_ITS_WAY and given.expected_status is None:
            raise UnexpectedStatusError(self.status)
        if given.unsent:
            if not given.lines:
                raise OrderNotRefundableError("Name the lines that are not to be sent.")
            self.require_to_send(given.lines)
        request = RefundRequest(
            amount=amount,
            lines=given.lines,
            tax=self.taxes_within(count_units(given.lines), amount.amount),
            unsent=bool(given.unsent),
            reason=given.reason,
            fingerprint=fingerprint,
            order_status=self.status,
            requested_at=at,
            requested_by=by,
        )
        after, event = self.with_refund_request(request_id, request, by, at)
        if given.note and not self.is_erased:
            after = after.model_copy(update={"refund_notes": {**self.refund_notes, request_id: given.note}})
        return after, event

    def rest_refunded_for_erasure(self, at: datetime) -> tuple[Self, RefundRequested] | None:
        """Return the order with a refund of what was not sent before its shopper was erased; None where all was.

        Without an address nothing more can be sent.

        Parameters:
            at: now.
        """
        return self._rest_refunded(ERASURE_REQUEST, "OTHER", SYSTEM, at)

    def rest_refunded_for_withdrawal(self, at: datetime) -> tuple[Self, RefundRequested] | None:
        """Return the order with a refund of what was not sent before its shopper withdrew from all; None where all was.

        Parameters:
            at: now.
        """
        return self._rest_refunded(WITHDRAWAL_REQUEST, "WITHDRAWN", SHOPPER, at)

    def _rest_refunded(
        self, request_id: str, reason: StaffRefundReason, by: Actor, at: datetime
    ) -> tuple[Self, RefundRequested] | None:
        lines = [RefundedLine(**units.model_dump(by_alias=False)) for units in self.units_to_send]
        if self.status is not OrderStatus.PARTIALLY_SHIPPED or not lines or request_id in self.refund_requests:
            return None
        # Staff may have refunded some of it already, without saying that it is not sent.
        amount = min(self.price_left_of(count_units(lines)), self.refundable.amount)
        if amount == 0:
            return None
        request = RefundRequest(
            amount=Money(amount=amount, currency=self.total.currency),
            lines=lines,
            tax=self.taxes_within(count_units(lines), amount),
            unsent=True,
            reason=reason,
            fingerprint=request_id,
            order_status=self.status,
            requested_at=at,
            requested_by=by,
        )
        return self.with_refund_request(request_id, request, by, at)

    def with_refund_request(
        self, request_id: str, request: RefundRequest, by: Actor, at: datetime
    ) -> tuple[Self, RefundRequested]:
        """Return the order with one more request, and the event by which payment makes the refund.

        Parameters:
            request_id: of the request; payment refunds it once.
            request: checked against what is left.
            by: who requests it.
            at: now.
        """
        after = self.noted("REFUND_REQUESTED", by, at, amount=request.amount, request_id=request_id)
        event = RefundRequested(
            order_id=self.order_id,
            user_id=self.user_id,
            request_id=request_id,
            amount=request.amount,
            reason=request.reason,
            requested_at=at,
        )
        return after.model_copy(update={"refund_requests": {**self.refund_requests, request_id: request}}), event

    def _amount_of(self, given: StaffRefund) -> Money:
        left = self.refundable
        if given.amount:
            self._require_bought(given.lines)
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
        earlier = [line for each in self.refund_requests.values() if each.failure_code is None for line in each.lines]
        self._require_bought(lines, earlier)
        return Money(amount=self.price_of(count_units(lines), self.units_refunded), currency=self.total.currency)

    def _require_bought(self, lines: list[RefundedLine], earlier: Iterable[RefundedLine] = ()) -> None:
        """Check that lines, with earlier ones, are no more units than were bought; raises OrderNotRefundableError."""
        bought, counted = count_units(self.lines), count_units([*lines, *earlier])
        if any(counted[line.product_id] > bought[line.product_id] for line in lines):
            raise OrderNotRefundableError(
                "The lines name more units than were bought, or than are left after earlier refunds."
            )

    def refunded(self, refund: PaymentRefundedV2, at: datetime) -> tuple[Self, OrderRefunded]:
        """Return the order with a refund. A cancelled order becomes REFUNDED once its whole total is refunded.

        A refund in another status, such as of one returned line of a delivered order, leaves the status as it is.
        """
        about = {"amount": refund.amount, "request_id": refund.request_id}
        tax = self._tax_within(refund)
        # An attempt may have been refused of which an earlier one was made: its lines are refunded after all.
        after = self._with_request(refund.request_id, refund_id=refund.refund_id, failure_code=None).model_copy(
            update={
                "refunds": {**self.refunds, refund.refund_id: refund.amount.amount},
                "refunded_tax": self.refunded_tax if tax is None else {**self.refunded_tax, refund.refund_id: tax},
            }
        )
        fully = after.refunded_total.amount >= self.total.amount
        event = OrderRefunded(
            order_id=self.order_id,
            user_id=self.user_id,
            amount=refund.amount,
            refunded_total=after.refunded_total,
            fully_refunded=fully,
            tax=tax,
            request_id=refund.request_id,
            unsent=after.unsent_by(refund.request_id),
            refunded_at=at,
        )
        if fully and OrderStatus.REFUNDED in TRANSITIONS[self.status]:
            return after.with_status(OrderStatus.REFUNDED, "REFUNDED", SYSTEM, at, **about), event
        return after.noted("REFUNDED", SYSTEM, at, **about), event

    def _tax_within(self, refund: PaymentRefundedV2) -> list[TaxAmount] | None:
        if self.tax is None:
            return None
        request = self.refund_requests.get(refund.request_id or "")
        earlier = [tax for taxes in self.refunded_tax.values() for tax in taxes]
        return tax_within_refund(self.tax, self.kept, earlier, refund.amount, request.tax if request else None)

    def refund_delayed(self, delay: RefundPending | RefundFailed, at: datetime) -> tuple[Self, None] | None:
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
        about = {"amount": delay.amount, "request_id": delay.request_id}
        if request := self.refund_requests.get(delay.request_id):
            if not request.is_under_way or isinstance(delay, RefundPending):
                return None
            after = self._with_request(delay.request_id, failure_code=delay.failure_code)
            return after.noted("REFUND_FAILED", SYSTEM, at, **about), None
        if OrderStatus.REFUND_PENDING not in TRANSITIONS[self.status]:
            return None
        return self.with_status(OrderStatus.REFUND_PENDING, "REFUND_PENDING", SYSTEM, at, **about), None

    def refunded_once(self, refund: PaymentRefundedV2, at: datetime) -> tuple[Self, OrderRefunded] | None:
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

    def unsent_by(self, request_id: str | None) -> list[UnsentUnits] | None:
        """Return the units that a refund stands for instead of sending them; None where there are none.

        Parameters:
            request_id: of the refund that was just made.
        """
        others = {name: each for name, each in self.refund_requests.items() if name != request_id}
        told = self.model_copy(update={"refund_requests": others, "refunds": {}}).refunded_unsent
        units = self.refunded_unsent - told
        return [UnsentUnits(product_id=name, quantity=quantity) for name, quantity in units.items()] or None

    def _with_request(self, request_id: str | None, **result: str | None) -> Self:
        """Return the order with the result of a request; as it is where it has no such request."""
        if request_id is None or request_id not in self.refund_requests:
            return self
        request = self.refund_requests[request_id].model_copy(update=result)
        return self.model_copy(update={"refund_requests": {**self.refund_requests, request_id: request}})
