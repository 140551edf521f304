"""The assistant says of delivery what the settings say: its tool asks the cart's own command."""

import json
from datetime import UTC, datetime
from io import BytesIO
from types import SimpleNamespace
from typing import Any

import pytest

from bus.context import Context, use_context
from delivery.settings import delivery_settings
from documents.formatting import format_money
from schemas.contract import Money
from services.cart import delivery_quotes
from services.cart.domain import CartProduct
from services.chat.shop_client import ShopClient, ShopSettings
from services.chat.tools import Toolbox

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
LAMP = CartProduct("lamp", "Lamp", Money(amount=32_900), "", on_sale=True, available=3, shipping="freight")
MUG = CartProduct("mug", "Mug", Money(amount=1299), "", on_sale=True, available=3)


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Use the tool as the model does; returns its output."""
    products = {"lamp": LAMP, "mug": MUG}
    found = SimpleNamespace(get_many=lambda ids: {name: products[name] for name in ids if name in products})
    carts = SimpleNamespace(products=found, store=SimpleNamespace(now=lambda: NOW))
    monkeypatch.setattr("services.cart.dependencies.cart_service", lambda: carts)

    def invoke(*, Payload: bytes | str, **_: object) -> dict[str, Any]:  # noqa: N803 - as boto3 has it
        outcome = delivery_quotes.quote_delivery_command(json.loads(Payload), None)
        return {"StatusCode": 200, "Payload": BytesIO(json.dumps(outcome).encode())}

    names = ("find_products", "get_products", "available", "show_orders", "change_cart", "quote_delivery")
    settings = ShopSettings.model_validate({f"{name}_arn".upper(): name for name in names})
    shop = ShopClient(SimpleNamespace(invoke=invoke), settings)  # type: ignore[arg-type]
    tools = Toolbox(shop, None, None, user_id=None, conversation_id="talk")  # type: ignore[arg-type]

    def use(**arguments: object) -> Any:
        with use_context(Context(correlation_id="the-question")):
            result = tools.run("get_delivery", arguments)
        assert result.succeeded
        return result.output

    return use


def test_it_names_the_methods_of_the_settings(ask: Any) -> None:
    answer = ask(country="US", region="OR")

    methods = delivery_settings().zones[0].methods
    assert [(way["way"], way["price"]) for way in answer["ways"]] == [
        (method.name, format_money(method.price)) for method in methods
    ]
    assert answer["ways"][0]["arrivesBetween"] == ["2026-12-04", "2026-12-08"]


def test_it_says_what_is_not_delivered_and_why(ask: Any) -> None:
    abroad = ask(country="DE")
    freight = ask(country="CA", region="ON", productIds=["lamp"])

    assert (abroad["delivered"], "We do not deliver to this country." in abroad["because"]) == (False, True)
    assert "the contiguous United States only" in freight["because"]
    assert ask(country="US", region="OR", productIds=["lamp"])["carrierNeedsTelephone"]


def test_it_says_what_tax_is_added_where(ask: Any) -> None:
    assert (
        ask(country="CA", region="ON", productIds=["mug"])["tax"]
        == "HST 13% is added to goods and delivery at checkout"
    )
    assert "depends on the region" in ask(country="CA")["tax"]
    assert ask(country="CA", region="ON")["tax"] == "tax is added to goods and delivery at checkout"
    assert ask(country="US", region="OR")["tax"] == "none is collected there"
