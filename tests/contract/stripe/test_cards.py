import json

import pytest
import stripe

from tests.contract.stripe.standin import CARD_ONLY, Control

DECLINES = [
    ("4000000000000002", "chargeDeclined", "card_declined", "generic_decline"),
    ("4000000000009995", "chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
    ("4000000000009987", "chargeDeclinedLostCard", "card_declined", "lost_card"),
    ("4000000000009979", "chargeDeclinedStolenCard", "card_declined", "stolen_card"),
    ("4000000000000069", "chargeDeclinedExpiredCard", "expired_card", "expired_card"),
    ("4000000000000127", "chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
    ("4000000000000119", "chargeDeclinedProcessingError", "processing_error", "processing_error"),
]


def typed_in(number: str, **change: object) -> stripe.params.PaymentMethodCreateParams:
    card = {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123", **change}
    return {"type": "card", "card": card}  # type: ignore[typeddict-item]


@pytest.mark.parametrize(("number", "reason", "code", "decline_code"), DECLINES)
def test_a_declining_card(
    api: stripe.StripeClient, control: Control, number: str, reason: str, code: str, decline_code: str
) -> None:
    typed = api.v1.payment_methods.create(typed_in(number)).id
    for method in (f"pm_card_{reason}", f"pm_card_visa_{reason}", typed):
        with pytest.raises(stripe.CardError) as error:
            api.v1.payment_intents.create({**CARD_ONLY, "confirm": True, "payment_method": method})
        details = error.value.error
        assert isinstance(details, stripe.ErrorObject)
        assert (error.value.http_status, details.type) == (402, "card_error")
        assert (error.value.code, details.decline_code) == (code, decline_code)
        assert details.message
        assert details.payment_intent is not None
        intent = api.v1.payment_intents.retrieve(details.payment_intent.id)
        assert (intent.status, intent.payment_method) == ("requires_payment_method", None)
        assert intent.last_payment_error is not None
        assert (intent.last_payment_error.code, intent.last_payment_error.decline_code) == (code, decline_code)
        assert intent.latest_charge == details.charge
        assert api.v1.charges.retrieve(str(details.charge)).failure_code == code
    assert control.money() == {"succeeded": 0, "failed": 3, "refunds": 0}


def test_another_card_pays_after_a_decline(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create(CARD_ONLY)
    with pytest.raises(stripe.CardError):
        api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_chargeDeclined"})
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.payment_intents.confirm(intent.id)

    after = api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_mastercard"})

    assert (after.status, after.last_payment_error) == ("succeeded", None)
    charges = api.v1.charges.list({"payment_intent": intent.id})
    assert [charge.status for charge in charges] == ["succeeded", "failed"]


@pytest.mark.parametrize(
    ("number", "brand"),
    [("4242 4242 4242 4242", "visa"), ("5555555555554444", "mastercard"), ("378282246310005", "amex")],
)
def test_a_card_typed_in_pays(api: stripe.StripeClient, number: str, brand: str) -> None:
    params = typed_in(number)
    params["billing_details"] = {"name": "A Shopper", "address": {"country": "US"}}
    method = api.v1.payment_methods.create(params)

    intent = api.v1.payment_intents.create({**CARD_ONLY, "confirm": True, "payment_method": method.id})

    assert method.card is not None
    assert (method.card.brand, method.card.last4) == (brand, number[-4:])
    assert method.billing_details.name == "A Shopper"
    assert api.v1.payment_methods.retrieve(method.id).to_dict() == method.to_dict()
    assert (intent.status, intent.payment_method) == ("succeeded", method.id)


def test_card_data_may_come_with_the_confirmation(api: stripe.StripeClient) -> None:
    data = dict(typed_in("4242424242424242"))
    answer = api.raw_request("post", "/v1/payment_intents", **CARD_ONLY, confirm=True, payment_method_data=data)
    assert json.loads(answer.body)["status"] == "succeeded"


@pytest.mark.parametrize(
    ("number", "change", "code"),
    [
        ("4242424242424241", {}, "incorrect_number"),
        ("4242", {}, "incorrect_number"),
        ("4000056655665556", {}, "card_declined"),
        ("4242424242424242", {"exp_month": 13}, "invalid_expiry_month"),
        ("4242424242424242", {"exp_year": 2020}, "invalid_expiry_year"),
        ("4242424242424242", {"cvc": "12"}, "invalid_cvc"),
    ],
)
def test_a_card_mistyped_is_refused(
    api: stripe.StripeClient, number: str, change: dict[str, object], code: str
) -> None:
    with pytest.raises(stripe.CardError) as error:
        api.v1.payment_methods.create(typed_in(number, **change))
    assert error.value.code == code


def test_a_ready_made_method_can_be_retrieved(api: stripe.StripeClient) -> None:
    method = api.v1.payment_methods.retrieve("pm_card_amex")
    assert method.card is not None
    assert method.card.brand == "amex"
    with pytest.raises(stripe.InvalidRequestError) as error:
        api.v1.payment_methods.retrieve("pm_nobody")
    assert error.value.http_status == 404
