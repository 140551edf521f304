"""The export command of orders: all orders of a person, page by page, for identity's export."""

from bus.command import command
from schemas.commands import ExportInput
from schemas.contract import Contract
from services.orders.api_models import OrderView
from services.orders.dependencies import store
from services.orders.store import PAGE_SIZE


class OrdersExport(Contract):
    """A page of the orders of a person, newest first.

    Attributes:
        refund_notes: what staff wrote to refunds, by order id.
    """

    orders: list[OrderView]
    refund_notes: dict[str, list[str]] = {}
    next_cursor: str | None = None


def _export(given: ExportInput) -> OrdersExport:
    orders, next_cursor = store().list_by_user(given.user_id, PAGE_SIZE, given.cursor)
    notes = {order.order_id: list(order.refund_notes.values()) for order in orders if order.refund_notes}
    return OrdersExport(orders=[OrderView.of(order) for order in orders], refund_notes=notes, next_cursor=next_cursor)


export = command(_export, ExportInput)
