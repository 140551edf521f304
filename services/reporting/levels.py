"""What events tell of the stock of a product, and of its name."""

from typing import Any

from schemas.catalog import ProductCreated, ProductDeleted, ProductUpdated
from schemas.event import Envelope
from schemas.inventory import StockChanged
from services.reporting.store import StockLevelStore

Told = StockChanged | ProductCreated | ProductUpdated | ProductDeleted


def save_level(levels: StockLevelStore, event: Envelope[Any]) -> None:
    """Store what an event tells of a product, unless something newer is stored.

    Parameters:
        levels: where it is stored.
        event: of one of the classes in ``Told``.
    """
    told: Told = event.data
    sequence = event.metadata.sequence
    match told:
        case StockChanged():
            levels.save_level(told.product_id, told.available, told.on_hand, sequence)
        case ProductCreated() | ProductUpdated():
            levels.save_name(told.product_id, told.product.name, sequence)
        case ProductDeleted():
            levels.mark_deleted(told.product_id, sequence)
