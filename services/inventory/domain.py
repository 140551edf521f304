"""The rules of stock: units on hand, the reservations that hold some of them, and their expiry.

Pure functions: each takes what was read and returns what has to be written, or None if nothing has
to be. Times are milliseconds since the epoch. A hold has expired from the millisecond of its
``expires_at`` on, whether or not it was removed yet. The reasons are in decisions 4 and 5.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from schemas.inventory import ShortLine, StockChanged, StockShort
from schemas.orders import OrderPlaced
from schemas.sequence import restated_sequence
from services.inventory.causes import Cause

HOLD_MILLISECONDS = 15 * 60 * 1000
"""How long a reservation holds its units: 15 minutes."""

Quantities = Mapping[str, int]
"""Units by product id."""


class ReservationState(StrEnum):
    """The state of a reservation; the README has the table of transitions."""

    UNKNOWN = "UNKNOWN"
    """No reservation of that id exists; this state is never stored."""
    HELD = "HELD"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"
    COMMITTED = "COMMITTED"
    """Its order was placed and the units were taken out of stock."""
    SHORT = "SHORT"
    """Its order was placed and there were too few units."""
    RETURNED = "RETURNED"
    """Its order was cancelled, and the units that it had taken are back in stock."""


ORDER_SETTLED = frozenset({ReservationState.COMMITTED, ReservationState.SHORT, ReservationState.RETURNED})
"""States in which OrderPlaced changes nothing."""


LOW_AT = 5
"""From this number of available units down, a product is low; staff's list has it then."""
KEPT_ADJUSTMENTS = 20
"""Adjustments that a stock remembers, so that one that is sent again is made once."""


class SupplyLevel(StrEnum):
    """How much of a product can be had; the lists of staff go by it."""

    OUT = "OUT"
    LOW = "LOW"
    ENOUGH = "ENOUGH"

    @classmethod
    def of(cls, available: int) -> "SupplyLevel":
        """Return the level of a number of available units."""
        if available <= 0:
            return cls.OUT
        return cls.LOW if available <= LOW_AT else cls.ENOUGH


class TooFewUnitsError(Exception):
    """An adjustment takes more units than there are.

    Parameters:
        on_hand: units in the warehouse.
    """

    def __init__(self, on_hand: int) -> None:
        super().__init__(f"there are {on_hand} units")
        self.on_hand = on_hand


class OtherAdjustmentError(Exception):
    """An adjustment of the same key was another change."""


