"""Payment methods: the predefined ones of test cards, and cards by number."""

import re
import time

from ecom67.local.standins.stripe import cards
from ecom67.local.standins.stripe.call import Call
from ecom67.local.standins.stripe.cards import SimulatedCard
from ecom67.local.standins.stripe.form import RequestForm, Tree
from ecom67.local.standins.stripe.responses import ApiError, ApiResponse, Json, error_response, invalid
from ecom67.local.standins.stripe.store import new_id

_PREDEFINED_EXPIRY = (12, 2040)


def create(call: Call) -> ApiResponse:
    """Create a payment method from a test card's number, expiry and security code."""
    call.form.accept({"type", "card", "billing_details", "metadata", "allow_redisplay", "expand"})
    method = from_form(call, call.form)
    call.store.put(method)
    return ApiResponse(200, method)


def retrieve(call: Call) -> ApiResponse:
    """Return a payment method; for a predefined id, a new one, as Stripe does."""
    call.form.accept({"expand"})
    return ApiResponse(200, resolve(call, call.target))


def resolve(call: Call, reference: str, *, param: str | None = None) -> Json:
    """Return the payment method with an id, or a new one for a predefined id such as `pm_card_visa`.

    Parameters:
        call: the call.
        reference: the id.
        param: name of the parameter that contains the id; None is the URL.

    Raises:
        ApiError: neither exists.
    """
    card = cards.by_alias(reference)
    if card is None:
        return call.load("payment_method", reference, param=param)
    method = _document(call, card, *_PREDEFINED_EXPIRY)
    call.store.put(method)
    return method


def from_form(call: Call, form: RequestForm) -> Json:
    """Return a new payment method, without storing it.

    Raises:
        ApiError: it is not a card, or the card's number, expiry or security code is invalid (402).
    """
    form.require("type")
    form.choice("type", ("card",))
    details = form.part("card")
    details.accept({"number", "exp_month", "exp_year", "cvc", "token", "networks"})
    number = re.sub(r"[ -]", "", details.require("number"))
    if not cards.is_plausible(number):
        raise _card_error("incorrect_number", "number", "The card number is wrong.")
    month, year = _expiry(details)
    code = details.text("cvc")
    if code is not None and not re.fullmatch(r"\d{3,4}", code, re.ASCII):
        raise _card_error("invalid_cvc", "cvc", "The card's security code must be 3 or 4 digits.")
    card = cards.by_number(number)
    if card is None:
        refused = cards.UNKNOWN_CARD
        response = error_response(
            402, "card_error", refused.message, code=refused.code, decline_code=refused.decline_code
        )
        raise ApiError(response, executed=True)
    method = _document(call, card, month, year)
    method["billing_details"].update(_plain(form.part("billing_details").tree()))
    method["metadata"] = form.metadata()
    return method


def _expiry(details: RequestForm) -> tuple[int, int]:
    month, year = details.integer("exp_month"), details.integer("exp_year")
    if month is None or year is None:
        raise invalid("The card's expiry is required.", param="card[exp_month]", code="parameter_missing")
    if month > 12:
        raise _card_error("invalid_expiry_month", "exp_month", "The month of expiry must be 1 to 12.")
    if year < 100:
        year += 2000
    today = time.gmtime()
    if not (today.tm_year, today.tm_mon) <= (year, month) <= (today.tm_year + 50, 12):
        raise _card_error("invalid_expiry_year", "exp_year", "The card's expiry is in the past, or too far ahead.")
    return month, year


def _card_error(code: str, param: str, message: str) -> ApiError:
    return ApiError(error_response(402, "card_error", message, code=code, param=param), executed=True)


def _plain(tree: Tree) -> Json:
    return dict(tree)


def _document(call: Call, card: SimulatedCard, month: int, year: int) -> Json:
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {"address": None, "email": None, "name": None, "phone": None, "tax_id": None},
        "card": {
            "brand": card.brand,
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": None},
            "country": "US",
            "display_brand": card.brand,
            "exp_month": month,
            "exp_year": year,
            "fingerprint": card.fingerprint,
            "funding": "credit",
            "generated_from": None,
            "last4": card.number[-4:],
            "networks": {"available": [card.brand], "preferred": None},
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "created": call.now,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }
