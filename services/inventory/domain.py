"""The rules of stock: how many units there are, who holds some of them, and until when.

Pure decisions on what was read: each says what has to be written, or that nothing has to. Times are
milliseconds since the epoch, and a hold has expired from the millisecond of its ``expires_at`` on,
whether or not anybody has dropped it yet.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from schemas.inventory import ShortLine, StockChanged, StockShort
from schemas.orders import OrderPlaced

HOLD_MS = 15 * 60 * 1000

Quantities = Mapping[str, int]
"""Units by product id."""


class State(StrEnum):
    """What became of a reservation."""

    UNKNOWN = "UNKNOWN"
    """There is none of that id; this state is never stored."""
    HELD = "HELD"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"
    COMMITTED = "COMMITTED"
    """Its order was placed and the units have left the shelf."""
    SHORT = "SHORT"
    """Its order was placed and the units were gone."""
    RETURNED = "RETURNED"
    """Its order was cancelled, and what it had taken is back on the shelf."""


ORDER_SETTLED = frozenset({State.COMMITTED, State.SHORT, State.RETURNED})
"""States in which a placed order finds nothing left to do."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Units that one reservation keeps from all others until it expires."""

    quantity: int
    expires_at: int


@dataclass(frozen=True, slots=True)
class Stock:
    """The units of one product.

    Attributes:
        product_id: the product.
        on_hand: units in the warehouse, held ones included; never below 0.
        available: units that were available at the last write, which is what everybody was told.
        holds: by reservation id.
        sequence: counts the writes.
    """

    product_id: str
    on_hand: int
    available: int
    holds: Mapping[str, Hold]
    sequence: int

    @classmethod
    def first(cls, product_id: str, on_hand: int) -> "Stock":
        """Return the stock of a product that had none before."""
        return cls(product_id, on_hand=on_hand, available=on_hand, holds={}, sequence=1)

    def available_at(self, now: int, reservation_id: str | None = None) -> int:
        """Return the units that can be had now, never below 0; a reservation's own hold is no obstacle to it."""
        others = sum(hold.quantity for holder, hold in _live(self.holds, now).items() if holder != reservation_id)
        return max(0, self.on_hand - others)

    def can_give(self, reservation_id: str, quantity: int, now: int) -> bool:
        """Return whether an order may take units: those that it holds, or else available ones.

        A hold is good for as many units as there are: staff may have counted fewer since.
        """
        own = _live(self.holds, now).get(reservation_id)
        if own and own.quantity >= quantity:
            return self.on_hand >= quantity
        return self.available_at(now, reservation_id) >= quantity

    def has_expired_holds(self, now: int) -> bool:
        """Return whether there are holds that a write would drop."""
        return len(_live(self.holds, now)) < len(self.holds)

    def held(self, reservation_id: str, hold: Hold, now: int) -> "Stock":
        """Return the stock with a hold instead of any that the reservation had."""
        return self._written(self.on_hand, {**self.holds, reservation_id: hold}, now)

    def without(self, reservation_id: str, now: int) -> "Stock":
        """Return the stock without the hold of a reservation."""
        return self.moved(0, reservation_id, now)

    def moved(self, units: int, reservation_id: str, now: int) -> "Stock":
        """Return the stock after units came back, or left (below 0), for a reservation; its hold ends with that."""
        holds = {holder: hold for holder, hold in self.holds.items() if holder != reservation_id}
        return self._written(self.on_hand + units, holds, now)

    def counted(self, on_hand: int, now: int) -> "Stock":
        """Return the stock after staff counted the units in the warehouse."""
        return self._written(on_hand, self.holds, now)

    def swept(self, now: int) -> "Stock":
        """Return the stock without expired holds."""
        return self._written(self.on_hand, self.holds, now)

    def _written(self, on_hand: int, holds: Mapping[str, Hold], now: int) -> "Stock":
        # Every write drops what has expired, so the available units need no sweeper to be right.
        after = replace(self, on_hand=on_hand, holds=_live(holds, now), sequence=self.sequence + 1)
        return replace(after, available=after.available_at(now))


def _live(holds: Mapping[str, Hold], now: int) -> dict[str, Hold]:
    return {holder: hold for holder, hold in holds.items() if hold.expires_at > now}


@dataclass(frozen=True, slots=True)
class StockWrite:
    """A stock as it was read and as it has to be written."""

    before: Stock
    after: Stock

    @property
    def event(self) -> StockChanged | None:
        """What the write tells the others: nothing where they know the number already."""
        if self.after.available == self.before.available:
            return None
        return stock_changed(self.after)


def stock_changed(stock: Stock) -> StockChanged:
    """Return the event that tells the others of a stock as it was just written."""
    return StockChanged(product_id=stock.product_id, available=stock.available, on_hand=stock.on_hand)


