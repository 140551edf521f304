"""What the shop does, compared with the sentences of the help documents that promise it.

A check takes the sentence and reads numbers and names from it, so that neither the text nor the shop can be changed
alone. Those of LATER hold while the shop does not do a thing yet, and fail when it does: then the text has to say so.
"""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from delivery.quote import Destination, Goods, RefusalCode, quote_delivery
from delivery.settings import Method, delivery_settings
from documents.formatting import format_money
from ecom67.base.paths import ROOT
from schemas.commands import ShippingAddress
from schemas.contract import Money
from schemas.country import COUNTRIES
from schemas.event import Event
from schemas.exporters.examples import example
from schemas.order_number import order_number
from schemas.orders import OrderCancelled, OrderPlaced, OrderShipped
from schemas.time_zone import TIME_ZONE
from services.cart.domain import MAX_LINES, MAX_QUANTITY
from services.cart.pricing import LOW_STOCK_THRESHOLD, PricedCart
from services.chat.history import RETENTION_SECONDS, VISITOR_RETENTION_SECONDS
from services.checkout.domain import CheckoutRequest
from services.inventory.domain import HOLD_MILLISECONDS
from services.notifications.domain import Email, email_for
from tax.settings import tax_settings

Check = Callable[[str], None]
PROMISED: dict[str, Check] = {}
"""Checks by name: what the shop does."""
LATER: dict[str, Check] = {}
"""Checks by name: what the shop does not do yet."""

DAY, MINUTE_IN_MS = 24 * 3600, 60_000
WORDS = {"one": 1, "two": 2, "three": 3, "five": 5, "eight": 8}
TROPICAL = {"teak", "mahogany", "ebony", "rosewood", "iroko", "sapele", "wenge", "meranti", "balau", "merbau", "acacia"}


def promised(check: Check) -> Check:
    """Register a check of what the shop does."""
    PROMISED[check.__name__] = check
    return check


def later(check: Check) -> Check:
    """Register a check of what the shop does not do yet."""
    LATER[check.__name__] = check
    return check


def text_of(path: str) -> str:
    """Return the text of a file of the repository."""
    return (ROOT / path).read_text(encoding="utf-8")


def pages() -> str:
    """Return the sources of all pages."""
    return "\n".join(
        file.read_text(encoding="utf-8")
        for file in sorted((ROOT / "frontend" / "src").rglob("*.ts*"))
        if ".test." not in file.name
    )


def products() -> list[dict[str, Any]]:
    """Return the shop's own catalogue."""
    rows: list[dict[str, Any]] = json.loads(text_of("content/catalogue/products.json"))
    return rows


def product(product_id: str) -> dict[str, Any]:
    """Return a product of the catalogue."""
    return next(row for row in products() if row["productId"] == product_id)


def number(sentence: str, pattern: str) -> int:
    """Return the number, in digits or as a word, that a pattern finds in a sentence."""
    found = re.search(pattern, sentence)
    assert found, f"{sentence!r} names no {pattern}"
    return WORDS[found[1]] if found[1] in WORDS else int(found[1])


def mail_of(event: Event) -> Email:
    """Return the mail of an event."""
    mail = email_for(event)
    assert mail
    return mail


def usual_delivery() -> Method:
    """Return the method of delivery that is shown before anything is known of the address."""
    return delivery_settings().usual_method


def refusal_of(kind: str = "parcel", **destination: Any) -> RefusalCode | None:
    """Return why goods of a kind are not delivered to an address in Portland that differs in something."""
    where = Destination(**{"country": "US", "region": "OR", **destination})
    quote = quote_delivery(delivery_settings(), where, [Goods("it", kind)], Money(amount=1), datetime.now(UTC))
    return quote.refusal.code if quote.refusal else None


def route(method: str, path: str) -> dict[str, Any]:
    """Return a route of the API's description."""
    document = json.loads(text_of("openapi/openapi.json"))
    operation: dict[str, Any] = document["paths"][path][method]
    return {"security": document["security"], **operation}


@promised
def account_needed(sentence: str) -> None:
    assert route("post", "/api/orders")["security"]


@promised
def password_policy(sentence: str) -> None:
    policy = text_of("infra/stacks/identity.py")
    length = number(sentence, r"at least (\w+) characters")
    assert f"min_length={length}," in policy
    for kind, required in (("lowercase", True), ("uppercase", True), ("digits", True), ("symbols", False)):
        assert f"require_{kind}={required}," in policy


@promised
def validity_of_codes(sentence: str) -> None:
    # Cognito decides it, and the mail with the code says the same as the help.
    validity, occasion = ("an hour", "new password") if "new password" in sentence else ("a day", "signing up")
    assert f"valid for {validity}" in sentence
    mail = re.sub(r'"\s+"', "", text_of("infra/stacks/identity.py"))
    assert f"for {validity} " in mail
    assert occasion in mail