class ReservationMismatchError(ValueError):
    """An order differs from the reservation of its checkout, or has none; the text says in what."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Units of one product that a reservation holds until ``expires_at`` (milliseconds)."""

    quantity: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An adjustment that staff made.

    Attributes:
        key: of the request.
        change: units; None where an earlier version has stored the key alone.
    """

    key: str
    change: int | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """The units of one product.

    Attributes:
        product_id: the product.
        on_hand: units in the warehouse, held ones included; never below 0.
        available: units that were available at the last write, as the last StockChanged stated.
        holds: by reservation id.
        sequence: number of writes, or the clock's milliseconds at the last count and the writes since.
        adjustments: the last adjustments by staff, the oldest first.
    """

    product_id: str
    on_hand: int
    available: int
    holds: Mapping[str, Hold]
    sequence: int
    adjustments: tuple[Adjustment, ...] = ()

    @classmethod
    def initial(cls, product_id: str, on_hand: int) -> "Stock":
        """Return the stock of a product that had none before, ``on_hand`` in units."""
        return cls(product_id, on_hand=on_hand, available=on_hand, holds={}, sequence=1)

    def available_at(self, now: int, reservation_id: str | None = None) -> int:
        """Return the units that can be sold now, at least 0; the hold of ``reservation_id`` is not subtracted."""
        others = sum(hold.quantity for holder, hold in _unexpired(self.holds, now).items() if holder != reservation_id)
        return max(0, self.on_hand - others)

    def can_fulfil(self, reservation_id: str, quantity: int, now: int) -> bool:
        """Return whether an order can take units: those that it holds, or else available ones.

        A hold does not guarantee its units: staff may have counted fewer since.
        """
        own = _unexpired(self.holds, now).get(reservation_id)
        if own and own.quantity >= quantity:
            return self.on_hand >= quantity
        return self.available_at(now, reservation_id) >= quantity

    def has_expired_holds(self, now: int) -> bool:
        """Return whether there are holds that a write would remove."""
        return len(_unexpired(self.holds, now)) < len(self.holds)

    def with_hold(self, reservation_id: str, hold: Hold, now: int) -> "Stock":
        """Return the stock with a hold, which replaces any that the reservation had."""
        return self._next(self.on_hand, {**self.holds, reservation_id: hold}, now)

    def without_hold(self, reservation_id: str, now: int) -> "Stock":
        """Return the stock without the hold of a reservation."""
        return self.with_units_added(0, reservation_id, now)

    def with_units_added(self, units: int, reservation_id: str, now: int) -> "Stock":
        """Return the stock with units added (removed if negative) for a reservation, and without its hold."""
        holds = {holder: hold for holder, hold in self.holds.items() if holder != reservation_id}
        return self._next(self.on_hand + units, holds, now)

    def with_on_hand(self, on_hand: int, now: int) -> "Stock":
        """Return the stock with another number of units in the warehouse."""
        return self._next(on_hand, self.holds, now)

    def without_expired_holds(self, now: int) -> "Stock":
        """Return the stock without expired holds."""
        return self._next(self.on_hand, self.holds, now)

    def _next(self, on_hand: int, holds: Mapping[str, Hold], now: int) -> "Stock":
        # Every write removes expired holds, so the available units are right without the sweeper.
        after = replace(self, on_hand=on_hand, holds=_unexpired(holds, now), sequence=self.sequence + 1)
        return replace(after, available=after.available_at(now))


def _unexpired(holds: Mapping[str, Hold], now: int) -> dict[str, Hold]:
    return {holder: hold for holder, hold in holds.items() if hold.expires_at > now}


@dataclass(frozen=True, slots=True)
class StockWrite:
    """A stock as it was read and as it has to be written.

    Attributes:
        before: as it was read.
        after: as it has to be written.
        restated: whether the write states the truth anew, so that it is published whatever it changes.
        cause: why the units in the warehouse change; None of a write that only holds or frees them.
    """

    before: Stock
    after: Stock
    restated: bool = False
    cause: Cause | None = None

    @property
    def change(self) -> int:
        """Units that came into the warehouse; negative where they left it."""
        return self.after.on_hand - self.before.on_hand

    @property
    def event(self) -> StockChanged | None:
        """The event of the write; None if the number of available units stays, and is not stated anew."""
        if self.after.available == self.before.available and not self.restated:
            return None
        return stock_changed(self.after)


def stock_changed(stock: Stock) -> StockChanged:
    """Return the event that states the units of a stock."""
    return StockChanged(product_id=stock.product_id, available=stock.available, on_hand=stock.on_hand)


@dataclass(frozen=True, slots=True)
class Reservation:
    """The units that one checkout, later its order, holds or has taken.

    Attributes:
        reservation_id: the order id.
        state: HELD, COMMITTED and so on.
        lines: the units that it holds, has taken, or had.
        expires_at: when its holds expire, in milliseconds; None unless it is HELD.
        sequence: number of writes; 0 before the first.
        returned: units that are back on the shelf, by return, or by the refund that stood for sending them.
    """

    reservation_id: str
    state: ReservationState
    lines: Quantities
    expires_at: int | None
    sequence: int
    returned: Mapping[str, Quantities] = field(default_factory=dict)

    def taken(self, product_id: str) -> int:
        """Return the units that its order has of a product, without those that are back on the shelf."""
        return self.lines.get(product_id, 0) - sum(units.get(product_id, 0) for units in self.returned.values())

    @classmethod
    def unknown(cls, reservation_id: str) -> "Reservation":
        """Return the reservation of an id that is not stored."""
        return cls(reservation_id, ReservationState.UNKNOWN, lines={}, expires_at=None, sequence=0)

    def with_state(
        self, state: ReservationState, lines: Quantities | None = None, expires_at: int | None = None
    ) -> "Reservation":
        """Return the reservation in another state; its lines stay unless ``lines`` is given."""
        return replace(
            self,
            state=state,
            lines=self.lines if lines is None else lines,
            expires_at=expires_at,
            sequence=self.sequence + 1,
        )

    def with_return(self, return_id: str, units: Quantities) -> "Reservation":
        """Return the reservation with a return of its order, whose ``units`` are back on the shelf."""
        return replace(self, returned={**self.returned, return_id: units}, sequence=self.sequence + 1)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The input of a decision: a reservation, and the stocks of its products that exist."""

    reservation: Reservation
    stocks: Mapping[str, Stock]

    @property
    def stocks_with_hold(self) -> list[Stock]:
        """The stocks in which the reservation has a hold, expired or not."""
        return [stock for stock in self.stocks.values() if self.reservation.reservation_id in stock.holds]


