"""The scenes of the demonstration. The first scene that fails ends it with exit code 1."""

import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import httpx

from bus.journal_reader import JournalledEvent
from ecom67.base.errors import CliError
from ecom67.base.tables import create_console
from ecom67.demo.journal import cause_of, check_contracts, events_between, events_once_there, trace_tree
from ecom67.demo.shopper import Shopper, ShopResponse, UnexpectedError, eventually
from ecom67.local.connection import Connection, connection

PURCHASE = {"PaymentSucceeded", "CheckoutCompleted", "OrderPlaced", "StockChanged", "NotificationSent"}
REFUSED = {"CheckoutFailed"}
DECLINED = {"PaymentFailed", *REFUSED}
CAUSES = {
    "PaymentSucceeded": None,
    "CheckoutCompleted": "PaymentSucceeded",
    "OrderPlaced": "PaymentSucceeded",
    "NotificationSent": "OrderPlaced",
}

console = create_console()


def run(stage: Connection | None = None, only: str | None = None) -> int:
    """Play the scenes on the running local stage; return the exit code.

    Parameters:
        stage: the stage; None finds that of this folder.
        only: name of the scene to play, such as ``a-purchase``; None plays all.

    Raises CliError where there is no scene of that name.
    """
    scenes = [scene for scene in SCENES if only in (None, _name_of(scene))]
    if not scenes:
        raise CliError(f"There is no scene {only!r}. There are: {', '.join(map(_name_of, SCENES))}.")
    stage = stage or connection()
    started, since = time.monotonic(), datetime.now(UTC)

    def the_contracts(stage: Connection) -> None:
        """The contracts: every event of this demonstration fits its committed JSON Schema."""
        events = events_between(stage, since, datetime.now(UTC))
        check_contracts(events)
        _expect(len(events) > len(scenes), "there are events to check", len(events))
        _say(f"{len(events)} events of {len({event.detail_type for event in events})} types")

    for scene in (*scenes, the_contracts):
        title = (scene.__doc__ or "").splitlines()[0]
        console.print(f"[bold]{title}[/]")
        scene_started = time.monotonic()
        try:
            scene(stage)
        except (UnexpectedError, httpx.HTTPError) as error:
            console.print(f"[red]✗ {error}[/]")
            return 1
        console.print(f"[green]✓[/] [dim]{time.monotonic() - scene_started:.1f} s[/]\n")
    console.print(f"All {len(scenes)} scenes are as they should be ({time.monotonic() - started:.1f} s).")
    return 0


def _name_of(scene: Callable[[Connection], None]) -> str:
    return scene.__name__.replace("_", "-")


def a_purchase(stage: Connection) -> None:
    """A purchase: sign up, look around, fill the cart, pay, read the order and its e-mail."""
    ada = Shopper(stage)
    ada.sign_up()
    _say(f"signed up as {ada.email}, with the code from the e-mail")
    lamp, towel = _two_products(ada)
    cart = ada.fill_cart((lamp["productId"], 1), (towel["productId"], 2))
    _say(f"cart: {_names(cart)}: {_dollars(cart['total'])}")
    answer = ada.buy("pm_card_visa", cart["total"]).expect(201)
    order = ada.order(answer.body["orderId"])
    _expect(order["total"] == cart["total"], "the order's total is the cart's", order["total"])
    _say(f"order {order['orderId']}: {order['status']}, {_dollars(order['total'])}")
    ada.mail_about(order["orderId"])
    _say("the confirmation e-mail has come")
    eventually("the bought lines leave the cart", lambda: True if not ada.call("GET /cart").body["lines"] else None)
    events = _show_events(stage, answer, PURCHASE)
    for detail_type, cause in CAUSES.items():
        found = cause_of(events, detail_type)
        _expect(found == cause, f"{detail_type} is caused by {cause or 'the request'}", found)
    _expect(ada.mails_about(order["orderId"]) == 1, "there is one e-mail", ada.mails_about(order["orderId"]))