@promised
def label_on_a_page(sentence: str) -> None:
    labels = re.findall(r'"([^"]+)"', sentence)
    assert labels
    for label in labels:
        assert re.search(rf">\s*{re.escape(label)}\b|^\s*{re.escape(label)}", pages(), re.MULTILINE), label


@later
def e_mail_cannot_be_changed(sentence: str) -> None:
    assert "updateUserAttribute" not in pages()


@promised
def order_cannot_be_changed(sentence: str) -> None:
    paths = json.loads(text_of("openapi/openapi.json"))["paths"]
    assert {"put", "patch"}.isdisjoint(paths["/api/orders/{orderId}"])


@promised
def cancellation_by_the_shop_is_mailed(sentence: str) -> None:
    assert OrderCancelled in email_for.registry


@promised
def shipping_mail(sentence: str) -> None:
    shipped = example(OrderShipped, full=True)
    assert isinstance(shipped, OrderShipped)
    assert {shipped.carrier, shipped.tracking_number} <= set(mail_of(shipped).facts.values())


@promised
def order_number_in_mail_and_on_page(sentence: str) -> None:
    placed = example(OrderPlaced, full=True)
    assert order_number(placed.aggregate_id) in mail_of(placed).facts.values()
    assert "orderNumber" in text_of("frontend/src/pages/Order.tsx")


@promised
def time_zone_of_the_warehouse(sentence: str) -> None:
    assert "Eastern time" in sentence
    assert TIME_ZONE == "America/New_York"
    assert f'"{TIME_ZONE}"' in text_of("frontend/src/components/dates.ts")


@promised
def second_line_of_an_address(sentence: str) -> None:
    assert "line2" in ShippingAddress.model_fields


@promised
def one_address(sentence: str) -> None:
    assert CheckoutRequest.model_fields["shipping_address"].annotation is ShippingAddress


@promised
def no_discounts(sentence: str) -> None:
    assert not [name for name in {*PricedCart.model_fields, *CheckoutRequest.model_fields} if "discount" in name]
    assert not {"code", "coupon", "gift_card"} & CheckoutRequest.model_fields.keys()


@promised
def prices_in_the_confirmation(sentence: str) -> None:
    mail = mail_of(example(OrderPlaced, full=True))
    assert mail.lines
    assert "Total" in mail.totals


@promised
def cards_only(sentence: str) -> None:
    assert '"allowed_payment_method_types": ["card"]' in text_of("services/payment/gateway.py")
    assert 'allowedPaymentMethodTypes: ["card"]' in text_of("frontend/src/features/payment/StripeCard.tsx")


@promised
def reserved_minutes(sentence: str) -> None:
    assert number(sentence, r"(\d+) minutes") * MINUTE_IN_MS == HOLD_MILLISECONDS


@promised
def cart_reserves_nothing(sentence: str) -> None:
    assert "reserve" not in text_of("infra/stacks/cart.py").lower()


@promised
def prices_in_dollars(sentence: str) -> None:
    assert {row["price"]["currency"] for row in products()} == {usual_delivery().price.currency} == {"USD"}


@promised
def prices_are_without_tax(sentence: str) -> None:
    served = [place for place in tax_settings().places.values() if place.country in delivery_settings().countries]
    assert served
    assert {place.prices for place in served} == {"EXCLUSIVE"}


@promised
def where_tax_is_collected(sentence: str) -> None:
    settings = tax_settings()
    places = [place for place in settings.places.values() if place.country in delivery_settings().countries]
    collected = {place.country: set[str]() for place in places if settings.collected(place)}
    for place in places:
        for tax in settings.collected(place):
            collected[place.country].add(tax.name)
    assert collected == {"CA": {"GST", "HST"}}


@promised
def no_sales_tax(sentence: str) -> None:
    settings = tax_settings()
    assert not any(settings.collects_in(country) for country in delivery_settings().countries if country != "CA")


@promised
def no_card_number_reaches_the_shop(sentence: str) -> None:
    assert CheckoutRequest.model_fields.keys() == {
        *("payment_method_id", "shipping_address", "delivery_method", "expected_total")
    }


@promised
def what_is_kept(sentence: str) -> None:
    exporting = {
        file.stem for file in (ROOT / "infra" / "stacks").glob("*.py") if '("export-arn"' in file.read_text("utf-8")
    }
    # Checkouts are orders that were begun, and the log of mails has neither address nor text.
    told_as = {
        "cart": "cart",
        "orders": "orders",
        "payment": "payments",
        "chat": "chats",
        "checkout": "orders",
        "returns": "return",
        "invoices": "invoices",
    }
    assert exporting == {*told_as, "notifications"}, "who keeps something of a person has to be told"
    for kept in ("e-mail", "name", "telephone", "addresses", *told_as.values()):
        assert kept in sentence


