"""One cart in several windows, each of which orders it at the same moment: one order, one charge."""

import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from ecom67.demo.shopper import Shopper, ShopResponse, eventually
from ecom67.local.connection import Connection
from tests.deadlines import DEADLINE_SECONDS

WINDOWS = 4
GOOD, BAD, ASKED = "pm_card_visa", "pm_card_visa_chargeDeclined", "pm_card_threeDSecure2Required"
REFUSED = {(409, "IN_PROGRESS"), (422, "EMPTY_CART")}
"""The second is for a window that is so late that the order has left the cart by then."""


@pytest.fixture
def ada(stage: Connection) -> Shopper:
    shopper = Shopper(stage)
    shopper.sign_up()
    return shopper


def filled(ada: Shopper) -> dict[str, Any]:
    lamp = ada.find_product("lighting", at_least=10)
    return ada.fill_cart((lamp["productId"], 1))


def order_at_once(ada: Shopper, cards: list[str], total: dict[str, Any]) -> list[ShopResponse]:
    together = threading.Barrier(len(cards))

    def order(card: str) -> ShopResponse:
        together.wait(timeout=DEADLINE_SECONDS)
        return ada.buy(card, total)

    with ThreadPoolExecutor(len(cards)) as windows:
        return list(windows.map(order, cards))


def kinds(answers: list[ShopResponse]) -> list[tuple[int, str | None]]:
    return [(answer.status, answer.body.get("code")) for answer in answers]


def money_of(stage: Connection, ada: Shopper) -> dict[str, Any]:
    user_id = ada.call("GET /me").expect(200).body["userId"]
    address = f"{stage.stripe_url}/_state/payment_intents"
    counts: dict[str, Any] = httpx.get(address, params={"metadata[userId]": user_id}).raise_for_status().json()
    return counts


def test_four_windows_with_one_cart_make_one_order_and_one_charge(stage: Connection, ada: Shopper) -> None:
    cart = filled(ada)

    answers = order_at_once(ada, [GOOD] * WINDOWS, cart["total"])

    placed = [answer for answer in answers if answer.status == 201]
    assert len(placed) == 1, kinds(answers)
    assert set(kinds(answers)) - {(201, None)} <= REFUSED
    ada.order(placed[0].body["orderId"])
    money = money_of(stage, ada)
    assert (money["charges"]["succeeded"], money["amountCaptured"]) == (1, cart["total"]["amount"])

    # And the same things can be ordered again, once the cart has let the first order go
    eventually("the cart is empty", lambda: None if ada.call("GET /cart").body["lines"] else True)
    again = ada.fill_cart((cart["lines"][0]["productId"], 1))
    second = ada.buy(GOOD, again["total"]).expect(201)
    ada.order(second.body["orderId"])
    orders = ada.call("GET /orders").expect(200).body["items"]
    assert {order["orderId"] for order in orders} == {placed[0].body["orderId"], second.body["orderId"]}


def test_a_declined_card_gives_the_cart_to_the_next_window_and_to_one_alone(stage: Connection, ada: Shopper) -> None:
    cart = filled(ada)

    declined = order_at_once(ada, [BAD] * 2, cart["total"])
    retried = order_at_once(ada, [GOOD] * WINDOWS, cart["total"])

    assert set(kinds(declined)) <= {(402, "PAYMENT_DECLINED"), (409, "IN_PROGRESS")}
    placed = [answer for answer in retried if answer.status == 201]
    assert len(placed) == 1, kinds(retried)
    assert set(kinds(retried)) - {(201, None)} <= REFUSED
    ada.order(placed[0].body["orderId"])
    money = money_of(stage, ada)
    assert (money["charges"]["succeeded"], money["amountCaptured"]) == (1, cart["total"]["amount"])


def test_a_declined_and_three_good_cards_at_once_make_one_order_at_the_most(stage: Connection, ada: Shopper) -> None:
    cart = filled(ada)

    answers = order_at_once(ada, [BAD, GOOD, GOOD, GOOD], cart["total"])
    placed = [answer for answer in answers if answer.status == 201]
    if not placed:
        # The declined card had the cart while the others asked for it.
        placed = [ada.buy(GOOD, cart["total"]).expect(201)]

    assert len(placed) == 1, kinds(answers)
    ada.order(placed[0].body["orderId"])
    assert money_of(stage, ada)["charges"]["succeeded"] == 1


def test_an_abandoned_3d_secure_is_charged_to_nobody_once_the_cart_is_ordered_anew(
    stage: Connection, ada: Shopper
) -> None:
    # Given a payment that waits for the shopper, who has closed the page
    cart = filled(ada)
    key = secrets.token_hex(12)
    waiting = ada.buy(ASKED, cart["total"], key).expect(202)

    # When the cart is ordered anew with another card
    placed = ada.buy(GOOD, cart["total"]).expect(201)

    # Then the first payment can no longer be carried out, and both windows are told so
    intent_id = waiting.body["clientSecret"].split("_secret_")[0]
    late = httpx.post(f"{stage.stripe_url}/_3ds/{intent_id}", json={"outcome": "complete"})
    assert late.is_error
    assert kinds([ada.call(f"POST /orders/{waiting.body['orderId']}/confirm")]) == [(402, "PAYMENT_DECLINED")]
    assert kinds([ada.buy(ASKED, cart["total"], key)]) == [(402, "PAYMENT_DECLINED")]
    ada.order(placed.body["orderId"])
    assert len(ada.call("GET /orders").expect(200).body["items"]) == 1
    money = money_of(stage, ada)
    assert (money["charges"]["succeeded"], money["amountCaptured"]) == (1, cart["total"]["amount"])


def test_3d_secure_that_is_carried_out_while_the_cart_is_ordered_anew_is_paid_once(
    stage: Connection, ada: Shopper
) -> None:
    cart = filled(ada)
    waiting = ada.buy(ASKED, cart["total"]).expect(202)
    intent_id = waiting.body["clientSecret"].split("_secret_")[0]
    together = threading.Barrier(2)

    def carry_out() -> ShopResponse:
        together.wait(timeout=DEADLINE_SECONDS)
        httpx.post(f"{stage.stripe_url}/_3ds/{intent_id}", json={"outcome": "complete"})
        return ada.call(f"POST /orders/{waiting.body['orderId']}/confirm")

    def order_anew() -> ShopResponse:
        together.wait(timeout=DEADLINE_SECONDS)
        return ada.buy(GOOD, cart["total"])

    with ThreadPoolExecutor(2) as windows:
        answers = [window.result() for window in [windows.submit(carry_out), windows.submit(order_anew)]]

    placed = [answer for answer in answers if answer.status == 201]
    assert len(placed) == 1, kinds(answers)
    ada.order(placed[0].body["orderId"])

    def settled() -> dict[str, Any] | None:
        money = money_of(stage, ada)
        return money if money["amountCaptured"] - money["amountRefunded"] == cart["total"]["amount"] else None

    eventually("the shopper has paid once", settled)
    assert len(ada.call("GET /orders").expect(200).body["items"]) == 1
