"""What returned goods do to stock: the units that can be sold again go back on the shelf, once for a return."""

from collections import Counter

from schemas.returns import ReturnReceived
from services.inventory.causes import Cause
from services.inventory.domain import (
    ReservationChange,
    ReservationMismatchError,
    ReservationState,
    Snapshot,
    StockWrite,
)


def take_back(snapshot: Snapshot, returned: ReturnReceived, now: int) -> ReservationChange | None:
    """Decide on goods that came back; None if that was decided before.

    The reservation remembers each return of its order, so a repeated event changes nothing. Units of a product that
    was deleted since are remembered, and go nowhere.

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
    on_the_shelf = Counter[str](restocked)
    for units in reservation.returned.values():
        on_the_shelf.update(units)
    for product_id in restocked:
        if on_the_shelf[product_id] > reservation.lines.get(product_id, 0):
            raise ReservationMismatchError(
                f"more units of {product_id} came back than order {reservation.reservation_id} had taken"
            )
    cause = Cause("RETURNED", now, order_id=reservation.reservation_id)
    stocks = tuple(
        StockWrite(stock, stock.with_units_added(restocked[product_id], reservation.reservation_id, now), cause=cause)
        for product_id, stock in snapshot.stocks.items()
        if product_id in restocked
    )
    return ReservationChange(reservation.with_return(returned.return_id, restocked), stocks)
