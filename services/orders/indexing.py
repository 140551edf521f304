"""The command ``index-orders``: a page of ``ecom67 orders index``, which makes old orders findable for staff.

Orders that were placed before there was a table OrderSearch have no entries in it. The command line asks for page after
page. Orders are walked by their statuses in the sequence of their life, so that one that moves on meanwhile is met
again, and not missed. What has its entries is left as it is: the walk may be cut short, repeated, and begun anywhere.
"""

from typing import Literal

from pydantic import Field

from bus.command import command
from schemas.contract import Contract, Count
from services.orders.dependencies import order_search, store
from services.orders.order_search import END_OF_TIME_MS
from services.orders.statuses import OrderStatus

PAGE_SIZE = 100
"""Orders of a page: one read each of keys, orders and entries, and a transaction for each order without entries."""
LIFE = tuple(OrderStatus)
"""The statuses, each before those that may follow it."""


class IndexPage(Contract):
    """Which page: the first one, or the one at a place that an earlier report names."""

    place: str | None = Field(default=None, max_length=4096)


class IndexReport(Contract):
    """What became of a page.

    Attributes:
        seen: orders of the page.
        indexed: those that had no entries, and have them now.
        following: the place of the next page; None behind the last one.
    """

    outcome: Literal["DONE", "NO_SUCH_PLACE"] = "DONE"
    seen: Count = 0
    indexed: Count = 0
    following: str | None = None


def _index(page: IndexPage) -> IndexReport:
    name, _, cursor = (page.place or LIFE[0]).partition(":")
    try:
        status = OrderStatus(name)
        keys = store().list_by_status(status, 0, END_OF_TIME_MS, PAGE_SIZE, cursor or None)
    except ValueError:
        # No status, or no cursor of it.
        return IndexReport(outcome="NO_SUCH_PLACE")
    orders = [*store().get_all(key for key, _ in keys.entries).values()]
    unlisted = order_search().unlisted(orders)
    for order in unlisted:
        store().make_findable(order)
    following = f"{status}:{keys.next_cursor}" if keys.next_cursor else _status_behind(status)
    return IndexReport(seen=len(keys.entries), indexed=len(unlisted), following=following)


def _status_behind(status: OrderStatus) -> OrderStatus | None:
    return next(iter(LIFE[LIFE.index(status) + 1 :]), None)


index_orders = command(_index, IndexPage)
