"""The command ``unsent-orders``: which orders of a shopper stand in the way of their erasure."""

from bus.command import command
from schemas.commands import ExportInput
from schemas.contract import Contract, Identifier, Money, Timestamp
from schemas.order_number import order_number
from services.orders.dependencies import store

MAX_NAMED = 20
"""Orders that are named; all of them are counted."""


class UnsentOrder(Contract):
    """An order that is paid and of which something is still to be sent."""

    order_id: Identifier
    order_number: str
    total: Money
    placed_at: Timestamp


class UnsentOrdersOutcome(Contract):
    """The orders of a shopper that are paid and still to be sent: how many, and the newest of them."""

    count: int
    orders: list[UnsentOrder]


def _unsent_orders(given: ExportInput) -> UnsentOrdersOutcome:
    orders: list[UnsentOrder] = []
    count = 0
    for order in store().iter_by_user(given.user_id):
        if not order.is_unsent:
            continue
        count += 1
        if count <= MAX_NAMED:
            orders.append(
                UnsentOrder(
                    order_id=order.order_id,
                    order_number=order_number(order.order_id),
                    total=order.total,
                    placed_at=order.placed_at,
                )
            )
    return UnsentOrdersOutcome(count=count, orders=orders)


unsent_orders = command(_unsent_orders, ExportInput)
