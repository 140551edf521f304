"""Sixty purchases of each of three seeds, with a fault of Stripe each: nothing differs once they have settled."""

from datetime import UTC, datetime

import pytest

from ecom67.local.connection import Connection
from tests.audited import Auditor, listed
from tests.bench.conftest import Record
from tests.bench.report import Figure
from tests.e2e.stripe_faults import FaultRun

PURCHASES = 60
SETTLED_SECONDS = 900
"""A queue delivers again after minutes."""


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_sixty_purchases_with_a_fault_of_stripe_each_settle(stage: Connection, record: Record, seed: int) -> None:
    auditor = Auditor.of(stage, datetime.now(UTC))

    outcome = FaultRun(stage, seed, PURCHASES).run()
    left = auditor.settled(SETTLED_SECONDS)

    assert not left, f"{outcome}\n{listed(left)}"
    bought, all_of_them = len(outcome.placed), "all of them"
    record(Figure(f"purchases of seed {seed} that became an order", bought, all_of_them, PURCHASES, "", 1))
