"""The export command of orders: all orders of a person, page by page, for identity's export."""

from bus.command import command
from schemas.commands import ExportInput
from schemas.contract import Contract
from services.orders.api_models import OrderView
from services.orders.dependencies import store
from services.orders.store import PAGE_SIZE


class OrdersExport(Contract):
    """A page of the orders of a person, newest first."""

    orders: list[OrderView]
    next_cursor: str | None = None


def _export(given: ExportInput) -> OrdersExport:
    orders, next_cursor = store().list_by_user(given.user_id, PAGE_SIZE, given.cursor)
    return OrdersExport(orders=[OrderView.of(order) for order in orders], next_cursor=next_cursor)


export = command(_export, ExportInput)