def a_declined_card(stage: Connection) -> None:
    """A declined card: nothing is charged, the stock is free again, the next card works."""
    ada = Shopper(stage)
    ada.sign_up()
    lamp, _ = _two_products(ada)
    before = _available(ada, lamp)
    cart = ada.fill_cart((lamp["productId"], 1))
    refusal = ada.buy("pm_card_visa_chargeDeclinedInsufficientFunds", cart["total"]).expect(402, "PAYMENT_DECLINED")
    _say(f"declined ({refusal.body['declineCode']}): {refusal.body['detail']}")
    _expect(_available(ada, lamp) == before, "the stock is free again", _available(ada, lamp))
    _show_events(stage, refusal, DECLINED)
    placed = ada.buy("pm_card_visa", cart["total"]).expect(201)
    _say(f"another card: order {ada.order(placed.body['orderId'])['orderId']}")
    _show_events(stage, placed, PURCHASE)
    types = {event.detail_type for event in events_once_there(stage, refusal.correlation_id, DECLINED)}
    _expect("NotificationSent" not in types, "no e-mail repeats what the page has told", types)


def three_d_secure(stage: Connection) -> None:
    """3-D Secure: once failed, then carried out."""
    ada = Shopper(stage)
    ada.sign_up()
    lamp, _ = _two_products(ada)
    cart = ada.fill_cart((lamp["productId"], 1))
    began = _to_the_bank(ada, stage, cart, "fail")
    ada.call(f"POST /orders/{began.body['orderId']}/confirm").expect(402, "PAYMENT_DECLINED")
    _say("failed at the bank: declined")
    _show_events(stage, began, DECLINED)
    began = _to_the_bank(ada, stage, cart, "complete")
    order_id = began.body["orderId"]
    ada.call(f"POST /orders/{order_id}/confirm").expect(201)
    _say(f"carried out: order {ada.order(order_id)['orderId']}")
    ada.mail_about(order_id)
    # What follows from the confirmation belongs to the request that began the checkout.
    _show_events(stage, began, PURCHASE)


def sold_out(stage: Connection) -> None:
    """Sold out during a payment: the second buyer is refused, and not charged."""
    staff = stage.token("staff@ecom67.example", staff=True)
    ada, eve = Shopper(stage), Shopper(stage)
    ada.sign_up()
    eve.sign_up()
    product_id = new_product(ada, staff, price=2500, stock=1)
    cart = ada.fill_cart((product_id, 1))
    eve.fill_cart((product_id, 1))
    ada.buy("pm_card_visa", cart["total"]).expect(201)
    refusal = eve.buy("pm_card_visa", cart["total"]).expect(409, "OUT_OF_STOCK")
    (line,) = refusal.body["lines"]
    _expect((line["productId"], line["available"]) == (product_id, 0), "the line is named", line)
    _expect(_available(ada, {"productId": product_id}) == 0, "nothing is oversold", None)
    _expect(not _charged(stage, eve), "the second buyer is not charged", None)
    _say("the last one went to the first; the second was not charged")
    _show_events(stage, refusal, REFUSED)


def a_changed_price(stage: Connection) -> None:
    """A changed price: the shopper sees the new total before anything is charged."""
    staff = stage.token("staff@ecom67.example", staff=True)
    ada = Shopper(stage)
    ada.sign_up()
    product_id = new_product(ada, staff, price=2500, stock=5)
    cart = ada.fill_cart((product_id, 1))
    product = ada.call(f"GET /products/{product_id}").expect(200).body
    changed = {**product, "price": {"amount": 3000, "currency": "USD"}}
    for name in ("productId", "createdAt", "updatedAt"):
        changed.pop(name)
    ada.call(f"PUT /products/{product_id}", changed, token=staff).expect(200)
    eventually("the cart knows the new price", lambda: True if _subtotal(ada) == 3000 else None)
    refusal = ada.buy("pm_card_visa", cart["total"]).expect(409, "PRICE_CHANGED")
    new_total = refusal.body["cart"]["total"]
    _say(f"{_dollars(cart['total'])} became {_dollars(new_total)}: refused, and nothing charged")
    placed = ada.buy("pm_card_visa", new_total).expect(201)
    _expect(placed.body["total"] == new_total, "the accepted total is charged", placed.body["total"])
    _show_events(stage, refusal, REFUSED)
    _show_events(stage, placed, PURCHASE)


