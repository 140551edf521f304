"""The sweeper: once a minute it drops expired holds, so that the others hear of units that are free again.

No answer of inventory depends on it: expiry is judged when a hold is read.
"""

from bus.contention import ContendedError
from bus.context import Context, entered
from bus.log import logger
from services.inventory.warehouse import Warehouse, warehouse

LIMIT = 500
"""Reservations a run; what is left over is the next run's."""


def sweep(warehouse: Warehouse, limit: int = LIMIT) -> int:
    """Drop the holds of the reservations that expired first; return how many reservations were closed.

    The holds go first: a run that dies in between is repeated by the next one.
    """
    expired = warehouse.expired(limit)
    busy = {
        product_id
        for product_id in sorted({product_id for reservation in expired for product_id in reservation.lines})
        if not _swept(warehouse, product_id)
    }
    done = [reservation for reservation in expired if busy.isdisjoint(reservation.lines)]
    return sum(warehouse.close(reservation) for reservation in done)


def _swept(warehouse: Warehouse, product_id: str) -> bool:
    try:
        warehouse.sweep(product_id)
    except ContendedError:
        logger.warning("stock is too busy to be swept; the next run will", product_id=product_id)
        return False
    return True


def handler(_event: object, _context: object) -> None:
    """Lambda entry of the timer."""
    with entered(Context.begin()):
        closed = sweep(warehouse())
        if closed:
            logger.info("reservations expired", closed=closed)
