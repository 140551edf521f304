"""Handlers of the events that change the product projection or the carts. All are safe in a replay.

A product keeps the last sequences of catalog and of inventory, and drops what is not newer. A cart
has a marker of each order that was removed from it. A user id is never reused, so an erasure may be
repeated.
"""

from bus.consumer import Consumer
from bus.log import logger
from schemas.catalog import ProductCreated, ProductDeleted, ProductUpdated
from schemas.event import Envelope
from schemas.identity import UserDeleted
from schemas.inventory import StockChanged
from schemas.orders import OrderPlaced
from services.cart.dependencies import cart_service

consumer = Consumer("cart")


@consumer.on(ProductCreated)
def save_new_product(event: Envelope[ProductCreated]) -> None:
    """Store a new product."""
    cart_service().products.save_product(event.data.product, event.metadata.sequence)


@consumer.on(ProductUpdated)
def save_updated_product(event: Envelope[ProductUpdated]) -> None:
    """Store a product as it is now."""
    cart_service().products.save_product(event.data.product, event.metadata.sequence)


@consumer.on(ProductDeleted)
def mark_product_deleted(event: Envelope[ProductDeleted]) -> None:
    """Store that a product is no longer on sale."""
    cart_service().products.mark_deleted(event.data.product_id, event.metadata.sequence)


@consumer.on(StockChanged)
def save_available_units(event: Envelope[StockChanged]) -> None:
    """Store how many units of a product are available."""
    cart_service().products.save_available(event.data.product_id, event.data.available, event.metadata.sequence)


@consumer.on(OrderPlaced)
def remove_purchased_lines(event: Envelope[OrderPlaced]) -> None:
    """Remove the units of an order from the shopper's cart."""
    if not cart_service().remove_purchased(event.data):
        logger.info("the cart holds nothing of this order any more", order_id=event.data.order_id)


@consumer.on(UserDeleted)
def erase_cart(event: Envelope[UserDeleted]) -> None:
    """Delete all that is stored of a shopper, and refuse their later changes."""
    cart_service().store.erase(event.data.user_id)
