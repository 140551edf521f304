"""The commands of returns: which order it is about, and the end of what was not sent yet."""

from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from bus.command import command
from schemas.commands import ReturnableOrder
from schemas.contract import Contract, Identifier, Line
from schemas.order_number import order_number
from schemas.tax import LineTax, OrderTax
from services.orders.dependencies import store
from services.orders.domain import Order, OrderChange
from services.orders.history import SHOPPER
from services.orders.linked_orders import MAX_TOKEN_LENGTH, find_linked_order
from services.orders.order_links import InvalidLinkError
from services.orders.order_refunds import WITHDRAWAL_REQUEST
from services.orders.parcels import Units, count_units, lines_of
from services.orders.statuses import OrderStatus
from tax.refunds import tax_of_units


class ReturnableOrderInput(Contract):
    """Which order: the one of a signed link, or a shopper's by its id or number."""

    token: str | None = Field(default=None, max_length=MAX_TOKEN_LENGTH)
    user_id: Identifier | None = None
    order: Identifier | None = Field(default=None, description="The order's id, or its number.")


class WithdrawInput(Contract):
    """The order from whose whole contract its shopper withdraws."""

    order_id: Identifier
    user_id: Identifier


class ReturnableOrderOutcome(Contract):
    """The order as it is now; none where there is no such order, or not for whoever asks."""

    outcome: Literal["FOUND", "NONE"]
    order: ReturnableOrder | None = None


def _returnable_order(given: ReturnableOrderInput) -> ReturnableOrderOutcome:
    if given.token is not None:
        try:
            return _found(find_linked_order(given.token))
        except InvalidLinkError:
            return _found(None)
    if given.user_id is None or given.order is None:
        return _found(None)
    return _found(store().find_named(given.user_id, given.order))


def _withdraw(given: WithdrawInput) -> ReturnableOrderOutcome:
    """Cancel the order where nothing was sent, which is to withdraw then; of one in parcels, refund the rest."""
    order = store().get(given.order_id, given.user_id)
    return _found(store().update(order, _ended_for_withdrawal) if order else None)


def _ended_for_withdrawal(order: Order) -> OrderChange | None:
    at = datetime.now(UTC)
    if not order.is_cancellable:
        return order.rest_refunded_for_withdrawal(at)
    return order.cancelled(SHOPPER, "The shopper withdrew from the contract before it was sent.", at)


def _found(order: Order | None) -> ReturnableOrderOutcome:
    if order is None or order.is_erased:
        return ReturnableOrderOutcome(outcome="NONE")
    delivered = next((change.at for change in order.history if change.status is OrderStatus.DELIVERED), None)
    return ReturnableOrderOutcome(
        outcome="FOUND",
        order=ReturnableOrder(
            order_id=order.order_id,
            user_id=order.user_id,
            order_number=order_number(order.order_id),
            lines=_returnable_lines(order),
            shipping=order.shipping,
            standard_shipping=order.delivery.standard_price if order.delivery else None,
            tax=_tax_of_returnable_lines(order),
            total=order.total,
            is_cancelled=order.is_cancelled,
            withdrawn_unsent=_withdrawn_unsent(order),
            placed_at=order.placed_at,
            delivered_at=delivered,
        ),
    )


def _withdrawn_unsent(order: Order) -> list[Line]:
    request = order.refund_requests.get(WITHDRAWAL_REQUEST)
    return lines_of(request.lines, order.lines) if request and request.failure_code is None else []


def _tax_of_returnable_lines(order: Order) -> OrderTax | None:
    """Return the tax of an order, of each line that of its returnable units."""
    if order.tax is None or not order.refunded_unsent:
        return order.tax
    bought = count_units(order.lines)
    lines = [
        LineTax(product_id=name, taxes=tax_of_units(order.tax, name, bought[name] - units, units, bought[name]))
        for name, units in count_units(_returnable_lines(order)).items()
    ]
    return order.tax.model_copy(update={"lines": lines})


def _returnable_lines(order: Order) -> list[Line]:
    """Return the lines without units that were refunded instead of being sent: they never come back."""
    kept = count_units(order.lines) - order.refunded_unsent
    lines = lines_of([Units(product_id=name, quantity=units) for name, units in kept.items()], order.lines)
    # Of an order of which nothing is to be sent nothing can come back either: it is cancelled.
    return lines or order.lines


returnable_order = command(_returnable_order, ReturnableOrderInput)
withdraw = command(_withdraw, WithdrawInput)
