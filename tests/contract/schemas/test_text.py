"""What a person enters has no character that a queue would refuse after a card was charged."""

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from schemas.commands import ShippingAddress
from schemas.websocket import SendMessage
from services.catalog.product_input import ProductInput
from services.identity.domain import Details
from services.orders.parcels import Shipment
from services.orders.refund_requests import StaffRefund

ADDRESS = {"name": "Ada", "line1": "1 Mill Lane", "city": "Leeds", "postalCode": "LS1 1AA", "country": "GB"}
PRODUCT = {"name": "Mug", "category": "kitchen", "price": {"amount": 100, "currency": "USD"}}
ENTRIES: list[tuple[Any, dict[str, Any], str]] = [
    *((ShippingAddress, ADDRESS, name) for name in ("name", "line1", "line2", "city", "postalCode")),
    *((ProductInput, PRODUCT, name) for name in ("name", "description", "category", "brand", "imageUrl")),
    (Details, {}, "name"),
    (SendMessage, {"action": "sendMessage"}, "text"),
    (StaffRefund, {"reason": "OTHER"}, "note"),
    *((Shipment, {"carrier": "Post", "trackingNumber": "1"}, name) for name in ("carrier", "trackingNumber")),
]
LONG = ("description", "text", "note")
FORBIDDEN = ["\x00", "\x08", "\x0b", "\x1f", "\x7f", "\x85", "\ud800", "\ufffe", "\uffff"]


@pytest.mark.parametrize(("model", "values", "name"), ENTRIES, ids=lambda value: getattr(value, "__name__", None))
def test_a_text_that_a_queue_refuses_is_refused_at_the_door(model: Any, values: dict[str, Any], name: str) -> None:
    for character in [*FORBIDDEN, *([] if name in LONG else ["\n"])]:
        with pytest.raises(ValidationError) as refused:
            TypeAdapter(model).validate_python({**values, name: f"/a{character}b"})
        assert refused.value.errors()[0]["loc"][-1] == name


@pytest.mark.parametrize(("model", "values", "name"), ENTRIES, ids=lambda value: getattr(value, "__name__", None))
def test_any_other_text_is_taken(model: Any, values: dict[str, Any], name: str) -> None:
    text = "/茶碗-É\U0001f375\ufffd" + ("\n\tb" if name in LONG else "")

    TypeAdapter(model).validate_python({**values, name: text})


@pytest.mark.parametrize("place", ["images", "tags", "attributes"])
def test_texts_in_lists_and_maps_are_held_to_the_same(place: str) -> None:
    for character in FORBIDDEN:
        value = {f"a{character}b": "b"} if place == "attributes" else [f"/a{character}b"]
        with pytest.raises(ValidationError):
            ProductInput.model_validate({**PRODUCT, place: value})
