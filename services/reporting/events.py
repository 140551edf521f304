"""Handlers of the events that are counted. All are safe in a replay: a fact is stored under a key of its own."""

from bus.consumer import Consumer, RejectedEventError
from schemas.cart import CartStarted
from schemas.catalog import ProductCreated, ProductDeleted, ProductUpdated
from schemas.checkout import CheckoutFailed
from schemas.event import Envelope
from schemas.inventory import StockChanged
from schemas.orders import OrderCancelled, OrderPlaced, OrderRefunded
from services.reporting.dependencies import sales, stock_levels
from services.reporting.domain import SealedDayError
from services.reporting.facts import Counted, ForeignCurrencyError, fact_of
from services.reporting.levels import save_level

consumer = Consumer("reporting")


@consumer.on(CartStarted)
def count_cart(event: Envelope[CartStarted]) -> None:
    """Count a cart that got its first product."""
    _count(event)


@consumer.on(CheckoutFailed)
def count_failed_checkout(event: Envelope[CheckoutFailed]) -> None:
    """Count a checkout that ended without an order."""
    _count(event)


@consumer.on(OrderPlaced)
def count_order(event: Envelope[OrderPlaced]) -> None:
    """Count an order and what was bought."""
    _count(event)


@consumer.on(OrderCancelled)
def count_cancellation(event: Envelope[OrderCancelled]) -> None:
    """Count a cancelled order and what was in it."""
    _count(event)


@consumer.on(OrderRefunded)
def count_refund(event: Envelope[OrderRefunded]) -> None:
    """Count what went back to a card."""
    _count(event)


@consumer.on(StockChanged)
def store_level(event: Envelope[StockChanged]) -> None:
    """Store the units of a product."""
    save_level(stock_levels(), event)


@consumer.on(ProductCreated)
def store_product(event: Envelope[ProductCreated]) -> None:
    """Store the name of a new product."""
    save_level(stock_levels(), event)


@consumer.on(ProductUpdated)
def rename_product(event: Envelope[ProductUpdated]) -> None:
    """Store the name of a changed product."""
    save_level(stock_levels(), event)


@consumer.on(ProductDeleted)
def remove_product(event: Envelope[ProductDeleted]) -> None:
    """Leave a deleted product out of the low stock."""
    save_level(stock_levels(), event)


def _count(event: Envelope[Counted]) -> None:
    try:
        sales().count(fact_of(event))
    except (ForeignCurrencyError, SealedDayError) as error:
        raise RejectedEventError(str(error)) from error
