"""Refunds of captured charges, full or partial."""

from ecom67.local.standins.stripe import events
from ecom67.local.standins.stripe.call import Call
from ecom67.local.standins.stripe.listing import PAGING, listing
from ecom67.local.standins.stripe.responses import ApiResponse, Json, forbidden, invalid
from ecom67.local.standins.stripe.store import new_id

_REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def create(call: Call) -> ApiResponse:
    """Refund `amount` cents, or all that is left, of a `payment_intent` or a `charge`.

    Raises:
        ApiError: there is no captured charge, or less is left than requested.
    """
    form = call.form
    form.accept({"payment_intent", "charge", "amount", "reason", "metadata", "expand"})
    requested, reason, metadata = form.integer("amount"), form.choice("reason", _REASONS), form.metadata()
    charge = _charge(call)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if left == 0:
        message = f"The charge {charge['id']} has already been refunded."
        raise forbidden(message, code="charge_already_refunded")
    amount = left if requested is None else requested
    if amount > left:
        message = f"A refund of {amount} is more than the {left} that are left of the charge {charge['id']}."
        raise forbidden(message, param="amount", code="amount_too_large")
    refund = _document(call, charge, amount, reason, metadata)
    charge["amount_refunded"] += amount
    charge["refunded"] = amount == left
    call.store.put(charge)
    call.store.put(refund, payment=charge["payment_intent"])
    events.record(call, "refund.created", refund)
    events.record(call, "charge.refunded", charge)
    return ApiResponse(200, refund)


def retrieve(call: Call) -> ApiResponse:
    """Return a refund."""
    call.form.accept({"expand"})
    return ApiResponse(200, call.load("refund", call.target))


def list_all(call: Call) -> ApiResponse:
    """Return refunds, newest first, optionally of a `payment_intent` or a `charge`."""
    call.form.accept(PAGING | {"payment_intent", "charge"})
    payment, charge_id = call.form.text("payment_intent"), call.form.text("charge")
    if charge_id is not None:
        payment = call.load("charge", charge_id, param="charge")["payment_intent"]
    return listing(call, "refund", payment=payment)


def _charge(call: Call) -> Json:
    payment, charge_id = call.form.text("payment_intent"), call.form.text("charge")
    if payment is None and charge_id is None:
        message = "A refund needs either payment_intent or charge."
        raise invalid(message, param="payment_intent", code="parameter_missing")
    if payment is not None:
        intent = call.load("payment_intent", payment, param="payment_intent")
        if charge_id not in (None, intent["latest_charge"]):
            raise forbidden(f"The charge {charge_id} does not belong to {payment}.", param="charge")
        charge_id = intent["latest_charge"]
    charge = call.load("charge", charge_id, param="charge") if charge_id else None
    if charge is None or not charge["captured"]:
        message = f"{payment or charge_id} has no successful charge to refund."
        raise forbidden(message, code="charge_not_refundable")
    return charge


def _document(call: Call, charge: Json, amount: int, reason: str | None, metadata: dict[str, str]) -> Json:
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": call.now,
        "currency": charge["currency"],
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": metadata,
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "status": "succeeded",
    }
