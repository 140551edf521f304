"""Addresses of many countries, as the form of their country and the settings of the shop judge them.

``addresses.csv`` has the fields that the form finds wrong, or ``complete``, and what checkout does with the address: it
delivers to it, refuses it with a reason, or sends it back as not complete.
"""

import csv
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from delivery.addresses import address_format, find_faults, normalize_address
from delivery.settings import delivery_settings
from schemas.commands import ShippingAddress
from schemas.contract import Money
from schemas.country import COUNTRIES
from services.cart import commands as cart_commands
from services.cart.domain import Cart, CartLine, CartProduct
from services.checkout import api as checkout_api
from services.checkout.domain import Checkout, CheckoutOutcome

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
MUG = CartProduct("mug", "Mug", Money(amount=1299), "", on_sale=True, available=9)
TOTAL = 1299 + 599


def rows() -> list[dict[str, str]]:
    with Path(__file__).with_name("addresses.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


ROWS = rows()


def named(row: dict[str, str]) -> str:
    return " ".join(row[field] or "-" for field in ("country", "region", "city", "postalCode", "line1"))


def body_of(row: dict[str, str]) -> dict[str, str]:
    fields = ("line1", "line2", "city", "region", "postalCode", "country")
    return {"name": "Ada L.", **{field: row[field] for field in fields if row[field]}}


@dataclass
class CheckoutWithCart:
    """Checkout's state machine as far as the cart: its own input, the cart's own command, no charge."""

    def run(self, checkout: Checkout, *, confirming: bool) -> CheckoutOutcome:
        request = checkout.open_request
        given = {
            "userId": checkout.user_id,
            "expectedTotal": request.expected_total,
            "shippingAddress": request.shipping_address,
            "deliveryMethod": request.delivery_method,
        }
        outcome = cart_commands.validate({"context": {"correlationId": "request"}, "input": given}, None)
        if outcome["outcome"] == "VALID":
            return CheckoutOutcome(outcome="CONFIRMED", total=Money(**outcome["total"]))
        return CheckoutOutcome.model_validate(outcome)


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Place an order of a mug to an address; returns the status and the body of checkout's answer."""
    cart = Cart("ada", {"mug": CartLine("mug", 1, MUG.price, NOW)})
    carts = SimpleNamespace(load=lambda _: (cart, {"mug": MUG}), store=SimpleNamespace(now=lambda: NOW))
    checkouts = SimpleNamespace(create=lambda _: None, get=lambda _: None, now=lambda: 0)
    monkeypatch.setattr(cart_commands, "cart_service", lambda: carts)
    monkeypatch.setattr(checkout_api, "store", lambda: checkouts)
    monkeypatch.setattr(checkout_api, "workflow", CheckoutWithCart)
    monkeypatch.setattr("bus.http.erased_users", lambda: SimpleNamespace(includes=lambda _: False))

    def place(address: dict[str, str], total: int = TOTAL) -> tuple[int, dict[str, Any]]:
        body = {
            "paymentMethodId": "pm_card_visa",
            "shippingAddress": address,
            "expectedTotal": {"amount": total, "currency": "USD"},
        }
        answer = checkout_api.api(
            {
                "version": "2.0",
                "rawPath": "/api/orders",
                "rawQueryString": "",
                "headers": {"content-type": "application/json", "idempotency-key": "a-key-of-the-browser"},
                "requestContext": {
                    "http": {"method": "POST", "path": "/api/orders"},
                    "stage": "$default",
                    "authorizer": {"jwt": {"claims": {"sub": "ada"}}},
                },
                "body": json.dumps(body),
                "isBase64Encoded": False,
            },
            None,
        )
        return answer["statusCode"], json.loads(answer["body"])

    return place


def test_there_are_addresses_of_many_countries() -> None:
    assert len(ROWS) >= 40
    assert len({row["country"] for row in ROWS}) >= 20


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_the_form_of_a_country_finds_what_an_address_lacks(row: dict[str, str]) -> None:
    address = normalize_address(ShippingAddress.model_validate(body_of(row)))

    faults = find_faults(address)

    assert " ".join(fault.field for fault in faults) == ("" if row["form"] == "complete" else row["form"])
    assert all(fault.message.endswith(".") for fault in faults)
    assert normalize_address(address) == address


@pytest.mark.parametrize("row", ROWS, ids=named)
def test_checkout_takes_or_refuses_an_address_as_the_settings_say(order: Any, row: dict[str, str]) -> None:
    status, answer = order(body_of(row))
    if answer.get("code") == "PRICE_CHANGED":
        # Tax of the place is added, which is no part of what was seen.
        assert answer["cart"]["tax"]["amount"]["amount"] == answer["cart"]["total"]["amount"] - TOTAL > 0
        status, answer = order(body_of(row), answer["cart"]["total"]["amount"])

    if row["shop"] == "delivered":
        assert (status, answer["status"]) == (201, "CONFIRMED")
    else:
        assert status == 422
        assert row["shop"] == (answer["reason"] if answer["code"] == "UNDELIVERABLE" else answer["code"])


@pytest.mark.parametrize("country", sorted(COUNTRIES))
def test_every_country_has_a_form(country: str) -> None:
    form = address_format(country)

    assert "street" in form.fields
    assert form.required <= set(form.fields)
    assert bool(form.postal_code_pattern) <= ("postalCode" in form.fields)


def test_the_regions_of_the_settings_are_those_of_the_forms() -> None:
    for zone in delivery_settings().zones:
        known = {code for country in zone.countries for code, _ in address_format(country).regions}
        assert (zone.regions or frozenset()) | zone.except_regions <= known


def test_what_a_country_has_not_is_left_out_and_codes_are_capitals() -> None:
    address = ShippingAddress.model_validate(
        {"name": "A", "line1": "1 Way", "city": "Dubai", "region": "dubai", "postalCode": "0000", "country": "AE"}
    )

    normalized = normalize_address(address)
    assert (normalized.city, normalized.line2, normalized.postal_code) == (None, None, None)
    canadian = address.model_copy(update={"country": "CA", "region": "ontario", "postal_code": "k1a 0b1"})
    assert (normalize_address(canadian).region, normalize_address(canadian).postal_code) == ("ON", "K1A 0B1")


@pytest.mark.parametrize(("line2", "kept"), [(None, "Minato-ku"), ("Room 5", "Room 5, Minato-ku")])
def test_a_city_that_its_country_counts_to_the_street_is_kept(line2: str | None, kept: str) -> None:
    address = ShippingAddress.model_validate(
        {
            "name": "A",
            "line1": "4-2-8 Shibakoen",
            "line2": line2,
            "city": "Minato-ku",
            "region": "Tokyo",
            "country": "JP",
        }
    )

    normalized = normalize_address(address)

    assert (normalized.line1, normalized.line2, normalized.city) == ("4-2-8 Shibakoen", kept, None)
    assert normalize_address(normalized) == normalized
