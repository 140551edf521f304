"""What can be done with stock: read, decide by the rules, write; and again where somebody was faster.

A shortage is a decision on what was read. A conflict is a refusal of the write. They never look
alike: only the first is an answer, the second is tried again until the patience is over.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from bus.clients import dynamodb
from bus.contention import PATIENT, ConflictError, Contention
from bus.settings import Settings
from schemas.orders import OrderPlaced
from services.inventory import domain
from services.inventory.domain import Change, OutOfStock, Reservation, Reserved, Snapshot, State, Stock, StockWrite
from services.inventory.store import Store


class Warehouse:
    """The stock of the shop.

    Parameters:
        store: its tables.
        now: the time in milliseconds since the epoch; replaced in tests.
        contention: how often a change is tried again where somebody was faster.
    """

    def __init__(
        self,
        store: Store,
        *,
        now: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        contention: Contention = PATIENT,
    ) -> None:
        self._store = store
        self._now = now
        self._contention = contention

    def reserve(self, reservation_id: str, wanted: Mapping[str, int]) -> Reserved | OutOfStock:
        """Hold units for a checkout, all lines or none; raises ContendedError.

        Parameters:
            reservation_id: the order id; the same again is the same reservation.
            wanted: units by product id.
        """

        def attempt() -> Reserved | OutOfStock:
            decision = domain.reserve(self._store.read(reservation_id, wanted), wanted, self._now())
            if isinstance(decision, Reserved) and decision.change:
                self._store.write(decision.change)
            return decision

        return self._contention.settled(attempt)

    def release(self, reservation_id: str) -> None:
        """Give up what a checkout holds, if it does; raises ContendedError."""
        self._change(reservation_id, (), domain.release)

    def commit(self, order: OrderPlaced) -> None:
        """Take the units of a placed order, or say that they are gone; once. Raises ContendedError."""
        product_ids = {line.product_id for line in order.lines}
        self._change(order.order_id, product_ids, lambda snapshot, now: domain.commit(snapshot, order, now))

    def give_back(self, order_id: str, product_ids: Iterable[str]) -> None:
        """Put back what a cancelled order took; once. Raises ContendedError.

        Parameters:
            order_id: the order.
            product_ids: what is in it; saves a call.
        """
        self._change(order_id, product_ids, domain.give_back)

    def create(self, product_id: str, on_hand: int) -> None:
        """Start the stock of a new product; nothing happens where it has one."""
        self._store.create(Stock.first(product_id, on_hand))

    def available(self, product_id: str) -> int | None:
        """Return the units that can be had now, None where the product is unknown."""
        stock = self._store.stock(product_id)
        return stock.available_at(self._now()) if stock else None

    def available_of(self, product_ids: Iterable[str]) -> dict[str, int]:
        """Return the units that can be had now of each of 100 products at the most, without unknown ones."""
        now = self._now()
        return {name: stock.available_at(now) for name, stock in self._store.stocks(product_ids).items()}

    def count(self, product_id: str, on_hand: int) -> Stock | None:
        """Set the units in the warehouse, held ones included; return the stock, None where it is unknown.

        Raises ContendedError.
        """

        def attempt() -> Stock | None:
            stock, now = self._store.stock(product_id), self._now()
            if stock is None:
                return None
            counted = stock.counted(on_hand, now)
            if stock.on_hand != on_hand or stock.available != counted.available:
                self._store.write_stock(StockWrite(stock, counted))
            return counted

        return self._contention.settled(attempt)

    def expired(self, limit: int) -> list[Reservation]:
        """Return held reservations that have expired, the oldest first."""
        return self._store.expired(self._now(), limit)

    def sweep(self, product_id: str) -> None:
        """Drop the expired holds on a product, if there still are any; raises ContendedError."""

        def attempt() -> None:
            stock, now = self._store.stock(product_id), self._now()
            if stock and stock.has_expired_holds(now):
                self._store.write_stock(StockWrite(stock, stock.swept(now)))

        self._contention.settled(attempt)

    def close(self, reservation: Reservation) -> bool:
        """Note that a reservation has expired; return False where something else became of it meanwhile."""
        try:
            self._store.write(Change(reservation.became(State.EXPIRED)))
        except ConflictError:
            return False
        return True

    def _change(
        self, reservation_id: str, product_ids: Iterable[str], decide: Callable[[Snapshot, int], Change | None]
    ) -> None:
        named = set(product_ids)

        def attempt() -> None:
            if change := decide(self._store.read(reservation_id, named), self._now()):
                self._store.write(change)

        self._contention.settled(attempt)


class InventorySettings(Settings):
    """What the stack tells every function of inventory."""

    stock_table: str
    reservations_table: str


@cache
def warehouse() -> Warehouse:
    """Return the warehouse of this process, by its environment."""
    settings = InventorySettings.load()
    return Warehouse(Store(dynamodb(), settings.stock_table, settings.reservations_table))
