"""Handlers of the events that change stock: ProductCreated, OrderPlaced, OrderCancelled, ReturnReceived,
OrderRefunded.

All are safe in a replay: the stock of a product is created once, and a reservation keeps the state
of its order. An order moves units only as its checkout has reserved them.
"""

from bus.consumer import Consumer, RejectedEventError
from schemas.catalog import ProductCreated
from schemas.event import Envelope
from schemas.orders import OrderCancelled, OrderPlaced, OrderRefunded
from schemas.returns import ReturnReceived
from services.inventory.dependencies import inventory_service
from services.inventory.domain import ReservationMismatchError, total_quantities

consumer = Consumer("inventory")


@consumer.on(ProductCreated)
def create_stock(event: Envelope[ProductCreated]) -> None:
    """Store the first stock of a product: its ``initialStock``, by default 0 units."""
    inventory_service().create_stock(event.data.product_id, on_hand=event.data.initial_stock or 0)


@consumer.on(OrderPlaced)
def commit_reservation(event: Envelope[OrderPlaced]) -> None:
    """Take the units of the order out of stock, or publish StockShort."""
    try:
        inventory_service().commit(event.data)
    except ReservationMismatchError as error:
        raise RejectedEventError(str(error)) from error


@consumer.on(OrderCancelled)
def restock_order(event: Envelope[OrderCancelled]) -> None:
    """Return the units of the order to stock."""
    try:
        inventory_service().restock(event.data.order_id, total_quantities(event.data.lines))
    except ReservationMismatchError as error:
        raise RejectedEventError(str(error)) from error


@consumer.on(ReturnReceived)
def restock_return(event: Envelope[ReturnReceived]) -> None:
    """Put returned units that can be sold again on the shelf."""
    try:
        inventory_service().take_back(event.data)
    except ReservationMismatchError as error:
        raise RejectedEventError(str(error)) from error


@consumer.on(OrderRefunded)
def keep_unsent(event: Envelope[OrderRefunded]) -> None:
    """Make units sellable again that were refunded instead of being sent; most refunds have none."""
    if not event.data.unsent:
        return
    try:
        inventory_service().keep_unsent(event.data)
    except ReservationMismatchError as error:
        raise RejectedEventError(str(error)) from error
