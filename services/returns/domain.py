"""The rules of returns: what a withdrawal leads to, what came back, and what goes back to the card. No AWS."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field

from schemas.commands import ReturnableOrder
from schemas.contract import Contract, Identifier, Line, Money, Quantity, Timestamp
from schemas.returns import (
    ReceivedUnits,
    ReturnReason,
    ReturnReceived,
    ReturnRefunded,
    WithdrawalOutcome,
    WithdrawalReceived,
)
from schemas.tax import OrderTax
from services.returns.windows import reason_at
from tax.refunds import added_by, tax_of_part, tax_of_units

if TYPE_CHECKING:
    from schemas.payment import PaymentRefundedV2

MAX_RETURNS_OF_ORDER = 20
"""An order is rarely returned in more than one go; whoever sends back unit by unit writes to staff."""
REFUND_PREFIX = "return-"
"""Of the id under which orders requests the refund of a return; ``services/orders/returned_goods.py`` has the same."""


class ReturnStatus(StrEnum):
    """The status of a return."""

    REQUESTED = "REQUESTED"
    """The shopper has announced it."""
    RECEIVED = "RECEIVED"
    """Staff has received goods, and their money is requested."""
    REFUNDED = "REFUNDED"
    CLOSED = "CLOSED"
    """Nothing came, or nothing more is going to happen."""


TRANSITIONS: Mapping[ReturnStatus, frozenset[ReturnStatus]] = {
    ReturnStatus.REQUESTED: frozenset({ReturnStatus.RECEIVED, ReturnStatus.CLOSED}),
    ReturnStatus.RECEIVED: frozenset({ReturnStatus.REFUNDED, ReturnStatus.CLOSED}),
    ReturnStatus.REFUNDED: frozenset(),
    # Staff closed it while its money was on the way.
    ReturnStatus.CLOSED: frozenset({ReturnStatus.REFUNDED}),
}
"""From each status, those that may follow."""


class WrongStatusError(Exception):
    """The return's status does not allow the change.

    Attributes:
        status: of the return.
    """

    def __init__(self, status: ReturnStatus) -> None:
        super().__init__(f"the return is {status}")
        self.status = status


class UnexpectedUnitsError(Exception):
    """What is said to have come back is not what was announced; the text says in what."""


class ReturnMismatchError(ValueError):
    """An event contradicts the return that it is about; the text says in what."""


class Units(Contract):
    """Units of a bought product."""

    product_id: Identifier
    quantity: Quantity


class CameBack(Contract):
    """Units of a returned product as staff has found them.

    Attributes:
        restock: units that can be sold again.
        write_off: units that cannot. They are refunded as well.
    """

    product_id: Identifier
    restock: Annotated[int, Field(ge=0, le=999)] = 0
    write_off: Annotated[int, Field(ge=0, le=999)] = 0


class Withdrawal(Contract):
    """What a shopper has declared, before it is known whether there is such an order.

    Attributes:
        order_name: the id or the number of the order, as typed.
        email: as typed; it is removed once the order was found, or staff has closed a withdrawal that names none.
        order_id: the order of a signed link, which names its shopper as well.
        units: what is given up; None for all that is left.
        confirmed_at: when the shopper confirmed it.
        outcome: what it led to; None until it was handled. UNMATCHED where there is no such order.
        closed_at, closed_by: when staff had answered an unmatched one, and who.
    """

    withdrawal_id: Identifier
    stated_at: Timestamp
    order_name: str | None = None
    email: str | None = None
    order_id: Identifier | None = None
    user_id: Identifier | None = None
    units: list[Units] | None = None
    confirmed_at: Timestamp | None = None
    outcome: WithdrawalOutcome | Literal["UNMATCHED"] | None = None
    return_id: Identifier | None = None
    closed_at: Timestamp | None = None
    closed_by: Identifier | None = None


class Return(Contract):
    """Goods on their way back, immutable: each rule returns the return after a change.

    Attributes:
        return_id: the order's id and a number from 1 on.
        reason: by which right.
        lines: the announced units.
        ordered: all lines of the order.
        shipping: what its delivery cost.
        standard_shipping: what the least expensive delivery would have cost; None where that is not known.
        tax: of the order; None where none was collected.
        received: what came back, once staff has received it.
        received_by: who of staff did.
        refund: what goes back to the card for it.
        delivery_refunded: whether the cost of delivery is part of it.
        closed_by: who of staff closed it.
        failure_code: Stripe's, where the refund was refused.
        sequence: counts the changes.
    """

    return_id: Identifier
    order_id: Identifier
    user_id: Identifier
    order_number: str
    withdrawal_id: Identifier
    status: ReturnStatus = ReturnStatus.REQUESTED
    reason: ReturnReason
    lines: list[Line]
    ordered: list[Line]
    shipping: Money
    standard_shipping: Money | None = None
    tax: OrderTax | None = None
    requested_at: Timestamp
    received: list[ReceivedUnits] = []
    received_at: Timestamp | None = None
    received_by: Identifier | None = None
    refund: Money | None = None
    delivery_refunded: bool = False
    refunded_at: Timestamp | None = None
    closed_at: Timestamp | None = None
    closed_by: Identifier | None = None
    failure_code: str | None = None
    sequence: int = 1

    @property
    def number(self) -> str:
        """Return its number, as people read it: the order's, and a count."""
        return f"{self.order_number}-{self.return_id.rpartition('-')[2]}"

    @property
    def taken(self) -> dict[str, int]:
        """The units that no other return can have: those that came back, or before that those that are announced."""
        if self.status is ReturnStatus.REQUESTED:
            return total_units(self.lines)
        return {line.product_id: line.restocked + line.written_off for line in self.received}

    def came_back(
        self, given: Sequence[CameBack], others: Sequence["Return"], by: str, at: datetime
    ) -> "tuple[Self, ReturnReceived] | None":
        """Return the return as received; None where it was received with just that before.

        Parameters:
            given: what came back, by product.
            others: the other returns of the order, which decide whether all of it was withdrawn.
            by: the person of staff.
            at: now.

        Raises WrongStatusError unless it is REQUESTED, and UnexpectedUnitsError where nothing came back, or more than
        was announced.
        """
        received = _received(given)
        if self.received == received and self.status is not ReturnStatus.REQUESTED:
            return None
        self._require(ReturnStatus.RECEIVED)
        announced = total_units(self.lines)
        came = {line.product_id: line.restocked + line.written_off for line in received}
        if not came:
            raise UnexpectedUnitsError("Nothing came back. Close the return instead.")
        for product_id, quantity in came.items():
            if quantity > announced.get(product_id, 0):
                raise UnexpectedUnitsError("More came back than was announced, or something else.")
        after = self._with(status=ReturnStatus.RECEIVED, received=received, received_at=at, received_by=by)
        delivery = after.withdraws_all(others)
        refund = self._price_of(came, others)
        cost = self._price_of_delivery()
        if delivery:
            refund += cost
        after = after.model_copy(update={"refund": refund, "delivery_refunded": delivery})
        event = ReturnReceived(
            return_id=self.return_id,
            order_id=self.order_id,
            user_id=self.user_id,
            lines=received,
            refund=refund,
            delivery=cost if delivery and cost.amount else None,
            reason=self.reason,
            received_at=at,
        )
        return after, event

    def withdraws_all(self, others: Iterable["Return"]) -> bool:
        """Return whether with this return all units of the order are back by the right to withdraw."""
        back = Counter[str]()
        for each in (self, *others):
            if each.reason != "WITHDRAWN" or each.delivery_refunded:
                continue
            if each.received:
                back.update(each.taken)
        return back == Counter(total_units(self.ordered))

    def refunded(self, refund: "PaymentRefundedV2", at: datetime) -> "tuple[Self, ReturnRefunded] | None":
        """Return the return as refunded; None where it was before.

        Raises ReturnMismatchError where the refund is of another order, or nothing has come back.
        """
        if (refund.order_id, refund.user_id) != (self.order_id, self.user_id):
            raise ReturnMismatchError(f"return {self.return_id} is of another order")
        if self.status is ReturnStatus.REFUNDED:
            return None
        if ReturnStatus.REFUNDED not in TRANSITIONS[self.status] or not self.received:
            raise ReturnMismatchError(f"return {self.return_id} is {self.status}, and its refund is paid")
        after = self._with(status=ReturnStatus.REFUNDED, refund=refund.amount, refunded_at=at, failure_code=None)
        event = ReturnRefunded(
            return_id=self.return_id,
            order_id=self.order_id,
            user_id=self.user_id,
            amount=refund.amount,
            refunded_at=at,
        )
        return after, event

    def refund_failed(self, failure_code: str) -> "Self | None":
        """Return the return with the code for which Stripe refuses its refund; None where it is known."""
        if self.failure_code == failure_code or self.status is ReturnStatus.REFUNDED:
            return None
        return self._with(failure_code=failure_code)

    def closed(self, by: str, at: datetime) -> "Self | None":
        """Return the return as closed by staff; None where it was before; raises WrongStatusError once refunded."""
        if self.status is ReturnStatus.CLOSED:
            return None
        self._require(ReturnStatus.CLOSED)
        return self._with(status=ReturnStatus.CLOSED, closed_by=by, closed_at=at)

    def _require(self, to: ReturnStatus) -> None:
        if to not in TRANSITIONS[self.status]:
            raise WrongStatusError(self.status)

    def _with(self, **changes: object) -> Self:
        return self.model_copy(update={**changes, "sequence": self.sequence + 1})

    def _price_of(self, units: Mapping[str, int], others: Iterable["Return"]) -> Money:
        """Return what was paid for units, with the tax that was added to them."""
        lines = _with_units(self.lines, units)
        price = sum(line.unit_price.amount * line.quantity for line in lines)
        if self.tax:
            bought, before = total_units(self.ordered), Counter[str]()
            for each in others:
                if each.received:
                    before.update(each.taken)
            for name, quantity in units.items():
                price += added_by(self.tax, tax_of_units(self.tax, name, before[name], quantity, bought[name]))
        return Money(amount=price, currency=self.shipping.currency)

    def _price_of_delivery(self) -> Money:
        """Return what of the delivery is given back, with the tax that was added to it.

        No more than the least expensive delivery would have cost: so does the law have it, Directive 2011/83/EU,
        article 13(2). Of an order from before that was known it is all.
        """
        paid = self.shipping.amount
        given_back = min(paid, self.standard_shipping.amount) if self.standard_shipping else paid
        added = added_by(self.tax, tax_of_part(self.tax.delivery, given_back, paid)) if self.tax else 0
        return Money(amount=given_back + added, currency=self.shipping.currency)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a withdrawal leads to.

    Attributes:
        event: its receipt.
        opened: the return that it opens, if any.
    """

    event: WithdrawalReceived
    opened: Return | None = None


def decide(
    withdrawal_id: str, order: ReturnableOrder, units: Sequence[Units] | None, earlier: Sequence[Return], at: datetime
) -> Decision:
    """Return what a withdrawal leads to. An order that was not sent is cancelled before this is asked.

    Parameters:
        withdrawal_id: of the withdrawal.
        order: as it is now.
        units: what is given up; None for all that is left.
        earlier: the returns of the order so far.
        at: when the shopper confirmed it.
    """
    left = _left(order, earlier)
    wanted = left if units is None else _wanted(units, left)
    reason = reason_at(at, order.placed_at, order.delivered_at)
    outcome: WithdrawalOutcome = "RETURN_OPENED"
    if order.is_cancelled:
        outcome, wanted = "CANCELLED", total_units(order.lines)
    elif not wanted or len(earlier) >= MAX_RETURNS_OF_ORDER:
        outcome = "NOTHING_LEFT"
    elif reason is None:
        outcome = "TOO_LATE"
    lines = _with_units(order.lines, wanted)
    opened = None
    if outcome == "RETURN_OPENED" and reason:
        opened = Return(
            return_id=f"{order.order_id}-{len(earlier) + 1}",
            order_id=order.order_id,
            user_id=order.user_id,
            order_number=order.order_number,
            withdrawal_id=withdrawal_id,
            reason=reason,
            lines=lines,
            ordered=order.lines,
            shipping=order.shipping,
            standard_shipping=order.standard_shipping,
            tax=order.tax,
            requested_at=at,
        )
    event = WithdrawalReceived(
        withdrawal_id=withdrawal_id,
        order_id=order.order_id,
        user_id=order.user_id,
        outcome=outcome,
        lines=lines,
        unsent=(names_all(order, units) and order.withdrawn_unsent) or None,
        return_id=opened.return_id if opened else None,
        received_at=at,
    )
    return Decision(event, opened)


def names_all(order: ReturnableOrder, units: Sequence[Units] | None) -> bool:
    """Return whether a withdrawal is from the whole contract, so that an order that was not sent is cancelled."""
    return units is None or _wanted(units, total_units(order.lines)) == total_units(order.lines)


def returned_by(request_id: str | None) -> str | None:
    """Return the return that a refund is for; None where it is for none."""
    if request_id is None or not request_id.startswith(REFUND_PREFIX):
        return None
    return request_id.removeprefix(REFUND_PREFIX)


def returnable_units(order: ReturnableOrder, earlier: Iterable[Return]) -> dict[str, int]:
    """Return the units of an order that are in no return yet, by product."""
    return {} if order.is_cancelled else _left(order, earlier)


def total_units(lines: Iterable[Line]) -> dict[str, int]:
    """Return the units of lines by product."""
    units = Counter[str]()
    for line in lines:
        units[line.product_id] += line.quantity
    return dict(units)


def _left(order: ReturnableOrder, earlier: Iterable[Return]) -> dict[str, int]:
    left = Counter(total_units(order.lines))
    for each in earlier:
        left.subtract(each.taken)
    return {product_id: quantity for product_id, quantity in left.items() if quantity > 0}


def _wanted(units: Sequence[Units], left: Mapping[str, int]) -> dict[str, int]:
    named = Counter[str]()
    for each in units:
        named[each.product_id] += each.quantity
    return {name: min(quantity, left[name]) for name, quantity in named.items() if name in left}


def _with_units(lines: Iterable[Line], units: Mapping[str, int]) -> list[Line]:
    """Return those of the lines that make up these units of each product, in their order."""
    rest = dict(units)
    found = []
    for line in lines:
        quantity = min(line.quantity, rest.get(line.product_id, 0))
        if quantity:
            rest[line.product_id] -= quantity
            found.append(line.model_copy(update={"quantity": quantity}))
    return found


def _received(given: Sequence[CameBack]) -> list[ReceivedUnits]:
    restocked, written_off = Counter[str](), Counter[str]()
    for each in given:
        restocked[each.product_id] += each.restock
        written_off[each.product_id] += each.write_off
    return [
        ReceivedUnits(product_id=name, restocked=restocked[name], written_off=written_off[name])
        for name in restocked
        if restocked[name] + written_off[name]
    ]
