"""The sweeper: removes expired holds once a minute, so that StockChanged announces the units that are free again.

No result of inventory depends on it: a hold's expiry is evaluated when it is read.
"""

from bus.context import Context, use_context
from bus.log import logger
from bus.optimistic_locking import RetriesExhaustedError
from services.inventory.dependencies import inventory_service
from services.inventory.inventory_service import InventoryService

LIMIT = 500
"""Reservations a run; the next run takes the rest."""


def sweep(inventory: InventoryService, limit: int = LIMIT) -> int:
    """Remove the holds of expired reservations, the oldest first; return how many reservations were marked expired.

    The holds are removed first, so that the next run repeats a run that died in between.

    Parameters:
        inventory: the stock and the reservations.
        limit: reservations to read at most.
    """
    expired = inventory.list_expired(limit)
    busy = {
        product_id
        for product_id in sorted({product_id for reservation in expired for product_id in reservation.lines})
        if not _drop_expired_holds(inventory, product_id)
    }
    done = [reservation for reservation in expired if busy.isdisjoint(reservation.lines)]
    return sum(inventory.mark_expired(reservation) for reservation in done)


def _drop_expired_holds(inventory: InventoryService, product_id: str) -> bool:
    try:
        inventory.drop_expired_holds(product_id)
    except RetriesExhaustedError:
        logger.warning("stock is too busy to be swept; the next run will", product_id=product_id)
        return False
    return True


def handler(_event: object, _context: object) -> None:
    """Lambda entry of the timer."""
    with use_context(Context.begin()):
        closed = sweep(inventory_service())
        if closed:
            logger.info("reservations expired", closed=closed)
