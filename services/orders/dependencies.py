"""The clients and stores of the orders functions, created once a process and shared by all invocations."""

from functools import cache
from typing import TYPE_CHECKING

from bus.clients import client, dynamodb
from bus.erased_users import erased_users
from services.orders.order_search import OrderSearch, OrderSearchSettings
from services.orders.store import OrderSettings, OrderStore

if TYPE_CHECKING:
    from services.orders.erasure_queue import ErasureQueue
    from services.orders.order_links import OrderLinks


@cache
def store() -> OrderStore:
    """Return the orders; raises MissingSettingError without ``ORDERS_TABLE``."""
    return OrderStore(dynamodb(), OrderSettings.load().orders_table, order_search, erased_users)


@cache
def order_search() -> OrderSearch:
    """Return the entries by which orders are found; raises MissingSettingError without ``ORDER_SEARCH_TABLE``."""
    return OrderSearch(dynamodb(), OrderSearchSettings.load().order_search_table)


@cache
def erasure_queue() -> "ErasureQueue":
    """Return the queue of pages to erase; raises MissingSettingError without ``ERASURE_QUEUE_URL``."""
    # Two functions need it, and each start of the others would pay for it.
    from services.orders.erasure_queue import ErasureQueue, ErasureSettings

    return ErasureQueue(client("sqs"), ErasureSettings.load().erasure_queue_url)


@cache
def order_links() -> "OrderLinks":
    """Return what issues and verifies links to orders; raises MissingSettingError without ``ORDER_LINK_SECRET``."""
    from services.orders.order_links import LinkKey, LinkSettings, OrderLinks

    return OrderLinks(LinkKey(client("secretsmanager"), LinkSettings.load().order_link_secret))
