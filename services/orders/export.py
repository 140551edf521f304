"""What orders stores of a person: all their orders."""

from bus.command import command
from schemas.commands import ExportInput
from schemas.contract import Contract
from services.orders.dependencies import store
from services.orders.views import OrderView


class OrdersOfPerson(Contract):
    """All orders of a person, newest first."""

    orders: list[OrderView]


def _export(given: ExportInput) -> OrdersOfPerson:
    return OrdersOfPerson(orders=[OrderView.of(order) for order in store().all_of_user(given.user_id)])


export = command(_export, ExportInput)
