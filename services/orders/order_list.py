"""The list of all orders that staff reads: by status, by time of placing, or by a text.

Each page is one query of keys, two for a text that may be a number or a name, and one read of the orders themselves, as
they are at that moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bus.cursor import InvalidCursorError
from services.orders.domain import Order
from services.orders.order_search import END_OF_TIME_MS, KeyPage, OrderSearch, first_cursor, has_texts, search_texts
from services.orders.statuses import OrderStatus
from services.orders.store import OrderStore

READ_AT_ONCE = 100
"""Keys of a query whose orders are then filtered: as many orders as one read returns."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders are wanted.

    Attributes:
        status: only those that have it.
        text: only those whose number, e-mail address or name begins with it.
        from_ms: only those placed at that millisecond since the epoch, or later.
        to_ms: or earlier, or at this one.
    """

    status: OrderStatus | None = None
    text: str | None = None
    from_ms: int | None = None
    to_ms: int | None = None

    @property
    def period(self) -> tuple[int, int]:
        """The first and the last millisecond."""
        first = 0 if self.from_ms is None else max(0, self.from_ms)
        last = END_OF_TIME_MS if self.to_ms is None else min(self.to_ms, END_OF_TIME_MS)
        return first, last

    def includes(self, order: Order) -> bool:
        """Return whether an order has the status and was placed in the period."""
        first, last = self.period
        at = int(order.placed_at.timestamp() * 1000)
        return self.status in (None, order.status) and first <= at <= last


@dataclass(frozen=True, slots=True)
class FoundOrders:
    """A page of orders; with a cursor there may be more, even where this page is short."""

    orders: list[Order]
    next_cursor: str | None


class OrderList:
    """All orders, page by page.

    Parameters:
        orders: the orders.
        search: the entries by which they are found.
    """

    def __init__(self, orders: OrderStore, search: OrderSearch) -> None:
        self._orders = orders
        self._search = search

    def page(self, wanted: Wanted, limit: int, cursor: str | None) -> FoundOrders:
        """Return a page of the wanted orders.

        Parameters:
            wanted: which ones.
            limit: how many at most.
            cursor: of the page; None for the first one.

        Raises InvalidCursorError.
        """
        first, last = wanted.period
        if first > last:
            return FoundOrders([], None)
        if wanted.text is not None:
            return self._with_text(wanted, wanted.text, limit, cursor)
        if wanted.status is not None:
            keys = self._orders.list_by_status(wanted.status, first, last, limit, cursor)
        else:
            keys = self._search.list_placed(first, last, limit, cursor)
        return self._read(keys, wanted, (), limit)

    def _with_text(self, wanted: Wanted, text: str, limit: int, cursor: str | None) -> FoundOrders:
        meanings = search_texts(text)
        for texts in meanings:
            try:
                # The longest of the words is in the fewest orders. What is filtered needs more keys than a page.
                keys = self._search.find(texts[0], READ_AT_ONCE, cursor)
            except InvalidCursorError:
                # It may be of the next meaning, whose first page it follows.
                if texts is meanings[-1]:
                    raise
                continue
            if keys.entries:
                return self._read(keys, wanted, texts, limit)
        return FoundOrders([], None)

    def _read(self, keys: KeyPage, wanted: Wanted, texts: Sequence[str], limit: int) -> FoundOrders:
        found = self._orders.get_all(dict.fromkeys(key for key, _ in keys.entries))
        orders: list[Order] = []
        for index, (key, cursor) in enumerate(keys.entries):
            order = found.get(key)
            if order is None or not wanted.includes(order) or not has_texts(order, texts):
                continue
            if texts and cursor != first_cursor(order, texts[0]):
                # Found by another word of it before, perhaps on an earlier page.
                continue
            orders.append(order)
            if len(orders) == limit and index + 1 < len(keys.entries):
                return FoundOrders(orders, cursor)
        return FoundOrders(orders, keys.next_cursor)