@dataclass(frozen=True, slots=True)
class ReservationChange:
    """A decision to write, all or nothing, on condition that nothing has changed since the snapshot."""

    reservation: Reservation
    stocks: tuple[StockWrite, ...] = ()
    event: StockShort | None = None


@dataclass(frozen=True, slots=True)
class Shortage:
    """A product with too few units."""

    product_id: str
    requested: int
    available: int


@dataclass(frozen=True, slots=True)
class Reserved:
    """The units are held until ``expires_at`` (milliseconds); ``change`` is None if nothing has to be written."""

    expires_at: int
    change: ReservationChange | None


@dataclass(frozen=True, slots=True)
class OutOfStock:
    """Nothing is reserved, because these lines have too few units."""

    lines: tuple[Shortage, ...]


class QuantityLine(Protocol):
    """Any line with a product and a number of units."""

    @property
    def product_id(self) -> str:
        """The product."""

    @property
    def quantity(self) -> int:
        """The number of units."""


def total_quantities(lines: Iterable[QuantityLine]) -> dict[str, int]:
    """Return the units by product id, summed over all lines."""
    units: dict[str, int] = {}
    for line in lines:
        units[line.product_id] = units.get(line.product_id, 0) + line.quantity
    return units


def reserve(snapshot: Snapshot, wanted: Quantities, now: int) -> Reserved | OutOfStock:
    """Decide on a reservation of all lines or none.

    A reservation that is held is extended. One whose order was placed keeps its units. One whose
    order has ended, cancelled or short, is refused.

    Parameters:
        snapshot: the reservation, and the stocks of the wanted products and of its own.
        wanted: units by product id.
        now: milliseconds since the epoch.
    """
    reservation = snapshot.reservation
    hold_until = now + HOLD_MILLISECONDS
    if reservation.state is ReservationState.COMMITTED:
        return Reserved(hold_until, change=None)
    ended = reservation.state in ORDER_SETTLED
    available = {product_id: _available(snapshot, product_id, now) for product_id in wanted}
    short = [
        Shortage(product_id, quantity, available[product_id])
        for product_id, quantity in wanted.items()
        if ended or available[product_id] < quantity
    ]
    if short:
        return OutOfStock(tuple(short))
    held = [
        StockWrite(stock, stock.with_hold(reservation.reservation_id, Hold(wanted[product_id], hold_until), now))
        for product_id, stock in snapshot.stocks.items()
        if product_id in wanted
    ]
    released = [
        StockWrite(stock, stock.without_hold(reservation.reservation_id, now))
        for stock in snapshot.stocks_with_hold
        if stock.product_id not in wanted
    ]
    return Reserved(
        hold_until,
        ReservationChange(reservation.with_state(ReservationState.HELD, wanted, hold_until), (*held, *released)),
    )


def release(snapshot: Snapshot, now: int) -> ReservationChange | None:
    """Decide on the release of a reservation; None if it is not HELD."""
    if snapshot.reservation.state is not ReservationState.HELD:
        return None
    return ReservationChange(snapshot.reservation.with_state(ReservationState.RELEASED), _without_holds(snapshot, now))


def require_reserved(reservation: Reservation, ordered: Quantities) -> None:
    """Check that an order has the lines that its checkout has reserved.

    No order is placed without a reservation, which outlives the archive of events. Of a SHORT one the lines are not
    kept, and a RETURNED one takes and returns nothing more.

    Parameters:
        reservation: of the order id.
        ordered: units by product id, as the event states them.

    Raises ReservationMismatchError.
    """
    if reservation.state is ReservationState.UNKNOWN:
        raise ReservationMismatchError(f"no checkout has reserved anything for order {reservation.reservation_id}")
    if reservation.state in (ReservationState.SHORT, ReservationState.RETURNED):
        return
    if dict(reservation.lines) != dict(ordered):
        raise ReservationMismatchError(
            f"order {reservation.reservation_id} has {_listed(ordered)}, and its checkout has reserved"
            f" {_listed(reservation.lines)}"
        )


def _listed(units: Quantities) -> str:
    return ", ".join(f"{quantity} × {product_id}" for product_id, quantity in sorted(units.items())) or "nothing"


