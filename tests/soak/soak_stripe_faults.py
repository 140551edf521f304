"""Sixty purchases of each of three seeds, with a fault of Stripe each: nothing differs once they have settled."""

from datetime import UTC, datetime

import pytest

from ecom67.local.connection import Connection
from tests.audited import Auditor, listed
from tests.e2e.stripe_faults import FaultRun

PURCHASES = 60
SETTLED_SECONDS = 900
"""A queue delivers again after minutes."""


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.timeout(3600, func_only=True)
def test_sixty_purchases_with_a_fault_of_stripe_each_settle(stage: Connection, seed: int) -> None:
    auditor = Auditor.of(stage, datetime.now(UTC))

    outcome = FaultRun(stage, seed, PURCHASES).run()
    left = auditor.settled(SETTLED_SECONDS)

    print(
        f"\nseed {seed}: {len(outcome.placed)} of {PURCHASES} became an order, {len(outcome.cancelled)} were cancelled,"
        f" {len(outcome.refunded)} partly refunded; not placed: {dict(outcome.failed)}; {dict(outcome.faults)}"
    )
    assert not left, listed(left)
    assert outcome.placed
    assert outcome.cancelled
    assert outcome.refunded
