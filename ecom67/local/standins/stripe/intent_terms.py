"""Parser of the parameters of a new PaymentIntent."""

import secrets

from ecom67.local.standins.stripe import attempts, money
from ecom67.local.standins.stripe.call import Call
from ecom67.local.standins.stripe.form import RequestForm
from ecom67.local.standins.stripe.responses import Json, invalid
from ecom67.local.standins.stripe.store import new_id

_PARAMETERS = attempts.PARAMETERS | {
    "allowed_payment_method_types",
    "amount",
    "automatic_payment_methods",
    "confirm",
    "confirmation_method",
    "currency",
    "customer",
    "description",
    "metadata",
    "payment_method_types",
    "statement_descriptor",
    "statement_descriptor_suffix",
    "transfer_group",
}
_CAPTURE_METHODS = ("automatic", "automatic_async", "manual")
_DEFAULT_CAPTURE_METHOD = "automatic_async"


def read(call: Call) -> Json:
    """Return a new PaymentIntent, without storing it.

    Raises:
        ApiError: the parameters are incomplete or contradictory.
    """
    form = call.form
    form.accept(_PARAMETERS)
    amount, currency = money.price(form)
    form.choice("confirmation_method", ("automatic",))
    automatic, allowed = _payment_method_settings(form)
    intent_id = new_id("pi")
    return {
        "id": intent_id,
        "object": "payment_intent",
        "allowed_payment_method_types": allowed,
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": automatic,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": form.choice("capture_method", _CAPTURE_METHODS) or _DEFAULT_CAPTURE_METHOD,
        "client_secret": f"{intent_id}_secret_{secrets.token_hex(12)}",
        "confirmation_method": "automatic",
        "created": call.now,
        "currency": currency,
        "customer": form.text("customer"),
        "customer_account": None,
        "description": form.text("description"),
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": form.metadata(),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_options": form.part("payment_method_options").tree(),
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": form.text("receipt_email"),
        "review": None,
        "setup_future_usage": form.choice("setup_future_usage", ("on_session", "off_session")),
        "shipping": form.part("shipping").tree() or None,
        "source": None,
        "statement_descriptor": form.text("statement_descriptor"),
        "statement_descriptor_suffix": form.text("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": form.text("transfer_group"),
    }


def _payment_method_settings(form: RequestForm) -> tuple[Json | None, list[str] | None]:
    """Return the settings of automatic payment methods, or the types that the caller allows instead."""
    if "payment_method_types" in form:
        message = "payment_method_types can no longer be set: use allowed_payment_method_types."
        raise invalid(message, param="payment_method_types", code="payment_method_types_no_longer_supported")
    allowed = form.texts("allowed_payment_method_types")
    if allowed:
        return None, _allowed(form, allowed)
    # By default, Stripe offers all payment methods that are enabled in its dashboard, including redirects.
    automatic = form.part("automatic_payment_methods")
    automatic.accept({"enabled", "allow_redirects"})
    redirects = automatic.choice("allow_redirects", ("always", "never")) or "always"
    if "automatic_payment_methods" in form and not automatic.flag("enabled"):
        return None, None
    return {"allow_redirects": redirects, "enabled": True}, None


def _allowed(form: RequestForm, allowed: list[str]) -> list[str]:
    param = "allowed_payment_method_types"
    if "automatic_payment_methods" in form:
        message = f"{param} and automatic_payment_methods exclude each other."
        raise invalid(message, param=param, code="parameters_exclusive")
    if "card" not in allowed:
        raise invalid("The stand-in knows no other payment method type than card.", param=param)
    return allowed
