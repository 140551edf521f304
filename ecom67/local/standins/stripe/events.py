"""Events: stored for the API and enqueued for the webhook."""

import copy

from ecom67.local.standins.stripe.call import Call
from ecom67.local.standins.stripe.listing import PAGING, listing
from ecom67.local.standins.stripe.responses import ApiResponse, Json
from ecom67.local.standins.stripe.store import new_id


def record(call: Call, event_type: str, subject: Json) -> None:
    """Store an event about an object in its current state, and enqueue its delivery."""
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


def retrieve(call: Call) -> ApiResponse:
    """Return an event."""
    call.form.accept({"expand"})
    return ApiResponse(200, call.load("event", call.target))


def list_all(call: Call) -> ApiResponse:
    """Return events, newest first, optionally of a `type` or of `types[]`."""
    call.form.accept(PAGING | {"type", "types"})
    single = call.form.text("type")
    return listing(call, "event", types=(single,) if single else tuple(call.form.texts("types")))
