"""The command with which the assistant looks for products: it finds what comes nearest, within the prices asked for."""

from typing import Any

import pytest

from bus.context import Context
from services.search import commands
from services.search.engine import Engine
from tests.contract.search.products import catalogue

PRODUCTS = {each.product_id: each.product for each in catalogue() if each.product}


@pytest.fixture(autouse=True)
def on_the_catalogue(stocked: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "engine", lambda: stocked)


def find(text: str, **said: Any) -> list[dict[str, Any]]:
    """Return the products that the command names."""
    context = Context.begin().model_dump(mode="json", exclude_none=True)
    answer = commands.find({"context": context, "input": {"text": text, **said}}, None)
    assert answer["outcome"] == "FOUND"
    return [PRODUCTS[product_id] for product_id in answer["productIds"]]


def test_what_fits_all_words_is_all_that_is_named() -> None:
    assert [each["productId"] for each in find("gooseneck kettle")] == ["gooseneck-kettle"]


def test_where_the_prices_exclude_all_that_fits_what_comes_nearest_is_named() -> None:
    found = find("gift for a gardener", maxPrice=4000)

    assert found[0]["category"] == "garden"
    assert all(each["price"]["amount"] <= 4000 for each in found)


@pytest.mark.parametrize("text", ["?!", "zzzzqqqq", "zzzzqqqq xxxxwwww"])
def test_what_nothing_is_near_to_finds_nothing(text: str) -> None:
    assert find(text) == []
