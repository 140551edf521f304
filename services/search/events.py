"""Events that change how many units of a product can be bought. Safe in a replay: a stock keeps its sequence."""

from bus.consumer import Consumer
from schemas.event import Envelope
from schemas.inventory import StockChanged
from services.search.dependencies import search_products

consumer = Consumer("search")


@consumer.on(StockChanged)
def count_stock(event: Envelope[StockChanged]) -> None:
    """Learn how many units of a product are available."""
    search_products().count(event.data.product_id, event.data.available, event.metadata.sequence)
