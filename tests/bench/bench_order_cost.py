"""An order costs no more than the committed table says: calls are counted, so the machine hardly matters."""

import pytest

from ecom67.local.connection import Connection
from tests.bench.conftest import Record
from tests.bench.order_cost import committed_cost, cost_of_order
from tests.bench.report import Figure
from tests.e2e.web.buyer import new_products

LINES = (1, 20, 50)
BY_BATCHING = 1.2
"""The emulator reads a queue when it comes to it, so the same messages are now and then one invocation more."""
CALLED = 1.05
"""Ids and times have not always the same length, so an event can need a write unit more."""


@pytest.fixture(scope="module")
def products(stage: Connection) -> list[str]:
    # As many as most products have: none is low in stock.
    return new_products(stage, max(LINES), stock=90)


@pytest.mark.parametrize("lines", LINES)
def test_an_order_costs_what_the_table_says(stage: Connection, record: Record, products: list[str], lines: int) -> None:
    cost = cost_of_order(stage, products[:lines])

    print(cost)
    committed = committed_cost()[lines]
    record(
        *(
            Figure(
                f"order of {lines}: {what}",
                value,
                "committed",
                committed[what],
                "",
                BY_BATCHING if "nvocations" in what or "S3" in what else CALLED,
            )
            for what, value in cost.figures().items()
            if committed[what] or value
        )
    )
