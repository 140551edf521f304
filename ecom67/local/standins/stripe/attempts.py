"""Payment attempts: the parameters of a confirmation, and the outcome by test card."""

from dataclasses import dataclass

from ecom67.local.standins.stripe import cards, charges, events, payment_methods
from ecom67.local.standins.stripe.call import Call
from ecom67.local.standins.stripe.cards import Decline
from ecom67.local.standins.stripe.responses import ApiResponse, Json, forbidden, invalid

PARAMETERS = frozenset(
    {
        "capture_method",
        "client_secret",
        "error_on_requires_action",
        "expand",
        "off_session",
        "payment_method",
        "payment_method_data",
        "payment_method_options",
        "receipt_email",
        "return_url",
        "setup_future_usage",
        "shipping",
        "use_stripe_sdk",
    }
)

_AUTHENTICATION_FAILED = "The payment method failed authentication; ask the shopper for another one."


@dataclass(frozen=True)
class Confirmation:
    """The parameters of a confirmation.

    Attributes:
        method: the payment method to charge, if any.
        return_url: URL to which the shopper returns after 3-D Secure, if any.
        unattended: whether the shopper is absent, so that a card that requires authentication is declined.
        in_page: whether the page handles 3-D Secure itself, instead of a redirect.
    """

    method: Json | None
    return_url: str | None
    unattended: bool
    in_page: bool


def read(call: Call, intent: Json) -> Confirmation:
    """Return the confirmation of a call, and attach its payment method to the intent.

    Raises:
        ApiError: the payment method does not exist, or is given twice.
    """
    form = call.form
    method = _method(call, intent)
    if method is not None:
        intent["payment_method"] = method["id"]
        if intent["status"] == "requires_payment_method":
            intent["status"] = "requires_confirmation"
    return Confirmation(
        method=method,
        return_url=form.text("return_url"),
        unattended=form.flag("off_session") or form.flag("error_on_requires_action"),
        in_page=form.flag("use_stripe_sdk"),
    )


def attempt(call: Call, intent: Json, confirmation: Confirmation) -> ApiResponse:
    """Charge the payment method, or require 3-D Secure first; a decline is a response with status 402.

    Raises:
        ApiError: there is no payment method, or a redirect would need a `return_url`.
    """
    method = confirmation.method
    if method is None:
        message = "A PaymentIntent without a payment method cannot be confirmed."
        code = "payment_intent_unexpected_state"
        raise forbidden(message, param="payment_method", code=code, payment_intent=intent)
    automatic = intent["automatic_payment_methods"]
    if automatic and automatic["allow_redirects"] == "always" and not confirmation.return_url:
        message = (
            "Some automatic payment methods send the shopper to another page: give a return_url, or set"
            " automatic_payment_methods[allow_redirects] to never, or name allowed_payment_method_types."
        )
        raise invalid(message, param="return_url")
    card = cards.by_fingerprint(method["card"]["fingerprint"])
    if not card.authenticates:
        return _charge(call, intent, method, card.decline)
    if confirmation.unattended:
        return _charge(call, intent, method, cards.AUTHENTICATION_REQUIRED)
    return _challenge(call, intent, confirmation)


def charge_authenticated(call: Call, intent: Json) -> None:
    """Charge the payment method after a successful 3-D Secure authentication."""
    method = call.load("payment_method", intent["payment_method"])
    decline = cards.by_fingerprint(method["card"]["fingerprint"]).decline
    _charge(call, intent, method, decline, authenticated=True)


def fail_authentication(call: Call, intent: Json) -> None:
    """Reset the intent to `requires_payment_method` after a failed 3-D Secure authentication."""
    method = call.load("payment_method", intent["payment_method"])
    failure = {
        "code": "payment_intent_authentication_failure",
        "doc_url": _doc_url("payment_intent_authentication_failure"),
        "message": _AUTHENTICATION_FAILED,
        "payment_method": method,
        "type": "invalid_request_error",
    }
    _fail(call, intent, failure)


def _method(call: Call, intent: Json) -> Json | None:
    reference = call.form.text("payment_method")
    if "payment_method_data" in call.form:
        if reference:
            message = "payment_method and payment_method_data exclude each other."
            raise invalid(message, param="payment_method_data", code="parameters_exclusive")
        method = payment_methods.from_form(call, call.form.part("payment_method_data"))
        call.store.put(method)
        return method
    if reference:
        return payment_methods.resolve(call, reference, param="payment_method")
    bound = intent["payment_method"]
    return call.load("payment_method", bound) if bound else None


def _challenge(call: Call, intent: Json, confirmation: Confirmation) -> ApiResponse:
    page = f"{call.base_url}/_3ds/{intent['id']}"
    if confirmation.return_url and not confirmation.in_page:
        redirect = {"return_url": confirmation.return_url, "url": page}
        action: Json = {"type": "redirect_to_url", "redirect_to_url": redirect}
    else:
        action = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect", "stripe_js": page}}
    intent.update(status="requires_action", next_action=action)
    call.store.put(intent)
    events.record(call, "payment_intent.requires_action", intent)
    return ApiResponse(200, intent)


def _charge(
    call: Call, intent: Json, method: Json, decline: Decline | None, *, authenticated: bool = False
) -> ApiResponse:
    charge = charges.attempt(call, intent, method, decline, authenticated=authenticated)
    intent["latest_charge"] = charge["id"]
    if decline is not None:
        return _decline(call, intent, method, decline)
    intent.update(next_action=None, last_payment_error=None)
    if charge["captured"]:
        intent.update(status="succeeded", amount_received=intent["amount"])
        event = "payment_intent.succeeded"
    else:
        intent.update(status="requires_capture", amount_capturable=intent["amount"])
        event = "payment_intent.amount_capturable_updated"
    call.store.put(intent)
    events.record(call, event, intent)
    return ApiResponse(200, intent)


def _decline(call: Call, intent: Json, method: Json, decline: Decline) -> ApiResponse:
    failure = {
        "charge": intent["latest_charge"],
        "code": decline.code,
        "decline_code": decline.decline_code,
        "doc_url": _doc_url(decline.code),
        "message": decline.message,
        "payment_method": method,
        "type": "card_error",
    }
    _fail(call, intent, failure)
    return ApiResponse(402, {"error": {**failure, "payment_intent": intent}})


def _fail(call: Call, intent: Json, failure: Json) -> None:
    intent.update(status="requires_payment_method", payment_method=None, next_action=None)
    intent["last_payment_error"] = failure
    call.store.put(intent)
    events.record(call, "payment_intent.payment_failed", intent)


def _doc_url(code: str) -> str:
    return "https://docs.stripe.com/error-codes/" + code.replace("_", "-")
