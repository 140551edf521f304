"""Handlers of inventory's events. Safe in a replay: a change that is older than the stored one is ignored."""

from bus.consumer import Consumer
from schemas.event import Envelope
from schemas.inventory import StockChanged
from services.search.dependencies import search_products

consumer = Consumer("search")


@consumer.on(StockChanged)
def update_availability(event: Envelope[StockChanged]) -> None:
    """Store how many units of the product can be bought."""
    search_products().set_available(event.data.product_id, event.data.available, event.metadata.sequence)
