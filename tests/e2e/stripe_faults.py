"""Purchases, cancellations and refunds, each with a fault of a random kind at a random one of its calls of Stripe."""

import random
import secrets
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from services.checkout.domain import order_id_for
from tests.deadlines import DEADLINE_SECONDS
from tests.e2e.events.operating import products_of_our_own, signed_up

KINDS = ("429", "500", "503", "drop_before", "drop_after", "slow")
SLOW_MS = 12_000
"""Longer than the shop waits for an answer."""
CALLS = {
    "charge": ("POST", "^/v1/payment_intents$"),
    "search of the charge": ("GET", "^/v1/payment_intents$"),
    "refund": ("POST", "^/v1/refunds$"),
}
TOGETHER = 4
"""Shoppers at once."""
LEASE_SECONDS = 300
"""How long a run that has died keeps others from its checkout."""


@dataclass
class Outcome:
    """What became of the purchases of a run.

    Attributes:
        faults: how often each kind of fault was ordered at each call.
        placed, cancelled, refunded: ids of orders; those that staff has partly refunded in ``refunded``.
        failed: statuses of the purchases that became no order.
    """

    faults: Counter[str] = field(default_factory=Counter)
    placed: list[str] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    refunded: list[str] = field(default_factory=list)
    failed: Counter[int] = field(default_factory=Counter)


class FaultRun:
    """Purchases of one seed on a stage.

    Parameters:
        stage: the stage.
        seed: decides which fault strikes which call.
        purchases: how many; a third is cancelled, another one partly refunded by staff.
    """

    def __init__(self, stage: Connection, seed: int, purchases: int) -> None:
        self._stage = stage
        self._staff = stage.token(STAFF, staff=True)
        self._faults = f"{stage.stripe_url}/_config/faults"
        self._random = random.Random(seed)  # noqa: S311 - a choice of faults
        # Which fault strikes which purchase does not depend on who is faster, and each kind is as frequent.
        kinds = [KINDS[number % len(KINDS)] for number in range(purchases)]
        self._random.shuffle(kinds)
        self._plan = [(number, kind, self._call_of(number)) for number, kind in enumerate(kinds)]
        self.outcome = Outcome()

    def run(self) -> Outcome:
        """Buy, cancel and refund; return what became of it."""
        (product_id,) = products_of_our_own(self._stage, 1)
        with self._no_faults_left(), ThreadPoolExecutor(TOGETHER) as pool:
            list(
                pool.map(
                    lambda plans: self._shop(product_id, plans), [self._plan[n::TOGETHER] for n in range(TOGETHER)]
                )
            )
        return self.outcome

    def _call_of(self, number: int) -> str:
        refunds = number % 3 in (1, 2)
        return self._random.choice(list(CALLS) if refunds else list(CALLS)[:2])

    def _shop(self, product_id: str, plans: list[tuple[int, str, str]]) -> None:
        shopper = signed_up(self._stage)
        user_id = shopper.call("GET /me").expect(200).body["userId"]
        for number, kind, call in plans:
            key = secrets.token_hex(12)
            order_id = order_id_for(user_id, key)
            total = shopper.fill_cart((product_id, 1))["total"]
            self._strike(kind, call, order_id)
            seconds = LEASE_SECONDS + DEADLINE_SECONDS
            status = shopper.buy_until_decided("pm_card_visa", total, key, seconds).status
            if status != 201:
                self.outcome.failed[status] += 1
                shopper.call(f"DELETE /cart/{product_id}")
                continue
            self.outcome.placed.append(order_id)
            shopper.order(order_id)
            self._afterwards(shopper, order_id, number % 3)
            eventually("the cart is empty", lambda: None if shopper.call("GET /cart").body["lines"] else True)

    def _afterwards(self, shopper: Shopper, order_id: str, third: int) -> None:
        if third == 1:
            shopper.call(f"POST /orders/{order_id}/cancel").expect(202)
            self.outcome.cancelled.append(order_id)
        if third == 2:
            body = {"amount": {"amount": 300, "currency": "USD"}, "reason": "DAMAGED"}
            key = secrets.token_hex(12)
            # Whoever presses again does not know what came of it.
            for _ in range(2):
                shopper.call(f"POST /orders/{order_id}/refund", body, key=key, token=self._staff).expect(202)
            self.outcome.refunded.append(order_id)

    def _strike(self, kind: str, call: str, order_id: str) -> None:
        method, path = CALLS[call]
        match = {"method": method, "path": path, **({"body": order_id} if method == "POST" else {})}
        fault = {"match": match, "action": kind, "times": 1, **({"ms": SLOW_MS} if kind == "slow" else {})}
        httpx.post(self._faults, json=fault).raise_for_status()
        self.outcome.faults[f"{kind} at the {call}"] += 1

    @contextmanager
    def _no_faults_left(self) -> Iterator[None]:
        try:
            yield
        finally:
            httpx.delete(self._faults).raise_for_status()
