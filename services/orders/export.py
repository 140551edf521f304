"""What orders stores of a person: all their orders."""

from functools import cache

from bus.clients import dynamodb
from bus.command import command
from schemas.commands import ExportInput
from schemas.contract import Contract
from services.orders.store import OrderSettings, OrderStore
from services.orders.views import OrderView


class OrdersOfPerson(Contract):
    """All orders of a person, newest first."""

    orders: list[OrderView]


@cache
def _store() -> OrderStore:
    return OrderStore(dynamodb(), OrderSettings.load().orders_table)


def _export(given: ExportInput) -> OrdersOfPerson:
    return OrdersOfPerson(orders=[OrderView.of(order) for order in _store().all_of_user(given.user_id)])


export = command(_export, ExportInput)
