"""Units of an order that are for sale again: goods that came back, and units that were refunded instead of being sent.

The reservation of the order remembers each return and each such refund with its units, so each is added once, and never
more than the order took.
"""

from collections import Counter

from schemas.orders import OrderRefunded
from schemas.returns import ReturnReceived
from services.inventory.causes import Cause, MovementKind
from services.inventory.domain import (
    Quantities,
    ReservationChange,
    ReservationMismatchError,
    ReservationState,
    Snapshot,
    StockWrite,
    total_quantities,
)

UNSENT_PREFIX = "unsent-"
"""Of the key under which a reservation remembers a refund of unsent units; ``audit/records.py`` has the same."""


class NotTakenYetError(Exception):
    """The order has not taken its units yet: the event has to be delivered again, once it has."""


def take_back(snapshot: Snapshot, returned: ReturnReceived, now: int) -> ReservationChange | None:
    """Decide on goods that came back; None if that was decided before.

    Units of a product that was deleted since are remembered, and go nowhere.

    Parameters:
        snapshot: the reservation of the order, and the stocks of its products.
        returned: what came back.
        now: milliseconds since the epoch.

    Raises ReservationMismatchError where the order took no units, or fewer than came back.
    """
    reservation = snapshot.reservation
    if returned.return_id in reservation.returned:
        return None
    if reservation.state is not ReservationState.COMMITTED:
        raise ReservationMismatchError(
            f"units of order {reservation.reservation_id} came back, and its reservation is {reservation.state}"
        )
    restocked = {line.product_id: line.restocked for line in returned.lines if line.restocked}
    return _on_the_shelf(snapshot, returned.return_id, restocked, "RETURNED", now)


def keep_unsent(snapshot: Snapshot, refunded: OrderRefunded, now: int) -> ReservationChange | None:
    """Decide on units that were refunded instead of being sent; None if there are none, or that was decided before.

    Nothing is added for an order that was cancelled, with which all of its units came back, or that was short.

    Parameters:
        snapshot: the reservation of the order, and the stocks of its products.
        refunded: the refund.
        now: milliseconds since the epoch.

    Raises ReservationMismatchError where the order has no reservation, or took fewer units, and NotTakenYetError where
    it has taken none yet.
    """
    reservation = snapshot.reservation
    key = f"{UNSENT_PREFIX}{refunded.request_id}"
    if not refunded.unsent or key in reservation.returned:
        return None
    match reservation.state:
        case ReservationState.COMMITTED:
            return _on_the_shelf(snapshot, key, total_quantities(refunded.unsent), "UNSENT", now)
        case ReservationState.RETURNED | ReservationState.SHORT:
            return None
        case ReservationState.UNKNOWN:
            raise ReservationMismatchError(f"nothing was reserved for order {reservation.reservation_id}")
        case _:
            raise NotTakenYetError(reservation.reservation_id)


def _on_the_shelf(snapshot: Snapshot, key: str, units: Quantities, kind: MovementKind, now: int) -> ReservationChange:
    reservation = snapshot.reservation
    together = Counter[str](units)
    for earlier in reservation.returned.values():
        together.update(earlier)
    for product_id in units:
        if together[product_id] > reservation.lines.get(product_id, 0):
            raise ReservationMismatchError(
                f"more units of {product_id} came back than order {reservation.reservation_id} had taken"
            )
    cause = Cause(kind, now, order_id=reservation.reservation_id)
    stocks = tuple(
        StockWrite(stock, stock.with_units_added(units[product_id], reservation.reservation_id, now), cause=cause)
        for product_id, stock in snapshot.stocks.items()
        if product_id in units
    )
    return ReservationChange(reservation.with_return(key, units), stocks)
