"""Money back or an order: what happens to a purchase whose checkout dies after the charge."""

import secrets

import httpx

from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.connection import Connection


def test_a_charge_whose_checkout_died_becomes_one_order_with_one_mail(stage: Connection) -> None:
    # Given a shopper whose charges succeed at Stripe while every answer is lost on the way back,
    # and a webhook that is late
    ada = Shopper(stage)
    ada.sign_up()
    lamp = ada.find_product("lighting", at_least=5)
    cart = ada.fill_cart((lamp["productId"], 1))
    user_id = ada.call("GET /me").expect(200).body["userId"]
    fault = {
        "match": {"path": "^/v1/payment_intents$", "method": "POST", "body": user_id},
        "action": "drop_after",
        "times": 50,
    }
    httpx.post(f"{stage.stripe_url}/_config/faults", json=fault).raise_for_status()
    httpx.post(f"{stage.stripe_url}/_config/webhooks", json={"mode": "hold"}).raise_for_status()
    key = secrets.token_hex(12)

    # When she buys, and the webhook comes after the checkout has died
    try:
        lost = ada.buy("pm_card_visa", cart["total"], key).expect(503, "CHECKOUT_UNRESOLVED")
    finally:
        httpx.delete(f"{stage.stripe_url}/_config/faults").raise_for_status()
        httpx.post(f"{stage.stripe_url}/_config/webhooks", json={"mode": "normal"}).raise_for_status()
        httpx.post(f"{stage.stripe_url}/_config/webhooks/release").raise_for_status()

    # Then it completes the order, once
    order_id = lost.body["orderId"]
    assert ada.order(order_id)["total"] == cart["total"]
    ada.mail_about(order_id)
    charged = httpx.get(f"{stage.stripe_url}/_state/payment_intents", params={"metadata[orderId]": order_id}).json()
    assert charged["charges"]["succeeded"] == 1
    assert charged["refunds"] == 0
    orders = ada.call("GET /orders").expect(200).body["items"]
    assert [order["orderId"] for order in orders] == [order_id]
    assert ada.mails_about(order_id) == 1

    # And the same request again is answered with that order
    def confirmed() -> str | None:
        again = ada.buy("pm_card_visa", cart["total"], key)
        return str(again.body["orderId"]) if again.status == 201 else None

    assert eventually("the same key is answered", confirmed) == order_id
