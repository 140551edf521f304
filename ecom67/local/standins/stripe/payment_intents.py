"""PaymentIntents: their endpoints and state machine."""

from ecom67.local.standins.stripe import attempts, events, intent_terms
from ecom67.local.standins.stripe.call import Call
from ecom67.local.standins.stripe.listing import PAGING, listing
from ecom67.local.standins.stripe.responses import ApiResponse, Json, forbidden

_REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")

_ALLOWED_FROM = {
    "confirmed": frozenset({"requires_payment_method", "requires_confirmation", "requires_action"}),
    "captured": frozenset({"requires_capture"}),
    "canceled": frozenset({"requires_payment_method", "requires_confirmation", "requires_action", "requires_capture"}),
    "authenticated": frozenset({"requires_action"}),
}


def create(call: Call) -> ApiResponse:
    """Create a PaymentIntent, and confirm it where `confirm` is true."""
    intent = intent_terms.read(call)
    confirm = call.form.flag("confirm")
    confirmation = attempts.read(call, intent)
    call.store.put(intent)
    return attempts.attempt(call, intent, confirmation) if confirm else ApiResponse(200, intent)


def confirm(call: Call) -> ApiResponse:
    """Attempt to charge; a payment method of this call replaces an earlier one."""
    call.form.accept(attempts.PARAMETERS)
    intent = call.load("payment_intent", call.target)
    _require(intent, "confirmed")
    return attempts.attempt(call, intent, attempts.read(call, intent))


def retrieve(call: Call) -> ApiResponse:
    """Return a PaymentIntent."""
    call.form.accept({"expand", "client_secret"})
    return ApiResponse(200, call.load("payment_intent", call.target))


def list_all(call: Call) -> ApiResponse:
    """Return PaymentIntents, newest first."""
    call.form.accept(PAGING)
    return listing(call, "payment_intent")


def capture(call: Call) -> ApiResponse:
    """Capture an authorised charge: `amount_to_capture` cents, or all; the rest is released.

    Raises:
        ApiError: nothing is authorised, or less than the requested amount.
    """
    call.form.accept({"amount_to_capture", "metadata", "expand"})
    requested, metadata = call.form.integer("amount_to_capture"), call.form.metadata()
    intent = call.load("payment_intent", call.target)
    _require(intent, "captured")
    amount = intent["amount_capturable"] if requested is None else requested
    if amount > intent["amount_capturable"]:
        message = f"Only {intent['amount_capturable']} can be captured, not {amount}."
        raise forbidden(message, param="amount_to_capture", code="amount_too_large")
    charge = call.load("charge", intent["latest_charge"])
    charge.update(captured=True, amount_captured=amount)
    call.store.put(charge)
    intent["metadata"].update(metadata)
    intent.update(status="succeeded", amount_received=amount, amount_capturable=0)
    call.store.put(intent)
    events.record(call, "payment_intent.succeeded", intent)
    return ApiResponse(200, intent)


def cancel(call: Call) -> ApiResponse:
    """Cancel a PaymentIntent and release its authorisation, if any.

    Raises:
        ApiError: it has succeeded or is cancelled.
    """
    call.form.accept({"cancellation_reason", "expand"})
    reason = call.form.choice("cancellation_reason", _REASONS)
    intent = call.load("payment_intent", call.target)
    _require(intent, "canceled")
    if intent["status"] == "requires_capture":
        charge = call.load("charge", intent["latest_charge"])
        charge.update(refunded=True, amount_refunded=charge["amount"])
        call.store.put(charge)
    intent.update(status="canceled", canceled_at=call.now, cancellation_reason=reason)
    intent.update(amount_capturable=0, next_action=None)
    call.store.put(intent)
    events.record(call, "payment_intent.canceled", intent)
    return ApiResponse(200, intent)


def authenticate(call: Call, *, passed: bool) -> Json:
    """Complete the 3-D Secure challenge of the PaymentIntent `call.target` and return the PaymentIntent.

    Raises:
        ApiError: it does not exist, or does not require authentication.
    """
    intent = call.load("payment_intent", call.target)
    _require(intent, "authenticated")
    if passed:
        attempts.charge_authenticated(call, intent)
    else:
        attempts.fail_authentication(call, intent)
    return intent


def _require(intent: Json, change: str) -> None:
    if intent["status"] not in _ALLOWED_FROM[change]:
        allowed = ", ".join(sorted(_ALLOWED_FROM[change]))
        message = f"A PaymentIntent in the status {intent['status']} cannot be {change}; it must be one of: {allowed}."
        raise forbidden(message, code="payment_intent_unexpected_state", payment_intent=intent)
