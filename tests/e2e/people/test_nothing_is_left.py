"""A customer of whom the shop knows all that it can is erased: nothing leads to them any more, wherever one looks."""

import json
import re
import secrets
from datetime import UTC, datetime
from typing import Any

import pytest

from ecom67.demo.shopper import ADDRESS, Shopper, eventually
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from tests.e2e.chat.talking import talk
from tests.e2e.people.everywhere import traces
from tests.personal_data import EXPORTED, KEEP_THE_ID

GOOD, DECLINED, ASKED = "pm_card_visa", "pm_card_visa_chargeDeclined", "pm_card_threeDSecure2Required"


class Customer:
    """A person, and what makes them one: words that nothing else on the stage has.

    Parameters:
        stage: the stage.
    """

    def __init__(self, stage: Connection) -> None:
        unique = secrets.token_hex(5)
        self.surname, self.street = f"Quandolle{unique}", f"Wistgate{unique}"
        self.name = f"Zephyrine {self.surname}"
        self.known_since = datetime.now(UTC)
        self.stage, self.staff = stage, stage.token(STAFF, staff=True)
        self.shopper = Shopper(stage)
        self.shopper.sign_up()
        self.user_id = str(self.call("GET /me").expect(200).body["userId"])
        self.address = {**ADDRESS, "name": self.name, "line1": f"7 {self.street} Road"}
        lamp = self.shopper.find_product("lighting", at_least=30)
        self.product_id, self.product = str(lamp["productId"]), str(lamp["name"])

    @property
    def words(self) -> tuple[str, ...]:
        """What leads to them."""
        return self.surname, self.street, self.shopper.email, self.user_id

    def call(self, route: str, body: object = None, **options: Any) -> Any:
        return self.shopper.call(route, body, **options)

    def by_staff(self, route: str, body: object = None, status: int = 202) -> None:
        key = secrets.token_hex(12)
        self.call(route, body, key=key, token=self.staff).expect(status)

    def settle_in(self) -> None:
        """Give the shop a profile, an address, a consent, and questions."""
        self.call("PUT /me", {"name": self.name, "phone": "+15035550142"}).expect(200)
        self.call("PUT /me/consents", {"cartReminders": True}).expect(200)
        self.call("POST /me/addresses", self.address).expect(201)
        self.shopper.fill_cart((self.product_id, 2))
        assert self.shopper.token is not None
        with talk(self.stage, self.shopper.token) as chat:
            chat.ask(f"I am {self.name}, {self.shopper.email}. Do you deliver to {self.address['line1']}?")
            assert chat.ask(f"Add two {self.product} to my cart").of("proposal")

    def pay(self, payment_method: str, status: int) -> str:
        cart = self.shopper.fill_cart((self.product_id, 2))
        body = {"paymentMethodId": payment_method, "shippingAddress": self.address, "expectedTotal": cart["total"]}
        answer = self.call("POST /orders", body, key=secrets.token_hex(12)).expect(status)
        return str(answer.body.get("orderId", ""))

    def buy(self) -> str:
        order_id = self.pay(GOOD, 201)
        self.shopper.order(order_id)
        # The cart hears of it as well; the next purchase is of a cart of its own.
        eventually("the cart is empty", lambda: not self.call("GET /cart").expect(200).body["lines"] or None)
        return order_id

    def ship(self, order_id: str, units: int) -> None:
        lines = [{"productId": self.product_id, "quantity": units}]
        parcel = {"carrier": "UPS", "trackingNumber": secrets.token_hex(6), "lines": lines}
        self.by_staff(f"POST /orders/{order_id}/ship", parcel)

    def has_status(self, order_id: str, status: str) -> None:
        eventually(status, lambda: self.shopper.order(order_id)["status"] == status or None)

    def withdraw(self, order_name: str) -> None:
        stated = self.call("POST /withdrawals", {"orderId": order_name, "email": self.shopper.email}).expect(202)
        self.call(f"POST /withdrawals/{stated.body['withdrawalId']}/confirm").expect(202)

    def return_of(self, order_id: str) -> str:
        def opened() -> str | None:
            found = self.call(f"GET /orders/{order_id}/returns").expect(200).body["returns"]
            return next((str(each["returnId"]) for each in found), None)

        return eventually("the return", opened)


@pytest.fixture
def customer(stage: Connection) -> Customer:
    """Return a customer with orders in every status, returns, documents, questions, and what staff did about them."""
    customer = Customer(stage)
    customer.settle_in()
    customer.pay(DECLINED, 402)
    processing, partly, shipped, returned, cancelled = (customer.buy() for _ in range(5))
    customer.pay(ASKED, 202)
    customer.call(f"POST /orders/{cancelled}/cancel").expect(202)
    customer.ship(partly, 1)
    for order_id in (shipped, returned):
        customer.ship(order_id, 2)
    customer.by_staff(f"POST /orders/{returned}/deliver")
    note = {"amount": {"amount": 100, "currency": "USD"}, "reason": "GOODWILL", "note": f"{customer.name} called."}
    customer.by_staff(f"POST /orders/{shipped}/refund", note)
    # By the form that needs no account: an order that there is, and one that there is not.
    customer.withdraw(returned)
    customer.withdraw("2A3C4D5E6F")
    back = {"lines": [{"productId": customer.product_id, "restock": 1, "writeOff": 1}]}
    customer.by_staff(f"POST /staff/returns/{customer.return_of(returned)}/receive", back)
    customer.has_status(cancelled, "REFUNDED")
    link = re.search(r"/o/([\w.-]+)", customer.shopper.mail_about(processing))
    assert link
    customer.call(f"GET /order-links/{link[1]}").expect(200)
    customer.by_staff(f"POST /staff/customers/{customer.user_id}/export", None, 200)
    return customer


def test_an_erased_customer_is_found_nowhere_but_by_the_id_that_the_law_keeps(customer: Customer) -> None:
    stage = customer.stage
    assert customer.shopper.token is not None
    with talk(stage, customer.shopper.token):
        known = traces(stage, customer.known_since, datetime.now(UTC), *customer.words)
    # All of them: otherwise this test would look for too little.
    assert {f"table {name}" for name in EXPORTED} <= known[customer.user_id].keys()
    for word in customer.words[:3]:
        assert "table OrderSearch" in known[word] or word == customer.street, word
        assert "table Orders" in known[word], word

    customer.call("DELETE /me?cancelOrders=true").expect(204)

    erased_at = datetime.now(UTC)
    allowed = {f"table {name}" for name in KEEP_THE_ID}

    def left() -> dict[str, dict[str, list[str]]]:
        found = traces(stage, customer.known_since, erased_at, *customer.words)
        found[customer.user_id] = {
            store: texts for store, texts in found[customer.user_id].items() if store not in allowed
        }
        return {word: stores for word, stores in found.items() if stores}

    try:
        eventually("nothing is left", lambda: True if not left() else None)
    except Exception:
        print(json.dumps(left(), indent=1))
        raise
