"""The reports of the day have what was bought, cancelled and refunded, to the cent, and a rebuild finds the same."""

import secrets
from datetime import timedelta
from typing import Any

import pytest

from bus.attribute_values import to_item
from ecom67.audit.settling import settle
from ecom67.demo.journal import deployed
from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.connection import Connection
from ecom67.reports.rebuild import today
from tests.deadlines import DEADLINE_SECONDS
from tests.e2e.events.operating import ecom67

STAFF = "staff@ecom67.example"


@pytest.fixture
def ada(stage: Connection) -> Shopper:
    shopper = Shopper(stage)
    shopper.sign_up()
    return shopper


@pytest.fixture
def reports(stage: Connection, ada: Shopper) -> "Reports":
    return Reports(stage, ada)


class Reports:
    """The reports of a stage, read once nothing is on its way. Of two days, so that no midnight is in between."""

    def __init__(self, stage: Connection, shopper: Shopper) -> None:
        self._stage = stage
        self._shopper = shopper
        self._token = stage.token(STAFF, staff=True)
        self._since = today() - timedelta(days=1)

    def read(self, name: str) -> dict[str, Any]:
        """Return a report."""
        answer = self._shopper.call(f"GET /reports/{name}?from={self._since}&limit=100", token=self._token)
        return dict(answer.expect(200).body)

    def figures(self, product_id: str) -> dict[str, int]:
        """Return the figures of sales and funnel, and those of a product."""
        assert settle(deployed(self._stage), DEADLINE_SECONDS) == []
        sold = [item for item in self.read("products")["items"] if item["productId"] == product_id]
        product = sold[0] if sold else {"units": 0, "sales": 0, "cancelledUnits": 0}
        return {
            **self.read("sales")["total"],
            **self.read("funnel")["total"],
            **{f"product {name}": product[name] for name in ("units", "sales", "cancelledUnits")},
        }

    def rebuild(self, *options: str, code: int = 0) -> dict[str, Any]:
        """Run ``ecom67 reports rebuild`` for today, which has to exit with a code; return what it printed."""
        return dict(ecom67(self._stage, "reports", "rebuild", "--days", "1", "--json", *options, code=code).json())


def test_the_report_of_the_day_has_it_all_to_the_cent(stage: Connection, ada: Shopper, reports: Reports) -> None:
    lamp = ada.find_product("lighting", at_least=5)
    product_id, price = lamp["productId"], lamp["price"]["amount"]
    before = reports.figures(product_id)

    kept, cancelled = (buy(ada, product_id, units) for units in (2, 1))
    cart = ada.fill_cart((product_id, 1))
    ada.buy("pm_card_chargeDeclined", cart["total"]).expect(402)
    ada.call(f"POST /orders/{cancelled['orderId']}/cancel").expect(202)
    refund = {"amount": {"amount": 300, "currency": "USD"}, "reason": "DAMAGED"}
    staff = stage.token(STAFF, staff=True)
    ada.call(f"POST /orders/{kept['orderId']}/refund", refund, key=secrets.token_hex(12), token=staff).expect(202)
    eventually("the order is refunded", lambda: ada.order(cancelled["orderId"])["status"] == "REFUNDED" or None)
    eventually(
        "a part is refunded", lambda: ada.order(kept["orderId"]).get("refundedTotal") == refund["amount"] or None
    )

    after = reports.figures(product_id)
    paid = kept["total"]["amount"] + cancelled["total"]["amount"]
    back = cancelled["total"]["amount"] + 300
    assert {name: after[name] - before[name] for name in after} == {
        "orders": 2,
        "units": 3,
        "goods": 3 * price,
        "shipping": paid - 3 * price,
        "tax": 0,
        "total": paid,
        "cancelledOrders": 1,
        "cancelledUnits": 1,
        "cancelledTotal": cancelled["total"]["amount"],
        "refunds": 2,
        "refunded": back,
        "refundedTax": 0,
        "net": paid - back,
        "carts": 3,
        "checkouts": 3,
        "paid": 2,
        "product units": 3,
        "product sales": 3 * price,
        "product cancelledUnits": 1,
    }
    same = reports.rebuild()
    assert (same["busyQueues"], same["rejected"]) == ([], {})

    lost = f"ORDER_PLACED#{kept['orderId']}"
    lose_fact(stage, lost)
    found = reports.rebuild(code=1)
    assert [each["missing"] for each in found["compared"] if each["missing"]] == [[lost]]
    reports.rebuild("--repair")
    assert reports.figures(product_id) == after


def buy(shopper: Shopper, product_id: str, units: int) -> dict[str, Any]:
    cart = shopper.fill_cart((product_id, units))
    order_id = shopper.buy("pm_card_visa", cart["total"]).expect(201).body["orderId"]
    order = shopper.order(order_id)
    # The next cart is another one.
    eventually("the cart is empty", lambda: shopper.call("GET /cart").expect(200).body["lines"] == [] or None)
    return order


def lose_fact(stage: Connection, key: str) -> None:
    """Delete a fact of today or yesterday from the live generation."""
    dynamodb = stage.client("dynamodb")
    for day in (today(), today() - timedelta(days=1)):
        dynamodb.delete_item(
            TableName="ecom67-local-SalesFacts", Key=to_item({"day": f"live/{day.isoformat()}", "fact": key})
        )
