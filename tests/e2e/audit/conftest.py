"""The orders that the tests of the audit damage."""

import secrets
from datetime import UTC, datetime

import pytest

from ecom67.demo.shopper import eventually
from ecom67.local.connection import Connection
from services.checkout.domain import order_id_for
from tests.e2e.audit.books import Books
from tests.e2e.events.operating import products_of_our_own, signed_up


@pytest.fixture(scope="module")
def books(stage: Connection) -> Books:
    """Orders of every end, in which nothing differs."""
    since = datetime.now(UTC)
    (product_id,) = products_of_our_own(stage, 1)

    def buy(card: str, units: int) -> str:
        shopper = signed_up(stage)
        user_id, key = shopper.call("GET /me").expect(200).body["userId"], secrets.token_hex(12)
        total = shopper.fill_cart((product_id, units))["total"]
        shopper.buy(card, total, key).expect(402 if "Declined" in card else 201)
        order_id = order_id_for(user_id, key)
        if units == 2:
            shopper.order(order_id)
            shopper.call(f"POST /orders/{order_id}/cancel").expect(202)
        return order_id

    sold = Books(
        stage,
        since,
        product_id,
        placed=buy("pm_card_visa", 1),
        refunded=buy("pm_card_visa", 2),
        declined=buy("pm_card_chargeDeclined", 3),
    )

    def refunded() -> bool | None:
        return True if sold.order(sold.refunded)["status"] == "REFUNDED" else None

    eventually("the cancelled order is refunded", refunded)
    eventually("nothing differs", lambda: True if not sold.audited().differences else None)
    return sold
