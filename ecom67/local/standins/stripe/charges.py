"""Charges: the attempts to charge a PaymentIntent."""

from ecom67.local.standins.stripe.call import Call
from ecom67.local.standins.stripe.cards import Decline
from ecom67.local.standins.stripe.listing import PAGING, listing
from ecom67.local.standins.stripe.responses import ApiResponse, Json
from ecom67.local.standins.stripe.store import new_id

_ACCEPTED: Json = {
    "network_status": "approved_by_network",
    "reason": None,
    "risk_level": "normal",
    "seller_message": "Payment complete.",
    "type": "authorized",
}


def attempt(call: Call, intent: Json, method: Json, decline: Decline | None, *, authenticated: bool) -> Json:
    """Store and return the charge of a confirmation; `decline` is None where it succeeded."""
    captured = decline is None and intent["capture_method"] != "manual"
    charge = {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if captured else 0,
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "captured": captured,
        "created": call.now,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_code": decline and decline.code,
        "failure_message": decline and decline.message,
        "livemode": False,
        "metadata": intent["metadata"],
        "outcome": _declined(decline) if decline else _ACCEPTED,
        "paid": decline is None,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": _details(intent, method, authenticated=authenticated),
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "shipping": intent["shipping"],
        "status": "failed" if decline else "succeeded",
    }
    call.store.put(charge, payment=intent["id"])
    return charge


def retrieve(call: Call) -> ApiResponse:
    """Return a charge."""
    call.form.accept({"expand"})
    return ApiResponse(200, call.load("charge", call.target))


def list_all(call: Call) -> ApiResponse:
    """Return charges, newest first, optionally of one `payment_intent`."""
    call.form.accept(PAGING | {"payment_intent"})
    return listing(call, "charge", payment=call.form.text("payment_intent"))


def _declined(decline: Decline) -> Json:
    return {
        "network_status": "declined_by_network",
        "reason": decline.decline_code,
        "risk_level": "normal",
        "seller_message": "The bank returned the decline code " + decline.decline_code + ".",
        "type": "issuer_declined",
    }


def _details(intent: Json, method: Json, *, authenticated: bool) -> Json:
    shown = ("brand", "checks", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4", "wallet")
    card = {name: method["card"][name] for name in shown}
    card["amount_authorized"] = intent["amount"]
    card["three_d_secure"] = {"result": "authenticated", "version": "2.2.0"} if authenticated else None
    return {"card": card, "type": "card"}
