"""Exports an example of every event, built from its class: with all fields, or only the required ones."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from schemas.contract import Money
from schemas.event import Envelope, Event, Metadata
from schemas.exporters.json_schema import Json, service_of

PLACED = datetime(2030, 3, 14, 9, 26, 53, 589_000, tzinfo=UTC)
AMOUNTS: Mapping[str, int] = {
    "price": 18_900,
    "standard_price": 0,
    "compare_at_price": 22_500,
    "unit_price": 18_900,
    "subtotal": 37_800,
    "shipping": 0,
    "total": 37_800,
    "amount": 37_800,
    "refunded_total": 37_800,
    "refund": 37_800,
    "delivery": 599,
    "TaxAmount.base": 31_765,
    "TaxAmount.amount": 6_035,
    "OrderTax.amount": 6_035,
}
"""Amounts in cents by the name of their field: those of one order of two casseroles. Some names mean another thing in
one class, which stands before them."""

VALUES: Mapping[str, Any] = {
    "aggregate_id": "",  # that of the event
    "answered": True,
    "attributes": {"colour": "cast black", "capacity": "5 l"},
    "available": 41,
    "brand": "Marrowby",
    "cancelled_by": "SHOPPER",
    "carrier": "Parcel Post",
    "category": "kitchen",
    "causation_id": "0195941f-8e3b-7d22-9c41-5b0f3a7e6d10",
    "correlation_id": "0195941f-8d90-7a11-8f2e-3c6b9d0e4f25",
    "credit_note_number": "CN-2030-000007",
    "currency": "USD",
    "decline_code": "insufficient_funds",
    "completes_order": True,
    "description": "Goes from a hard sear to four hours in the oven without changing pots.",
    "earliest": "2030-03-19",
    "event_id": "0195941f-8f04-7c6a-b1d3-e27a904c58fb",
    "export_id": "0195941f-8f04-7c6a-b1d3-e27a904c58fb",
    "failure_code": "charge_disputed",
    "fully_refunded": True,
    "image_url": "/images/enamelled-iron-casserole.svg",
    "images": ["/images/enamelled-iron-casserole.svg"],
    "initial_stock": 43,
    "invoice_number": "INV-2030-000042",
    "label": "Standard delivery",
    "latest": "2030-03-21",
    "message": "The card number is not right. Please check it and try again. Your card was not charged.",
    "method": "standard",
    "name": "Enamelled Iron Casserole, 5 l",
    "notification_id": "order-placed-k5xw2zlomuqhg3tbnfwca4df",
    "on_hand": 43,
    "order_id": "k5xw2zlomuqhg3tbnfwca4df",
    "parcel_id": "1",
    "payment_intent_id": "pi_3QxExample",
    "prices": "INCLUSIVE",
    "producer": "",  # that of the event
    "product_id": "enamelled-iron-casserole",
    "quantity": 2,
    "rate": 19_000,
    "reason": "Ordered by mistake.",
    "refund_id": "re_3QxExample",
    "request_id": "cancel",
    "restocked": 1,
    "return_id": "k5xw2zlomuqhg3tbnfwca4df-1",
    "sequence": 3,
    "subject_id": "k5xw2zlomuqhg3tbnfwca4df",
    "tags": ["oven-safe"],
    "TaxAmount.name": "VAT 19%",
    "template": "order-placed",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "tracking_number": "PP123456785",
    "user_id": "5c1e0d3a-6b52-4f0e-9a57-0d9f2b7c4e11",
    "version": 1,
    "withdrawal_id": "Jb1mWq0tT4yK2v7cXo5nRw",
    "written_off": 1,
}
"""Values of other fields by their name."""


class MissingExampleError(LookupError):
    """A field has no example value; the text says where to give one."""


def example(event: type[Event], *, full: bool) -> Event:
    """Return an event of a class.

    Parameters:
        event: the class.
        full: whether optional fields are set.

    Raises MissingExampleError where a field has no example value.
    """
    return event.model_validate(_members(event, full))


def envelope(event: type[Event]) -> Json:
    """Return an event as EventBridge delivers it, with every field set."""
    data = example(event, full=True)
    metadata = Metadata.model_validate(
        {
            **_members(Metadata, full=True),
            "aggregate_id": data.aggregate_id,
            "version": event.version,
            "producer": f"ecom67-dev-{service_of(event)}-relay",
        }
    )
    detail = Envelope[event](metadata=metadata, data=data)  # type: ignore[valid-type]
    return {
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": event.detail_type(),
        "source": event.source(),
        "account": "123456789012",
        "time": PLACED.replace(microsecond=0).isoformat().replace("+00:00", "Z"),
        "region": "us-east-1",
        "resources": [],
        "detail": json.loads(detail.to_json()),
    }


def _members(model: type[BaseModel], full: bool) -> Json:
    return {
        name: _value(model, name, field.annotation, full)
        for name, field in model.model_fields.items()
        if full or field.is_required()
    }


def _value(model: type[BaseModel], name: str, annotation: Any, full: bool) -> Any:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _value(model, name, inner[0], full)
    if origin in (Union, UnionType):
        return _value(model, name, next(kind for kind in inner if kind is not NoneType), full)
    if origin is Literal:
        return VALUES[name] if VALUES.get(name) in inner else inner[0]
    if annotation is Money:
        amount = AMOUNTS.get(f"{model.__name__}.{name}", AMOUNTS.get(name))
        return {"amount": amount, **({"currency": VALUES["currency"]} if full else {})}
    if annotation is datetime:
        return PLACED
    if origin is list and _is_model(inner[0]):
        return [_members(inner[0], full)]
    if _is_model(annotation):
        return _members(annotation, full)
    if (of_class := f"{model.__name__}.{name}") in VALUES:
        return VALUES[of_class]
    if name not in VALUES:
        raise MissingExampleError(
            f"The field {name} of {model.__name__} has no example value. Give one in schemas/exporters/examples.py."
        )
    return VALUES[name]


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
