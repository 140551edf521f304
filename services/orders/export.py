"""The export command of orders: all orders of a person, page by page, for identity's export."""

from bus.command import command
from schemas.commands import ExportInput
from schemas.contract import Contract, Identifier
from services.orders.api_models import OrderView
from services.orders.dependencies import store
from services.orders.domain import Order
from services.orders.store import PAGE_SIZE


class ExportedOrder(OrderView):
    """An order with what only an export shows: the notes of staff are about the person, too."""

    payment_intent_id: Identifier
    email: str | None = None
    refund_notes: list[str] = []


class OrdersExport(Contract):
    """A page of the orders of a person, newest first."""

    orders: list[ExportedOrder]
    next_cursor: str | None = None


def _export(given: ExportInput) -> OrdersExport:
    orders, next_cursor = store().list_by_user(given.user_id, PAGE_SIZE, given.cursor)
    return OrdersExport(orders=[_exported(order) for order in orders], next_cursor=next_cursor)


def _exported(order: Order) -> ExportedOrder:
    return ExportedOrder(
        **OrderView.of(order).model_dump(by_alias=False),
        payment_intent_id=order.payment_intent_id,
        email=order.email,
        refund_notes=[*order.refund_notes.values()],
    )


export = command(_export, ExportInput)
