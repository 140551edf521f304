"""Erases a shopper's orders, a page a message: each is cancelled where it is still to be sent, and loses its address.

A message names the page, so an erasure that is cut short goes on where it stopped, and a page that comes again finds
nothing to do. The index by shopper lags behind the table, and DynamoDB says neither by how much nor when it has caught
up: an order that was placed just before the tombstone may be missing in it. (After the tombstone an order is stored
without an address, and cancelled.) So the newest orders are read again, after ``RECHECK_SECONDS``, until both rechecks
in a row find nothing that is left.
"""

from datetime import timedelta

from bus.command import queued_command
from bus.log import logger
from services.orders.dependencies import erasure_queue, store
from services.orders.erasure_queue import OrdersPage

PAGE_SIZE = 100
"""Orders of a message: two writes each, so a page takes seconds of the function's minute."""
RECHECK_SECONDS = (30, 900)
"""How long after a pass the next one begins; 900 is the longest that SQS delays a message. The index usually lags by
less than a second."""
RECHECKED = timedelta(days=1)
"""How far before the erasure a recheck reads: an order that is older has long been in the index."""


def _erase_page(page: OrdersPage) -> None:
    orders, cursor = store().list_by_user(page.user_id, PAGE_SIZE, page.cursor)
    erased = sum(store().erase(order) for order in orders)
    logger.info("page erased", orders=len(orders), erased=erased, rechecks=page.rechecks)
    found = page.found or erased > 0
    read_enough = page.rechecks > 0 and orders and orders[-1].placed_at < page.erased_at - RECHECKED
    if cursor and not read_enough:
        erasure_queue().send(page.model_copy(update={"cursor": cursor, "found": found}))
        return
    done = 0 if found else page.rechecks
    if done < len(RECHECK_SECONDS):
        recheck = OrdersPage(user_id=page.user_id, erased_at=page.erased_at, rechecks=done + 1)
        erasure_queue().send(recheck, delay_seconds=RECHECK_SECONDS[done])


erase_page = queued_command(_erase_page, OrdersPage)
