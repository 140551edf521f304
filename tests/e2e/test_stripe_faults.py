"""Whatever Stripe does, money and orders agree in the end; `make bench` runs sixty purchases of three seeds."""

import pytest

from ecom67.local.connection import Connection
from tests.e2e.stripe_faults import FaultRun

PURCHASES = 6
"""One with each kind of fault."""


@pytest.mark.parametrize("seed", [1])
def test_purchases_with_a_fault_of_stripe_each_settle_so_that_nothing_differs(stage: Connection, seed: int) -> None:
    outcome = FaultRun(stage, seed, PURCHASES).run()

    # That nothing differs is the audit's to say, with which this test ends as all do.
    assert len(outcome.placed) + outcome.failed.total() == PURCHASES
    assert outcome.placed, outcome
    assert outcome.cancelled, outcome
    assert outcome.refunded, outcome
