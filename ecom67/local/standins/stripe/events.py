"""Events: the record of what happened to a payment, and the start of its way to the webhook."""

import copy

from ecom67.local.standins.stripe.answers import Answer, Json
from ecom67.local.standins.stripe.call import Call
from ecom67.local.standins.stripe.listing import PAGING, listing
from ecom67.local.standins.stripe.store import new_id


def record(call: Call, event_type: str, subject: Json) -> None:
    """Write an event of this type about an object as it is now, and plan its delivery."""
    payment = subject["id"] if subject["object"] == "payment_intent" else subject["payment_intent"]
    event = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": call.api_version,
        "created": call.now,
        "data": {"object": copy.deepcopy(subject)},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": call.request, "idempotency_key": call.idempotency_key},
        "type": event_type,
    }
    call.store.put(event, payment=payment)
    call.deliveries.enqueue(event, payment)


def retrieve(call: Call) -> Answer:
    """Give one event."""
    call.form.accept({"expand"})
    return Answer(200, call.load("event", call.target))


def list_all(call: Call) -> Answer:
    """List events, newest first; `type` or `types[]` narrows them."""
    call.form.accept(PAGING | {"type", "types"})
    single = call.form.text("type")
    return listing(call, "event", types=(single,) if single else tuple(call.form.texts("types")))
