"""While the catalogue is imported, a shopper waits for seconds, and not for the import, until their cart is empty."""

import secrets
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from tests.bench.conftest import Record
from tests.bench.report import Figure
from tests.e2e.web.buyer import new_products

ORDERS = 5
IMPORTED_AT_ONCE = 100
AHEAD = 1_000
"""Rows that are imported before the first order, so that queues are full."""
MORE = 3_000
"""Rows that are imported meanwhile, at most."""
LIMIT = 60.0
"""Of the time in a quiet shop. In one queue with the import it was hundreds. The emulator reads all queues and streams
in one thread, on the processors that import, so it is not the two that a shopper should notice at most."""


@pytest.fixture(scope="module")
def products(stage: Connection) -> list[str]:
    return new_products(stage, ORDERS, stock=90)


def test_a_cart_is_emptied_before_an_import_is_over(stage: Connection, record: Record, products: list[str]) -> None:
    quiet = statistics.median(seconds_until_empty(stage, product_id) for product_id in products)
    with importing(stage):
        busy = statistics.median(seconds_until_empty(stage, product_id) for product_id in products)

    record(Figure("from an order to the empty cart, during an import", busy, "in a quiet shop", quiet, "s", LIMIT))


def seconds_until_empty(stage: Connection, product_id: str) -> float:
    """Buy a product; return the seconds from the answer until it is out of the cart."""
    shopper = Shopper(stage)
    shopper.sign_up()
    cart = shopper.fill_cart((product_id, 1))
    shopper.buy_until_decided("pm_card_visa", cart["total"], secrets.token_hex(12)).expect(201)
    placed = time.monotonic()
    eventually("the cart is empty", lambda: None if shopper.call("GET /cart").body["lines"] else True, 600)
    return time.monotonic() - placed


@contextmanager
def importing(stage: Connection) -> Iterator[None]:
    """Import products until the block ends; it begins when a thousand are there."""
    staff, token, piece, over = Shopper(stage), stage.token(STAFF, staff=True), secrets.token_hex(3), Event()

    def add(first: int) -> None:
        rows = [
            {
                "productId": f"bulk-{piece}-{number:05}",
                "name": f"Bulk {piece} {number}",
                "category": "desk-and-paper",
                "price": {"amount": 100, "currency": "USD"},
                "imageUrl": "/images/gooseneck-kettle.svg",
                "initialStock": 9,
            }
            for number in range(first, first + IMPORTED_AT_ONCE)
        ]
        staff.call("POST /products/import", rows, token=token).expect(200)

    def add_more() -> None:
        for first in range(AHEAD, AHEAD + MORE, IMPORTED_AT_ONCE):
            if over.is_set():
                return
            add(first)

    for first in range(0, AHEAD, IMPORTED_AT_ONCE):
        add(first)
    rest = Thread(target=add_more)
    rest.start()
    try:
        yield
    finally:
        over.set()
        rest.join()
