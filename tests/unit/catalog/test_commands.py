"""The command by which another service reads products."""

import pytest

from services.catalog import commands
from services.catalog.store import CatalogStore
from tests.unit.catalog.conftest import Seed


@pytest.fixture(autouse=True)
def catalog(store: CatalogStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "store", lambda: store)


def test_products_are_told_in_the_order_asked_for_and_hidden_ones_are_not(seed: Seed) -> None:
    seed("lamp")
    seed("mug", name="Mug")
    seed("secret", status="HIDDEN")
    given = {"productIds": ["mug", "secret", "unknown", "lamp", "mug"]}

    answer = commands.get({"context": {"correlationId": "request"}, "input": given}, None)

    assert [product["productId"] for product in answer["products"]] == ["mug", "lamp"]
