"""A person's share in their export: what is in their cart."""

from typing import TYPE_CHECKING

import pytest

from services.cart import export as exporting
from tests.unit.cart.conftest import SHOPPER

if TYPE_CHECKING:
    from tests.unit.cart.conftest import Shop


def test_an_export_has_the_cart_as_the_shopper_sees_it(shop: "Shop", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "cart_service", lambda: shop.service)
    shop.sell("mug", cents=1299)
    shop.service.add(SHOPPER, "mug", 2)

    share = exporting.export({"context": {"correlationId": "the-request"}, "input": {"userId": SHOPPER}}, None)

    assert [(line["productId"], line["quantity"]) for line in share["lines"]] == [("mug", 2)]
