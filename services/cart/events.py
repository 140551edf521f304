"""Events that change what the cart knows of products, or what is in a cart. All are safe in a replay.

A product keeps the sequences that it was last told by catalog and by inventory, and drops what is
not newer. A cart is marked with the orders that were taken out of it. A shopper's id is never given
again, so to forget them twice is to forget them.
"""

from bus.consumer import Consumer
from bus.log import logger
from schemas.catalog import ProductCreated, ProductDeleted, ProductUpdated
from schemas.event import Envelope
from schemas.identity import UserDeleted
from schemas.inventory import StockChanged
from schemas.orders import OrderPlaced
from services.cart.shopping import shopping

consumer = Consumer("cart")


@consumer.on(ProductCreated)
def show_new_product(event: Envelope[ProductCreated]) -> None:
    """Learn of a product."""
    shopping().products.show(event.data.product, event.metadata.sequence)


@consumer.on(ProductUpdated)
def show_changed_product(event: Envelope[ProductUpdated]) -> None:
    """Learn what a product is like by now."""
    shopping().products.show(event.data.product, event.metadata.sequence)


@consumer.on(ProductDeleted)
def delete_product(event: Envelope[ProductDeleted]) -> None:
    """Learn that a product is gone."""
    shopping().products.hide(event.data.product_id, event.metadata.sequence)


@consumer.on(StockChanged)
def count_stock(event: Envelope[StockChanged]) -> None:
    """Learn how many units of a product are available."""
    shopping().products.count(event.data.product_id, event.data.available, event.metadata.sequence)


@consumer.on(OrderPlaced)
def forget_bought(event: Envelope[OrderPlaced]) -> None:
    """Take what was bought out of the cart."""
    if not shopping().forget_bought(event.data):
        logger.info("the cart holds nothing of this order any more", order_id=event.data.order_id)


@consumer.on(UserDeleted)
def forget_shopper(event: Envelope[UserDeleted]) -> None:
    """Delete all that the cart knows of a shopper, and take nothing from them any more."""
    shopping().carts.forget(event.data.user_id)