@dataclass(frozen=True, slots=True)
class Reservation:
    """What one checkout, later one order, has of the stock.

    Attributes:
        reservation_id: the order id.
        state: what became of it.
        lines: the units that it holds, has taken, or had.
        expires_at: when its holds expire; None unless they are HELD.
        sequence: counts the writes; 0 before the first.
    """

    reservation_id: str
    state: State
    lines: Quantities
    expires_at: int | None
    sequence: int

    @classmethod
    def unknown(cls, reservation_id: str) -> "Reservation":
        """Return the reservation of an id that was never seen."""
        return cls(reservation_id, State.UNKNOWN, lines={}, expires_at=None, sequence=0)

    def became(self, state: State, lines: Quantities | None = None, expires_at: int | None = None) -> "Reservation":
        """Return the reservation in another state; its lines stay unless others are given."""
        return replace(
            self,
            state=state,
            lines=self.lines if lines is None else lines,
            expires_at=expires_at,
            sequence=self.sequence + 1,
        )


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What was read to decide on: a reservation, and the stocks of its products that exist."""

    reservation: Reservation
    stocks: Mapping[str, Stock]

    @property
    def holding(self) -> list[Stock]:
        """The stocks in which the reservation has a hold, expired or not."""
        return [stock for stock in self.stocks.values() if self.reservation.reservation_id in stock.holds]


@dataclass(frozen=True, slots=True)
class Change:
    """What has to be written, all of it or nothing, if nobody has written in between."""

    reservation: Reservation
    stocks: tuple[StockWrite, ...] = ()
    event: StockShort | None = None


@dataclass(frozen=True, slots=True)
class Shortage:
    """A product of which there are too few units."""

    product_id: str
    requested: int
    available: int


@dataclass(frozen=True, slots=True)
class Reserved:
    """The units are kept until ``expires_at``; ``change`` is None where nothing has to be written for it."""

    expires_at: int
    change: Change | None


@dataclass(frozen=True, slots=True)
class OutOfStock:
    """Nothing is reserved, because of these lines."""

    lines: tuple[Shortage, ...]


class HasQuantity(Protocol):
    """A line of anything: a product and a number of units."""

    @property
    def product_id(self) -> str:
        """The product."""

    @property
    def quantity(self) -> int:
        """How many units."""


def summed(lines: Iterable[HasQuantity]) -> dict[str, int]:
    """Return the units by product; a product that is in several lines is added up."""
    units: dict[str, int] = {}
    for line in lines:
        units[line.product_id] = units.get(line.product_id, 0) + line.quantity
    return units


def reserve(snapshot: Snapshot, wanted: Quantities, now: int) -> Reserved | OutOfStock:
    """Decide on a reservation: all lines or none.

    One that is held already is held for longer. One whose order is placed keeps its units. One
    whose order has ended, cancelled or short, gets nothing more.
    """
    reservation = snapshot.reservation
    hold_until = now + HOLD_MS
    if reservation.state is State.COMMITTED:
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
        StockWrite(stock, stock.held(reservation.reservation_id, Hold(wanted[product_id], hold_until), now))
        for product_id, stock in snapshot.stocks.items()
        if product_id in wanted
    ]
    given_up = [
        StockWrite(stock, stock.without(reservation.reservation_id, now))
        for stock in snapshot.holding
        if stock.product_id not in wanted
    ]
    return Reserved(hold_until, Change(reservation.became(State.HELD, wanted, hold_until), (*held, *given_up)))


def release(snapshot: Snapshot, now: int) -> Change | None:
    """Decide on giving up a reservation; None where it holds nothing any more, or never did."""
    if snapshot.reservation.state is not State.HELD:
        return None
    return Change(snapshot.reservation.became(State.RELEASED), _given_up(snapshot, now))


def commit(snapshot: Snapshot, order: OrderPlaced, now: int) -> Change | None:
    """Decide on a placed order: its units leave the shelf; None where that was settled before.

    Without a live hold the order takes available units. Where there are too few it takes none at
    all, and says so: it has to be cancelled.
    """
    reservation = snapshot.reservation
    if reservation.state in ORDER_SETTLED:
        return None
    reservation_id = reservation.reservation_id
    wanted = summed(order.lines)
    given = {
        product_id
        for product_id, quantity in wanted.items()
        if product_id in snapshot.stocks and snapshot.stocks[product_id].can_give(reservation_id, quantity, now)
    }
    if short := wanted.keys() - given:
        lines = [
            ShortLine(product_id=line.product_id, quantity=line.quantity)
            for line in order.lines
            if line.product_id in short
        ]
        event = StockShort(order_id=order.order_id, user_id=order.user_id, lines=lines)
        return Change(reservation.became(State.SHORT, {}), _given_up(snapshot, now), event)
    left = [
        StockWrite(stock, stock.moved(-wanted.get(product_id, 0), reservation_id, now))
        for product_id, stock in snapshot.stocks.items()
        if product_id in wanted or reservation_id in stock.holds
    ]
    return Change(reservation.became(State.COMMITTED, wanted), tuple(left))


def give_back(snapshot: Snapshot, now: int) -> Change | None:
    """Decide on a cancelled order: what it took comes back, once; None where it has nothing.

    Where the cancellation overtakes the order itself, nothing was taken yet. The reservation
    remembers it, and the order then takes nothing.
    """
    reservation = snapshot.reservation
    if reservation.state is State.COMMITTED:
        returned = tuple(
            StockWrite(stock, stock.moved(reservation.lines[product_id], reservation.reservation_id, now))
            for product_id, stock in snapshot.stocks.items()
            if product_id in reservation.lines
        )
        return Change(reservation.became(State.RETURNED), returned)
    if reservation.state in ORDER_SETTLED:
        return None
    return Change(reservation.became(State.RETURNED), _given_up(snapshot, now))


def _available(snapshot: Snapshot, product_id: str, now: int) -> int:
    stock = snapshot.stocks.get(product_id)
    return stock.available_at(now, snapshot.reservation.reservation_id) if stock else 0


def _given_up(snapshot: Snapshot, now: int) -> tuple[StockWrite, ...]:
    reservation_id = snapshot.reservation.reservation_id
    return tuple(StockWrite(stock, stock.without(reservation_id, now)) for stock in snapshot.holding)
