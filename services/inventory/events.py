"""Events that move stock: a product appears, an order is placed, an order is cancelled.

All of them are safe in a replay: a product's stock is created once, and a reservation remembers
what became of its order.
"""

from bus.consumer import Consumer
from schemas.catalog import ProductCreated
from schemas.event import Envelope
from schemas.orders import OrderCancelled, OrderPlaced
from services.inventory.warehouse import warehouse

consumer = Consumer("inventory")


@consumer.on(ProductCreated)
def stock_product(event: Envelope[ProductCreated]) -> None:
    """Start the stock of a product with the figure that came with it."""
    warehouse().create(event.data.product_id, on_hand=event.data.initial_stock or 0)


@consumer.on(OrderPlaced)
def commit_reservation(event: Envelope[OrderPlaced]) -> None:
    """Take the units of the order off the shelf, or raise StockShort."""
    warehouse().commit(event.data)


@consumer.on(OrderCancelled)
def give_back_units(event: Envelope[OrderCancelled]) -> None:
    """Put the units of the order back on the shelf."""
    warehouse().give_back(event.data.order_id, {line.product_id for line in event.data.lines})
