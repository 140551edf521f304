"""The commands of orders: place an order, from the queue; show orders, or where one goes, to another service."""

from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from bus.command import command, queued_command
from bus.log import logger
from schemas.commands import PlaceOrder, ShippingAddress
from schemas.contract import Contract, Identifier
from services.orders.api_models import OrderView
from services.orders.dependencies import order_links, store
from services.orders.domain import Order
from services.orders.order_links import link_path


class ShowOrdersInput(Contract):
    """Which orders of a shopper: one of them, or the newest ones."""

    user_id: Identifier
    order_id: Identifier | None = Field(default=None, description="The order's id, or its number.")
    limit: int = Field(default=5, ge=1, le=20)


class OrdersShownOutcome(Contract):
    """The orders, newest first, without addresses; none where the order is not the shopper's."""

    outcome: Literal["SHOWN"] = "SHOWN"
    orders: list[OrderView]


class DeliveryAddressInput(Contract):
    """An order of a shopper."""

    order_id: Identifier
    user_id: Identifier


class DeliveryAddressOutcome(Contract):
    """Where the order goes; nothing where it is not the shopper's, or its address was erased."""

    outcome: Literal["FOUND", "NONE"]
    shipping_address: ShippingAddress | None = None
    order_link: str | None = Field(
        default=None, description="Path of a page of the shop that shows the order to whoever has it, for a time."
    )


def _place(command: PlaceOrder) -> None:
    order, event = Order.placed(command, at=datetime.now(UTC))
    if not store().create(order, event):
        logger.info("order is there already", order_id=command.order_id)


def _show(given: ShowOrdersInput) -> OrdersShownOutcome:
    if given.order_id is None:
        orders, _ = store().list_by_user(given.user_id, given.limit, cursor=None)
    else:
        order = store().find_named(given.user_id, given.order_id)
        orders = [order] if order else []
    return OrdersShownOutcome(
        orders=[OrderView.of(order.model_copy(update={"shipping_address": None})) for order in orders]
    )


def _delivery_address(given: DeliveryAddressInput) -> DeliveryAddressOutcome:
    order = store().get(given.order_id, given.user_id)
    if order is None or order.shipping_address is None:
        return DeliveryAddressOutcome(outcome="NONE")
    token = order_links().issue(order.order_id, order.link_revision)
    return DeliveryAddressOutcome(outcome="FOUND", shipping_address=order.shipping_address, order_link=link_path(token))


place = queued_command(_place, PlaceOrder)
show = command(_show, ShowOrdersInput)
delivery_address = command(_delivery_address, DeliveryAddressInput)
