"""HTTP routes of checkout: place an order, and confirm it after 3-D Secure."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Path
from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from bus.context import current, use_context
from bus.http import Api, Problem, not_found
from delivery.addresses import find_faults, normalize_address
from services.checkout.dependencies import store, workflow
from services.checkout.domain import (
    Checkout,
    CheckoutRequest,
    CheckoutStatus,
    RecordedRequest,
    order_id_for,
    request_fingerprint,
)
from services.checkout.responses import PlacedOrder, response_for
from services.checkout.workflow import WorkflowFailedError

api = Api()
app = api.app

RESPONSES: dict[int, OpenAPIResponse] = {
    201: {"description": "The order is placed."},
    202: {"description": "The shopper has to complete 3-D Secure, and then confirm."},
}


@app.post("/api/orders", tags=["checkout"], responses=RESPONSES)
def place_order(
    request: CheckoutRequest,
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", min_length=8, max_length=128)],
) -> Response[PlacedOrder]:
    """Buy what is in the cart. Repeat with the same Idempotency-Key to get the same answer."""
    caller = api.caller()
    user_id = caller.user_id
    address = normalize_address(request.shipping_address)
    order_id = order_id_for(user_id, idempotency_key)
    # What was begun is answered, even where an address that was good then would be refused now.
    if (faults := find_faults(address)) and store().get(order_id) is None:
        errors = [{"path": f"shippingAddress.{fault.field}", "message": fault.message} for fault in faults]
        raise Problem(422, "VALIDATION", "The delivery address is not complete.", errors=errors)
    checkout = Checkout(
        order_id=order_id,
        user_id=user_id,
        fingerprint=request_fingerprint(request),
        status=CheckoutStatus.RUNNING,
        lease_until=0,
        request=RecordedRequest(
            **request.model_copy(update={"shipping_address": address}).model_dump(by_alias=False), email=caller.email
        ),
        correlation_id=current().correlation_id,
    )
    stored = store().create(checkout)
    if stored is None:
        return _run(checkout, confirming=False)
    if stored.fingerprint != checkout.fingerprint:
        raise Problem(422, "IDEMPOTENCY_MISMATCH", "This Idempotency-Key was used with another request.")
    return _repeat(stored, confirming=False)


@app.post("/api/orders/<order_id>/confirm", tags=["checkout"], responses=RESPONSES)
def confirm_order(order_id: Annotated[str, Path(max_length=128)]) -> Response[PlacedOrder]:
    """Continue after the shopper has completed 3-D Secure."""
    checkout = store().get(order_id)
    if checkout is None or checkout.user_id != api.caller().user_id:
        raise not_found("order")
    if checkout.status is not CheckoutStatus.REQUIRES_ACTION:
        return _repeat(checkout, confirming=True)
    if not store().acquire_lease(checkout):
        raise _in_progress()
    return _run(checkout, confirming=True)


def _repeat(checkout: Checkout, *, confirming: bool) -> Response[PlacedOrder]:
    """Return the response to a repeated request: the stored one, or that of a run that continues."""
    if checkout.settled_outcome:
        return response_for(checkout.order_id, checkout.settled_outcome)
    if not (checkout.is_resumable_at(store().now()) and store().acquire_lease(checkout)):
        raise _in_progress()
    return _run(checkout, confirming=confirming)


def _run(checkout: Checkout, *, confirming: bool) -> Response[PlacedOrder]:
    # A run that continues belongs to the request in which the checkout began.
    context = current().model_copy(update={"correlation_id": checkout.correlation_id})
    try:
        with use_context(context):
            outcome = workflow().run(checkout, confirming=confirming)
    except WorkflowFailedError as error:
        if error.has_ended:
            store().release_lease(checkout.order_id)
        raise Problem(
            503,
            "CHECKOUT_UNRESOLVED",
            "We could not finish your order just now. Try again: you will not be charged twice.",
            orderId=checkout.order_id,
        ) from error
    return response_for(checkout.order_id, outcome)


def _in_progress() -> Problem:
    return Problem(409, "IN_PROGRESS", "This order is being placed right now.")