def the_same_key_twice(stage: Connection) -> None:
    """The same Idempotency-Key twice: one order, one charge; with another body it is refused."""
    ada = Shopper(stage)
    ada.sign_up()
    lamp, _ = _two_products(ada)
    cart = ada.fill_cart((lamp["productId"], 1))
    key = secrets.token_hex(12)
    first = ada.buy("pm_card_visa", cart["total"], key).expect(201)
    second = ada.buy("pm_card_visa", cart["total"], key).expect(201)
    _expect(first.body == second.body, "both answers are the same", second.body)
    _expect(len(_charged(stage, ada)) == 1, "there is one charge", _charged(stage, ada))
    ada.buy("pm_card_mastercard", cart["total"], key).expect(422, "IDEMPOTENCY_MISMATCH")
    _say(f"order {first.body['orderId']}, once")
    _show_events(stage, first, PURCHASE)


SCENES: tuple[Callable[[Connection], None], ...] = (
    a_purchase,
    a_declined_card,
    three_d_secure,
    sold_out,
    a_changed_price,
    the_same_key_twice,
)


def _two_products(shopper: Shopper) -> tuple[dict[str, Any], dict[str, Any]]:
    return shopper.find_product("lighting", at_least=5), shopper.find_product("home-textiles", at_least=5)


def new_product(shopper: Shopper, staff: str, *, price: int, stock: int) -> str:
    """Create a product and return its id as soon as its stock can be bought.

    Parameters:
        shopper: calls the API.
        staff: ID token of a staff member.
        price: in cents.
        stock: units.
    """
    name = f"Demonstration piece {secrets.token_hex(3)}"
    product = {
        "name": name,
        "description": "Made for the demonstration.",
        "category": "desk-and-paper",
        "brand": "Demo",
        "price": {"amount": price, "currency": "USD"},
        "imageUrl": "/images/gooseneck-kettle.svg",
        "initialStock": stock,
    }
    created = shopper.call("POST /products", product, token=staff).expect(201)
    product_id: str = created.body["productId"]

    def counted() -> bool | None:
        answer = shopper.call(f"GET /stock/{product_id}")
        return True if answer.status == 200 and answer.body["available"] == stock else None

    eventually(f"{product_id} is in stock", counted)
    return product_id


def _to_the_bank(shopper: Shopper, stage: Connection, cart: dict[str, Any], outcome: str) -> ShopResponse:
    waiting = shopper.buy("pm_card_threeDSecure2Required", cart["total"]).expect(202)
    intent = waiting.body["clientSecret"].partition("_secret_")[0]
    httpx.post(f"{stage.stripe_url}/_3ds/{intent}", json={"outcome": outcome}).raise_for_status()
    return waiting


def _charged(stage: Connection, shopper: Shopper) -> list[str]:
    user_id = shopper.call("GET /me").expect(200).body["userId"]
    intents = httpx.get(
        f"{stage.stripe_url}/_state/payment_intents", params={"metadata[userId]": user_id}
    ).raise_for_status()
    return [intent["id"] for intent in intents.json()["paymentIntents"] if intent["status"] == "succeeded"]


def _available(shopper: Shopper, product: dict[str, Any]) -> int:
    available: int = shopper.call(f"GET /stock/{product['productId']}").expect(200).body["available"]
    return available


def _subtotal(shopper: Shopper) -> int:
    amount: int = shopper.call("GET /cart").expect(200).body["subtotal"]["amount"]
    return amount


def _names(cart: dict[str, Any]) -> str:
    return ", ".join(f"{line['quantity']} × {line['name']}" for line in cart["lines"])


def _dollars(money: dict[str, Any]) -> str:
    return f"${money['amount'] // 100}.{money['amount'] % 100:02d}"


def _show_events(stage: Connection, answer: ShopResponse, expected: set[str]) -> list[JournalledEvent]:
    """Print the trace of a request as soon as the expected types are in it; return its events."""
    events = events_once_there(stage, answer.correlation_id, expected)
    check_contracts(events)
    console.print(trace_tree(stage, answer.correlation_id))
    return events


def _expect(holds: bool, what: str, found: object) -> None:
    if not holds:
        raise UnexpectedError(f"not so: {what} (found {found!r})")


def _say(text: str) -> None:
    console.print(f"  {text}")