@promised
def erased_everywhere(sentence: str) -> None:
    for service in ("cart", "chat", "invoices", "orders"):
        assert "@consumer.on(UserDeleted)" in text_of(f"services/{service}/events.py")


@promised
def chat_retention(sentence: str) -> None:
    assert number(sentence, r"(\d+) days") * DAY == RETENTION_SECONDS


@promised
def visitors_chat_retention(sentence: str) -> None:
    assert number(sentence, r"after (\w+) day") * DAY == VISITOR_RETENTION_SECONDS


@promised
def model_in_the_united_states(sentence: str) -> None:
    for stage in ("dev", "prod"):
        assert re.search(r'^model_id = "us\.', text_of(f"stages/{stage}.toml"), re.MULTILINE), stage


@promised
def no_cookies(sentence: str) -> None:
    assert not re.search(r"document\.cookie|cookieStore|CookieStorage", pages())
    for file in (ROOT / "services").rglob("*.py"):
        assert "set-cookie" not in file.read_text(encoding="utf-8").lower(), file


@promised
def bank_days(sentence: str) -> None:
    mail = text_of("services/notifications/templates/words/order-refunded.txt")
    assert "up to ten days" in sentence
    assert "five to ten days" in mail


@promised
def shipping_fee(sentence: str) -> None:
    assert re.findall(r"\$[\d.]+", sentence) == [format_money(usual_delivery().price)]


@promised
def free_shipping(sentence: str) -> None:
    assert (threshold := usual_delivery().free_from)
    assert re.findall(r"\$[\d.]+", sentence) == [format_money(threshold)]


def options(kind: str = "parcel", weight: int | None = None, **destination: Any) -> dict[str, Method]:
    """Return the methods that are offered for goods to an address in Portland that differs in something, by id."""
    where = Destination(**{"country": "US", "region": "OR", **destination})
    goods = [Goods("it", kind, weight)]
    quote = quote_delivery(delivery_settings(), where, goods, Money(amount=1), datetime.now(UTC))
    return {option.method.method_id: option.method for option in quote.options}


@promised
def days_of_delivery(sentence: str) -> None:
    told = re.search(r"(\w+) to (\w+) working days", sentence)
    assert told
    contiguous: list[dict[str, Any]] = [{}]
    elsewhere: list[dict[str, Any]] = [
        {"region": "AK"},
        {"region": "HI"},
        {"country": "PR", "region": None},
        {"country": "CA", "region": "ON"},
    ]
    for where in contiguous if "contiguous" in sentence else elsewhere:
        assert options(**where)["standard"].days == (WORDS[told[1]], WORDS[told[2]])


@promised
def express_delivery(sentence: str) -> None:
    express = options()["express"]
    assert f"costs {format_money(express.price)}," in sentence
    assert express.free_from is None
    assert express.days == (1, 2)
    assert "one to two working days" in sentence
    assert "express" not in options(region="AK")
    assert "express" not in options(country="CA", region="ON")


@promised
def limits_of_express_delivery(sentence: str) -> None:
    grams = 1000 * number(sentence, r"up to (\d+) kg")
    assert "express" in options(weight=grams)
    assert "express" not in options(weight=grams + 1)
    assert "express" not in options("freight")


@promised
def no_same_day_delivery(sentence: str) -> None:
    assert all(method.days[0] > 0 for zone in delivery_settings().zones for method in zone.methods)


@promised
def countries_served(sentence: str) -> None:
    territories = {"AS", "GU", "MP", "PR", "VI"}
    assert set(delivery_settings().countries) - territories == {"US", "CA"}
    assert "United States and Canada" in sentence


@promised
def addresses_not_served(sentence: str) -> None:
    assert refusal_of(lines=("P.O. Box 7",)) is RefusalCode.POST_BOX
    for region in ("AA", "AE", "AP"):
        assert refusal_of(region=region) is RefusalCode.REGION_NOT_SERVED
    north_america = {"US", "CA", "AS", "GU", "MP", "PR", "VI"}
    for country in COUNTRIES - north_america:
        assert refusal_of(country=country, region=None) is RefusalCode.COUNTRY_NOT_SERVED


@promised
def freight(sentence: str) -> None:
    settings = delivery_settings()
    named = ("rug", "floor lamp", "raised planting bed")
    for row in products():
        is_freight = settings.kind_of(row["attributes"].get("shipping", "")) == "freight"
        assert is_freight == bool(re.search(rf"\b({'|'.join(named)})\b", row["name"].lower())), row["productId"]
    assert refusal_of("freight", region="AK") is RefusalCode.GOODS_NOT_CARRIED
    assert refusal_of("freight", country="CA", region="ON") is RefusalCode.GOODS_NOT_CARRIED
    assert refusal_of("freight") is None
    assert all(name in sentence.lower() for name in named)


