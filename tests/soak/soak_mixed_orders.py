"""Five hundred orders of every kind: once all has settled no two records differ, and the report has each cent."""

import secrets
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from tests.audited import Auditor, listed
from tests.e2e.events.operating import products_of_our_own, signed_up

ORDERS = 500
TOGETHER = 4
"""Shoppers at once."""
PROGRESS = 50
"""Orders after which a line says how far it is."""
SETTLED_SECONDS = 900
"""A queue delivers again after minutes."""
PRICE, GOODWILL = 2500, 300
"""Of each product, and what is refunded without goods; in cents."""
GOOD, DECLINED, ASKED = "pm_card_visa", "pm_card_visa_chargeDeclined", "pm_card_threeDSecure2Required"


class MixedOrders:
    """Orders of each kind in turn, each of two lines.

    Parameters:
        stage: the stage.
    """

    def __init__(self, stage: Connection) -> None:
        self._stage = stage
        self._staff = stage.token(STAFF, staff=True)
        self._first, self._second = products_of_our_own(stage, 2)
        # Before anybody buys, and one after the other: the emulator's user pool takes one change at a time.
        self._shoppers = deque(signed_up(stage) for _ in range(ORDERS))
        self._kinds: list[Callable[[], None]] = [
            self.paid,
            self.declined,
            self.abandoned_at_the_bank,
            self.cancelled,
            self.sent_in_two_parcels,
            self.returned,
            self.refunded_in_parts,
            self.the_rest_refunded_instead_of_sent,
        ]
        # Lists, because several shoppers add to them at once.
        self.made: list[str] = []
        self.sold: list[int] = []
        self.refunded: list[int] = []

    def run(self) -> None:
        """Place all orders, and do to each what its kind says."""
        for product_id in (self._first, self._second):
            self._by_staff(f"PUT /stock/{product_id}", {"onHand": 3 * ORDERS}, 200)
        with ThreadPoolExecutor(TOGETHER) as pool:
            list(pool.map(self._make, range(ORDERS)))

    def paid(self) -> None:
        self._buy()

    def declined(self) -> None:
        self._pay(DECLINED, 402)

    def abandoned_at_the_bank(self) -> None:
        self._pay(ASKED, 202)

    def cancelled(self) -> None:
        shopper, order = self._buy()
        for _ in range(2):
            shopper.call(f"POST /orders/{order['orderId']}/cancel").expect(202)
        self._has_status(shopper, order, "REFUNDED")
        self.refunded.append(order["total"]["amount"])

    def sent_in_two_parcels(self) -> None:
        self._send_and_deliver(*self._buy())

    def returned(self) -> None:
        shopper, order = self._buy()
        self._send_and_deliver(shopper, order)
        stated = {"orderId": order["orderId"], "email": shopper.email, "lines": [self._one_of(self._first)]}
        withdrawal = shopper.call("POST /withdrawals", stated).expect(202).body["withdrawalId"]
        for _ in range(2):
            shopper.call(f"POST /withdrawals/{withdrawal}/confirm").expect(202)
        returns = f"GET /orders/{order['orderId']}/returns"

        def opened() -> str | None:
            return next((each["returnId"] for each in shopper.call(returns).expect(200).body["returns"]), None)

        return_id = eventually("the return", opened)
        came_back = {"productId": self._first, "restock": 1, "writeOff": 0}
        self._by_staff(f"POST /staff/returns/{return_id}/receive", {"lines": [came_back]}, 202)

        def refunded() -> bool | None:
            (returned,) = shopper.call(returns).expect(200).body["returns"]
            return returned["status"] == "REFUNDED" or None

        eventually("the return is refunded", refunded)
        self.refunded.append(PRICE)

    def refunded_in_parts(self) -> None:
        shopper, order = self._buy()
        for body in (
            {"amount": {"amount": GOODWILL, "currency": "USD"}, "reason": "GOODWILL"},
            {"lines": [self._one_of(self._second)], "reason": "DAMAGED"},
        ):
            key = secrets.token_hex(12)
            for _ in range(2):
                answer = shopper.call(f"POST /orders/{order['orderId']}/refund", body, key=key, token=self._staff)
                answer.expect(202)

        def both() -> bool | None:
            return shopper.order(order["orderId"]).get("refundedTotal", {}).get("amount") == GOODWILL + PRICE or None

        eventually("both refunds", both)
        self.refunded.append(GOODWILL + PRICE)

    def the_rest_refunded_instead_of_sent(self) -> None:
        shopper, order = self._buy()
        self._send(order, [{"productId": self._first, "quantity": 2}])
        rest = {"lines": [self._one_of(self._second)], "unsent": True, "reason": "OTHER"}
        answer = shopper.call(
            f"POST /orders/{order['orderId']}/refund", rest, key=secrets.token_hex(12), token=self._staff
        )
        answer.expect(202)
        self._by_staff(f"POST /orders/{order['orderId']}/deliver", None, 202)
        self._has_status(shopper, order, "DELIVERED")
        self.refunded.append(PRICE)

    def _make(self, number: int) -> None:
        kind = self._kinds[number % len(self._kinds)]
        kind()
        self.made.append(kind.__name__)
        if len(self.made) % PROGRESS == 0:
            print(f"{len(self.made)} orders", flush=True)

    def _pay(self, payment_method: str, status: int) -> tuple[Shopper, dict[str, Any]]:
        shopper = self._shoppers.pop()
        cart = shopper.fill_cart((self._first, 2), (self._second, 1))
        return shopper, shopper.buy(payment_method, cart["total"]).expect(status).body

    def _buy(self) -> tuple[Shopper, dict[str, Any]]:
        shopper, answer = self._pay(GOOD, 201)
        order = shopper.order(answer["orderId"])
        self.sold.append(order["total"]["amount"])
        return shopper, order

    def _send_and_deliver(self, shopper: Shopper, order: dict[str, Any]) -> None:
        for lines in ([{"productId": self._first, "quantity": 2}], [self._one_of(self._second)]):
            self._send(order, lines)
        self._by_staff(f"POST /orders/{order['orderId']}/deliver", None, 202)
        self._has_status(shopper, order, "DELIVERED")

    def _send(self, order: dict[str, Any], lines: list[dict[str, Any]]) -> None:
        parcel = {"carrier": "UPS", "trackingNumber": secrets.token_hex(6), "lines": lines}
        self._by_staff(f"POST /orders/{order['orderId']}/ship", parcel, 202)

    def _by_staff(self, route: str, body: object, status: int) -> None:
        Shopper(self._stage).call(route, body, token=self._staff).expect(status)

    @staticmethod
    def _one_of(product_id: str) -> dict[str, Any]:
        return {"productId": product_id, "quantity": 1}

    @staticmethod
    def _has_status(shopper: Shopper, order: dict[str, Any], status: str) -> None:
        def reached() -> bool | None:
            return shopper.order(order["orderId"])["status"] == status or None

        eventually(f"order {order['orderId']} is {status}", reached)


@pytest.mark.timeout(3600, func_only=True)
def test_five_hundred_orders_of_every_kind_leave_no_difference_and_are_in_the_report(stage: Connection) -> None:
    auditor, begun = Auditor.of(stage, datetime.now(UTC)), datetime.now(UTC)
    sold_before, refunded_before = reported(stage)
    orders = MixedOrders(stage)

    orders.run()
    left = auditor.settled(SETTLED_SECONDS)

    print(f"\n{dict(Counter(orders.made))} in {(datetime.now(UTC) - begun).total_seconds():.0f} s")
    assert not left, listed(left)
    expected = (sold_before + sum(orders.sold), refunded_before + sum(orders.refunded))

    # A day in progress is counted up to a minute ago.
    eventually("the report has all of it", lambda: reported(stage) == expected or None, SETTLED_SECONDS)


def reported(stage: Connection) -> tuple[int, int]:
    """Return what the reports say was sold and refunded, in minor units."""
    answer = Shopper(stage).call("GET /reports/sales", token=stage.token(STAFF, staff=True)).expect(200)
    total = answer.body["total"]
    return total["total"], total["refunded"]
