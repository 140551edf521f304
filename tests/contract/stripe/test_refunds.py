import pytest
import stripe

from tests.contract.stripe.standin import CARD_ONLY, Control


def paid(api: stripe.StripeClient, **change: object) -> stripe.PaymentIntent:
    order = {**CARD_ONLY, "confirm": True, "payment_method": "pm_card_visa", **change}
    return api.v1.payment_intents.create(order)  # type: ignore[arg-type]


def test_a_full_refund_by_intent_or_by_charge(api: stripe.StripeClient, control: Control) -> None:
    one, two = paid(api), paid(api)

    refund = api.v1.refunds.create({"payment_intent": one.id, "metadata": {"orderId": "7"}, "reason": "duplicate"})
    api.v1.refunds.create({"charge": str(two.latest_charge)})

    assert (refund.status, refund.amount, refund.charge) == ("succeeded", 1999, one.latest_charge)
    assert refund.metadata is not None
    assert refund.metadata["orderId"] == "7"
    assert api.v1.refunds.retrieve(refund.id).to_dict() == refund.to_dict()
    charge = api.v1.charges.retrieve(str(one.latest_charge))
    assert (charge.refunded, charge.amount_refunded) == (True, 1999)
    assert api.v1.payment_intents.retrieve(one.id).status == "succeeded"
    assert control.money() == {"succeeded": 2, "failed": 0, "refunds": 2}


def test_partial_refunds_add_up_and_never_exceed(api: stripe.StripeClient) -> None:
    intent = paid(api)
    api.v1.refunds.create({"payment_intent": intent.id, "amount": 1500})
    charge = api.v1.charges.retrieve(str(intent.latest_charge))
    assert (charge.refunded, charge.amount_refunded) == (False, 1500)

    with pytest.raises(stripe.InvalidRequestError) as error:
        api.v1.refunds.create({"payment_intent": intent.id, "amount": 500})
    assert (error.value.code, error.value.param) == ("amount_too_large", "amount")

    assert api.v1.refunds.create({"payment_intent": intent.id}).amount == 499
    with pytest.raises(stripe.InvalidRequestError) as error:
        api.v1.refunds.create({"payment_intent": intent.id, "amount": 1})
    assert error.value.code == "charge_already_refunded"
    assert [refund.amount for refund in api.v1.refunds.list({"payment_intent": intent.id})] == [499, 1500]


def test_only_what_was_captured_is_refunded(api: stripe.StripeClient) -> None:
    authorised = paid(api, capture_method="manual")
    for intent in (authorised, api.v1.payment_intents.create(CARD_ONLY)):
        with pytest.raises(stripe.InvalidRequestError) as error:
            api.v1.refunds.create({"payment_intent": intent.id})
        assert error.value.code == "charge_not_refundable"
    api.v1.payment_intents.capture(authorised.id, {"amount_to_capture": 700})
    assert api.v1.refunds.create({"payment_intent": authorised.id}).amount == 700


def test_a_malformed_refund_is_refused(api: stripe.StripeClient) -> None:
    one, two = paid(api), paid(api)
    orders: list[tuple[stripe.params.RefundCreateParams, str]] = [
        ({}, "payment_intent"),
        ({"payment_intent": "pi_nobody"}, "payment_intent"),
        ({"charge": "ch_nobody"}, "charge"),
        ({"payment_intent": one.id, "amount": 0}, "amount"),
        ({"payment_intent": one.id, "charge": str(two.latest_charge)}, "charge"),
    ]
    for order, param in orders:
        with pytest.raises(stripe.InvalidRequestError) as error:
            api.v1.refunds.create(order)
        assert (error.value.http_status, error.value.param) == (400, param)


def test_refunds_are_listed_by_charge_and_by_intent(api: stripe.StripeClient) -> None:
    one, two = paid(api), paid(api)
    first = api.v1.refunds.create({"payment_intent": one.id})
    second = api.v1.refunds.create({"payment_intent": two.id})

    assert [refund.id for refund in api.v1.refunds.list()] == [second.id, first.id]
    assert [refund.id for refund in api.v1.refunds.list({"charge": str(one.latest_charge)})] == [first.id]
    assert [refund.id for refund in api.v1.refunds.list({"payment_intent": two.id})] == [second.id]


def test_counts_are_told_by_metadata(api: stripe.StripeClient, control: Control) -> None:
    mine = paid(api, metadata={"orderId": "mine"})
    paid(api, metadata={"orderId": "other"})
    api.v1.refunds.create({"payment_intent": mine.id, "amount": 1})

    assert control.money(orderId="mine") == {"succeeded": 1, "failed": 0, "refunds": 1}
    assert control.money(orderId="nobody") == {"succeeded": 0, "failed": 0, "refunds": 0}
    assert control.money() == {"succeeded": 2, "failed": 0, "refunds": 1}