@promised
def telephone_for_freight(sentence: str) -> None:
    assert refusal_of("freight", has_phone=False) is RefusalCode.PHONE_REQUIRED
    assert refusal_of("parcel", has_phone=False) is None


@promised
def total_is_what_was_seen(sentence: str) -> None:
    assert "expected_total" in CheckoutRequest.model_fields
    assert {"shipping", "tax"} <= PricedCart.model_fields.keys()


@promised
def low_stock(sentence: str) -> None:
    assert number(sentence, r"from (\w+) pieces down") == LOW_STOCK_THRESHOLD
    assert f"export const LOW_STOCK = {LOW_STOCK_THRESHOLD};" in text_of("frontend/src/features/catalog/stock.ts")
    assert pages().count("LOW_STOCK = ") == 1, "one threshold for product page, cards and cart"


@promised
def cart_limits(sentence: str) -> None:
    assert number(sentence, r"up to (\d+) pieces") == MAX_QUANTITY
    assert number(sentence, r"up to (\d+) different") == MAX_LINES


@promised
def measurements(sentence: str) -> None:
    named = {"dimensions", "height", "diameter", "capacity", "weight"}
    attributes = [row["attributes"].keys() for row in products()]
    assert named <= {name for found in attributes for name in found}
    for found, row in zip(attributes, products(), strict=True):
        measured = named | {"length", "width", "size", "reach", "pieces", "grades", "contents"}
        assert measured & found, row["productId"]


@promised
def inch(sentence: str) -> None:
    assert "one inch is 2.54 centimetres" in sentence


MEASURED = {
    "duvet cover": ("stonewashed-linen-duvet-set", "size"),
    "pillowcases": ("percale-pillowcase-pair", "size"),
    "apron": ("canvas-cook-apron", "dimensions"),
    "cabin trolley": ("cabin-trolley-38l", "dimensions"),
}


@promised
def measured(sentence: str) -> None:
    told = re.search(r"(\d+(?: by \d+)+) cm", sentence)
    assert told
    (row,) = [(product(name), attribute) for subject, (name, attribute) in MEASURED.items() if subject in sentence]
    assert row[0]["attributes"][row[1]] == f"{told[1].replace(' by ', ' × ')} cm"


@promised
def sizes_offered(sentence: str) -> None:
    robe, gloves = ("linen-bathrobe", "from S to XL"), ("goatskin-garden-gloves", "S, M and L")
    name, told = robe if "bathrobe" in sentence else gloves
    assert told in sentence
    size = product(name)["attributes"]["size"]
    assert size == told.removeprefix("from ").replace(" to ", "–").replace(" and", ",")


@promised
def no_fitted_sheets(sentence: str) -> None:
    assert not [row["productId"] for row in products() if "fitted sheet" in json.dumps(row).lower()]


@promised
def cable_of_pendants(sentence: str) -> None:
    length = number(sentence, r"(\d+) cm")
    for name in ("enamel-dome-pendant", "smoked-glass-pendant"):
        assert f"{length} cm" in product(name)["description"]


@promised
def no_tropical_wood(sentence: str) -> None:
    for row in products():
        assert TROPICAL.isdisjoint(re.findall(r"[a-z]+", row["attributes"].get("material", ""))), row["productId"]


@promised
def maker_on_the_page(sentence: str) -> None:
    assert all(row["brand"] for row in products())
    assert "product.brand" in text_of("frontend/src/pages/Product.tsx")


@promised
def contact_as_in_help(sentence: str) -> None:
    for told in re.findall(r"[\w.]+@[\w.]+\w|\+1[\d ]+\d|Monday to Friday between [\w ]+ Pacific time", sentence):
        assert told in text_of("content/help/contact.md")


@promised
def links_lead_somewhere(sentence: str) -> None:
    targets = re.findall(r"\]\(/help/([\w-]+)\)", sentence)
    assert targets
    for name in targets:
        assert any((ROOT / "content" / folder / f"{name}.md").exists() for folder in ("help", "legal")), name


@promised
def withdrawal_is_in_reach(sentence: str) -> None:
    (label,) = re.findall(r"\[([^]]+)\]\(/withdraw\)", sentence)
    # On every page, and in every mail about an order that can be withdrawn from.
    assert label in text_of("frontend/src/app/shell/Footer.tsx")
    for suffix in ("html", "txt"):
        folder = "html" if suffix == "html" else "text"
        assert label in text_of(f"services/notifications/templates/{folder}/withdrawal.{suffix}")
