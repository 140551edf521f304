"""Commands of orders: put an order once, from the queue; show a shopper's own to another service."""

from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from bus.command import command, queued_command
from bus.log import logger
from schemas.commands import PlaceOrder
from schemas.contract import Contract, Identifier
from services.orders.dependencies import store
from services.orders.domain import Order
from services.orders.views import OrderView


class ShowInput(Contract):
    """Whose orders: one of them, or the newest."""

    user_id: Identifier
    order_id: Identifier | None = None
    limit: int = Field(default=5, ge=1, le=20)


class Shown(Contract):
    """The orders, newest first, without the addresses. None at all where it is not the shopper's."""

    outcome: Literal["SHOWN"] = "SHOWN"
    orders: list[OrderView]


def _place(command: PlaceOrder) -> None:
    order, placed = Order.placed(command, at=datetime.now(UTC))
    if not store().put_once(order, placed):
        logger.info("order is there already", order_id=command.order_id)


def _show(given: ShowInput) -> Shown:
    if given.order_id is None:
        orders, _ = store().of_user(given.user_id, given.limit, cursor=None)
    else:
        found = store().get(given.order_id, given.user_id)
        orders = [found] if found else []
    return Shown(orders=[OrderView.of(order.model_copy(update={"shipping_address": None})) for order in orders])


place = queued_command(_place, PlaceOrder)
show = command(_show, ShowInput)