def commit(snapshot: Snapshot, order: OrderPlaced, now: int) -> ReservationChange | None:
    """Decide on a placed order: its units leave the stock; None if that was decided before.

    Without an unexpired hold the order takes available units. If one line has too few, the order
    takes none at all and StockShort is raised: orders cancels it.
    """
    reservation = snapshot.reservation
    if reservation.state in ORDER_SETTLED:
        return None
    reservation_id = reservation.reservation_id
    wanted = total_quantities(order.lines)
    fulfilled = {
        product_id
        for product_id, quantity in wanted.items()
        if product_id in snapshot.stocks and snapshot.stocks[product_id].can_fulfil(reservation_id, quantity, now)
    }
    if short := wanted.keys() - fulfilled:
        lines = [
            ShortLine(product_id=line.product_id, quantity=line.quantity)
            for line in order.lines
            if line.product_id in short
        ]
        event = StockShort(order_id=order.order_id, user_id=order.user_id, lines=lines)
        return ReservationChange(
            reservation.with_state(ReservationState.SHORT, {}), _without_holds(snapshot, now), event
        )
    cause = Cause("ORDERED", now, order_id=reservation_id)
    left = [
        StockWrite(stock, stock.with_units_added(-wanted.get(product_id, 0), reservation_id, now), cause=cause)
        for product_id, stock in snapshot.stocks.items()
        if product_id in wanted or reservation_id in stock.holds
    ]
    return ReservationChange(reservation.with_state(ReservationState.COMMITTED, wanted), tuple(left))


def restock(snapshot: Snapshot, now: int) -> ReservationChange | None:
    """Decide on a cancelled order: the units that it took return to stock; None if that was decided before.

    Those that were refunded instead of being sent are there already.

    If OrderCancelled arrives before OrderPlaced, nothing was taken yet. The reservation is then
    RETURNED, so that the order takes nothing.
    """
    reservation = snapshot.reservation
    if reservation.state is ReservationState.COMMITTED:
        cause = Cause("CANCELLED", now, order_id=reservation.reservation_id)
        returned = tuple(
            StockWrite(
                stock,
                stock.with_units_added(reservation.taken(product_id), reservation.reservation_id, now),
                cause=cause,
            )
            for product_id, stock in snapshot.stocks.items()
            if reservation.taken(product_id)
        )
        return ReservationChange(reservation.with_state(ReservationState.RETURNED), returned)
    if reservation.state in ORDER_SETTLED:
        return None
    return ReservationChange(reservation.with_state(ReservationState.RETURNED), _without_holds(snapshot, now))


def expire(reservation: Reservation) -> ReservationChange:
    """Decide on a reservation whose holds have expired and were removed from the stocks."""
    return ReservationChange(reservation.with_state(ReservationState.EXPIRED))


def count(stock: Stock, on_hand: int, cause: Cause) -> StockWrite:
    """Decide on a count by staff: ``on_hand`` units are in the warehouse, held ones included.

    A count is written and published also where it confirms the units: it puts right whoever has another number.
    """
    counted = stock.with_on_hand(on_hand, cause.at)
    restated = replace(counted, sequence=restated_sequence(stock.sequence, cause.at))
    return StockWrite(stock, restated, restated=True, cause=cause)


def adjust(stock: Stock, change: int, key: str, cause: Cause) -> StockWrite | None:
    """Decide on an adjustment by staff; None where one of the same key was made before.

    Parameters:
        stock: as it is.
        change: units that are added, or removed if negative.
        key: of the request.
        cause: who makes it, when and why.

    Raises TooFewUnitsError if more units are removed than there are, and OtherAdjustmentError if that of the same key
    was another change.
    """
    for made in stock.adjustments:
        if made.key == key:
            if made.change not in (None, change):
                raise OtherAdjustmentError(key)
            return None
    if stock.on_hand + change < 0:
        raise TooFewUnitsError(stock.on_hand)
    after = stock.with_on_hand(stock.on_hand + change, cause.at)
    adjustments = (*stock.adjustments, Adjustment(key, change))[-KEPT_ADJUSTMENTS:]
    return StockWrite(stock, replace(after, adjustments=adjustments), cause=cause)


def drop_expired_holds(stock: Stock, now: int) -> StockWrite:
    """Decide on the expired holds of a stock: they are removed."""
    return StockWrite(stock, stock.without_expired_holds(now))


def _available(snapshot: Snapshot, product_id: str, now: int) -> int:
    stock = snapshot.stocks.get(product_id)
    return stock.available_at(now, snapshot.reservation.reservation_id) if stock else 0


def _without_holds(snapshot: Snapshot, now: int) -> tuple[StockWrite, ...]:
    reservation_id = snapshot.reservation.reservation_id
    return tuple(StockWrite(stock, stock.without_hold(reservation_id, now)) for stock in snapshot.stocks_with_hold)
