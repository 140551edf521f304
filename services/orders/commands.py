"""The order queue's consumer: puts an order once."""

from datetime import UTC, datetime
from functools import cache

from bus.clients import dynamodb
from bus.command import queued_command
from bus.log import logger
from schemas.commands import PlaceOrder
from services.orders.domain import Order
from services.orders.store import OrderSettings, OrderStore


@cache
def _store() -> OrderStore:
    return OrderStore(dynamodb(), OrderSettings.load().orders_table)


def _place(command: PlaceOrder) -> None:
    order, placed = Order.placed(command, at=datetime.now(UTC))
    if not _store().put_once(order, placed):
        logger.info("order is there already", order_id=command.order_id)


place = queued_command(_place, PlaceOrder)
