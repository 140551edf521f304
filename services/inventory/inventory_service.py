"""The operations on stock: each reads, decides by the rules of ``domain.py`` and writes, and repeats on a conflict.

A shortage is a decision and is returned. A conflict is a refused write, because another writer was
first: the operation is repeated, and raises RetriesExhaustedError once its retries are exhausted.
"""

import time
from collections.abc import Callable, Iterable, Mapping

from bus.optimistic_locking import DEFAULT_RETRY, ConflictError, RetryPolicy, retry_on_conflict
from schemas.orders import OrderPlaced, OrderRefunded
from schemas.returns import ReturnReceived
from services.inventory import domain, returned_goods
from services.inventory.causes import AdjustmentReason, Cause
from services.inventory.domain import (
    OutOfStock,
    Quantities,
    Reservation,
    ReservationChange,
    Reserved,
    Snapshot,
    Stock,
    StockWrite,
    SupplyLevel,
)
from services.inventory.store import InventoryStore


class InventoryService:
    """The stock of the shop and the reservations on it.

    Parameters:
        store: the tables.
        now: returns the time in milliseconds since the epoch; replaced in tests.
        retry: how long a change that meets a conflict is retried.
    """

    def __init__(
        self,
        store: InventoryStore,
        *,
        now: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
        retry: RetryPolicy = DEFAULT_RETRY,
    ) -> None:
        self._store = store
        self._now = now
        self._retry = retry

    def reserve(self, reservation_id: str, wanted: Mapping[str, int]) -> Reserved | OutOfStock:
        """Hold units for a checkout, all lines or none. Idempotent.

        Parameters:
            reservation_id: the order id; repeating it extends the same reservation.
            wanted: units by product id.

        Raises RetriesExhaustedError.
        """

        def attempt() -> Reserved | OutOfStock:
            decision = domain.reserve(self._store.read_snapshot(reservation_id, wanted), wanted, self._now())
            if isinstance(decision, Reserved) and decision.change:
                self._store.write_change(decision.change)
            return decision

        return retry_on_conflict(attempt, self._retry)

    def release(self, reservation_id: str) -> None:
        """Release the units that a checkout holds, if any; raises RetriesExhaustedError."""
        self._apply(reservation_id, (), domain.release)

    def commit(self, order: OrderPlaced) -> None:
        """Take the units of a placed order out of stock, or publish StockShort. Idempotent.

        Raises ReservationMismatchError where its checkout has reserved something else, and RetriesExhaustedError.
        """
        wanted = domain.total_quantities(order.lines)

        def decide(snapshot: Snapshot, now: int) -> ReservationChange | None:
            domain.require_reserved(snapshot.reservation, wanted)
            return domain.commit(snapshot, order, now)

        self._apply(order.order_id, wanted, decide)

    def restock(self, order_id: str, ordered: Quantities) -> None:
        """Return the units of a cancelled order to stock. Idempotent.

        Parameters:
            order_id: the order.
            ordered: units by product id.

        Raises ReservationMismatchError where its checkout has reserved something else, and RetriesExhaustedError.
        """

        def decide(snapshot: Snapshot, now: int) -> ReservationChange | None:
            domain.require_reserved(snapshot.reservation, ordered)
            return domain.restock(snapshot, now)

        self._apply(order_id, ordered, decide)

    def take_back(self, returned: ReturnReceived) -> None:
        """Put returned units that can be sold again on the shelf. Idempotent.

        Raises ReservationMismatchError where the order had not taken as many, and RetriesExhaustedError.
        """

        def decide(snapshot: Snapshot, now: int) -> ReservationChange | None:
            return returned_goods.take_back(snapshot, returned, now)

        self._apply(returned.order_id, [line.product_id for line in returned.lines], decide)

    def keep_unsent(self, refunded: OrderRefunded) -> None:
        """Make units sellable again that were refunded instead of being sent. Idempotent.

        Raises ReservationMismatchError where the order had not taken as many, NotTakenYetError where it has not taken
        any yet, and RetriesExhaustedError.
        """

        def decide(snapshot: Snapshot, now: int) -> ReservationChange | None:
            return returned_goods.keep_unsent(snapshot, refunded, now)

        self._apply(refunded.order_id, [line.product_id for line in refunded.unsent or ()], decide)

    def create_stock(self, product_id: str, on_hand: int) -> None:
        """Store the first stock of a product, in units; does nothing if it has one."""
        self._store.create_stock(Stock.initial(product_id, on_hand))

    def get_available(self, product_id: str) -> int | None:
        """Return the units of a product that can be sold now, None if it is unknown."""
        stock = self._store.get_stock(product_id)
        return stock.available_at(self._now()) if stock else None

    def get_availability(self, product_ids: Iterable[str]) -> dict[str, int]:
        """Return the units that can be sold now by product id, without unknown products."""
        now = self._now()
        return {name: stock.available_at(now) for name, stock in self._store.get_stocks(product_ids).items()}

    def get_stock(self, product_id: str) -> Stock | None:
        """Return the stock of a product as it is now, without expired holds; None if it is unknown."""
        stock = self._store.get_stock(product_id)
        return stock.without_expired_holds(self._now()) if stock else None

    def list_level(self, level: SupplyLevel, limit: int, cursor: str | None) -> tuple[list[Stock], str | None]:
        """Return a page of the stocks of a level, and the cursor of the next page; raises InvalidCursorError."""
        now = self._now()
        stocks, following = self._store.list_level(level, limit, cursor)
        return [stock.without_expired_holds(now) for stock in stocks], following

    def set_on_hand(
        self,
        product_id: str,
        on_hand: int,
        by: str | None = None,
        reason: AdjustmentReason | None = None,
        note: str | None = None,
    ) -> Stock | None:
        """Set the units in the warehouse, held ones included, as staff counted them.

        Parameters:
            product_id: the product.
            on_hand: units.
            by: user id of who counted.
            reason: why they are counted.
            note: what that person wrote.

        Returns the stock, None if the product is unknown. Raises RetriesExhaustedError.
        """
        return self._write(
            product_id,
            lambda stock: domain.count(
                stock, on_hand, Cause("COUNTED", self._now(), by=by, reason=reason, note=note or None)
            ),
        )

    def adjust(
        self, product_id: str, change: int, key: str, by: str, reason: AdjustmentReason, note: str | None = None
    ) -> Stock | None:
        """Add units to the warehouse, or remove them if ``change`` is negative, once for each key.

        Parameters:
            product_id: the product.
            change: units.
            key: of the request.
            by: user id of who does it.
            reason: why.
            note: what that person wrote.

        Returns the stock, None if the product is unknown. Raises TooFewUnitsError, OtherAdjustmentError if that of the
        same key was another change, and RetriesExhaustedError.
        """
        return self._write(
            product_id,
            lambda stock: domain.adjust(
                stock, change, key, Cause("ADJUSTED", self._now(), by=by, reason=reason, note=note or None)
            ),
        )

    def _write(self, product_id: str, decide: Callable[[Stock], StockWrite | None]) -> Stock | None:
        def attempt() -> Stock | None:
            stock = self._store.get_stock(product_id)
            write = decide(stock) if stock else None
            if write is None:
                return stock
            self._store.write_stock(write)
            return write.after

        return retry_on_conflict(attempt, self._retry)

    def list_expired(self, limit: int) -> list[Reservation]:
        """Return at most ``limit`` held reservations that have expired, the oldest first."""
        return self._store.list_expired(self._now(), limit)

    def drop_expired_holds(self, product_id: str) -> None:
        """Remove the expired holds from the stock of a product, if it has any; raises RetriesExhaustedError."""

        def attempt() -> None:
            stock, now = self._store.get_stock(product_id), self._now()
            if stock and stock.has_expired_holds(now):
                self._store.write_stock(domain.drop_expired_holds(stock, now))

        retry_on_conflict(attempt, self._retry)

    def mark_expired(self, reservation: Reservation) -> bool:
        """Store that a reservation has expired; return False if it has changed since it was read."""
        try:
            self._store.write_change(domain.expire(reservation))
        except ConflictError:
            return False
        return True

    def _apply(
        self,
        reservation_id: str,
        product_ids: Iterable[str],
        decide: Callable[[Snapshot, int], ReservationChange | None],
    ) -> None:
        named = set(product_ids)

        def attempt() -> None:
            if change := decide(self._store.read_snapshot(reservation_id, named), self._now()):
                self._store.write_change(change)

        retry_on_conflict(attempt, self._retry)
