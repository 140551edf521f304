"""The export command of orders: all orders of a person, for identity's export."""

from bus.command import command
from schemas.commands import ExportInput
from schemas.contract import Contract
from services.orders.api_models import OrderView
from services.orders.dependencies import store


class OrdersExport(Contract):
    """All orders of a person, newest first."""

    orders: list[OrderView]


def _export(given: ExportInput) -> OrdersExport:
    return OrdersExport(orders=[OrderView.of(order) for order in store().iter_by_user(given.user_id)])


export = command(_export, ExportInput)
