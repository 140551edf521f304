"""Payments that the shopper's bank wants to have approved."""

import pytest
import stripe

from schemas.payment import PaymentFailed
from services.payment.domain import PaymentStatus
from tests.contract.payment.shop import Order
from tests.contract.stripe.standin import Control

CARD = "pm_card_threeDSecure2Required"


def test_a_card_that_wants_approval_gives_the_browser_its_secret(order: Order) -> None:
    answer = order.charge(CARD)

    assert answer["outcome"] == "REQUIRES_ACTION"
    assert answer["clientSecret"].startswith(answer["paymentIntentId"])
    assert order.payment.status is PaymentStatus.REQUIRES_ACTION
    assert order.told == []


def test_while_the_shopper_thinks_about_it_the_answer_stays_the_same(order: Order) -> None:
    first = order.charge(CARD)

    assert [order.confirm(), order.charge(CARD)] == [first, first]


def test_an_approved_payment_is_paid_in_the_request_in_which_it_began(order: Order) -> None:
    order.charge(CARD)
    order.authenticate("complete")

    answer = order.confirm()

    (told,) = order.told
    assert (answer["outcome"], answer["eventId"]) == ("PAID", told.metadata.event_id)
    assert told.metadata.correlation_id == order.correlation_id
    assert order.confirm() == answer
    assert order.told_types == ["PaymentSucceeded"]


def test_a_payment_that_was_not_approved_is_declined_and_can_never_be_charged(
    order: Order, stripe_api: stripe.StripeClient
) -> None:
    order.charge(CARD)
    order.authenticate("fail")

    answer = order.confirm()

    assert (answer["outcome"], answer["declineCode"]) == ("DECLINED", "payment_intent_authentication_failure")
    assert order.money["intents"] == ["canceled"]
    (told,) = order.told
    assert isinstance(told.data, PaymentFailed)
    assert order.confirm() == answer
    assert order.told_types == ["PaymentFailed"]
    with pytest.raises(stripe.InvalidRequestError):
        stripe_api.v1.payment_intents.confirm(order.payment.payment_intent_id or "", {"payment_method": "pm_card_visa"})


def test_a_card_without_money_is_declined_after_the_approval_too(order: Order) -> None:
    order.charge("pm_card_threeDSecureRequiredChargeDeclined")
    order.authenticate("complete")

    answer = order.confirm()

    assert (answer["outcome"], answer["declineCode"]) == ("DECLINED", "generic_decline")


def test_a_repeated_charge_finds_that_the_payment_was_approved_meanwhile(order: Order) -> None:
    order.charge(CARD)
    order.authenticate("complete")

    assert order.charge(CARD)["outcome"] == "PAID"
    assert order.money["charged"] == 1


def test_a_shopper_who_paid_with_another_card_before_the_shop_gave_up_has_paid(
    order: Order, stripe_api: stripe.StripeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    intent_id = order.charge(CARD)["paymentIntentId"]
    order.authenticate("fail")
    cancel = type(stripe_api.v1.payment_intents).cancel

    def cancel_too_late(*args: object, **kwargs: object) -> stripe.PaymentIntent:
        if not order.money["charged"]:
            stripe_api.v1.payment_intents.confirm(intent_id, {"payment_method": "pm_card_visa"})
        return cancel(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(type(stripe_api.v1.payment_intents), "cancel", cancel_too_late)

    assert order.confirm()["outcome"] == "PAID"
    assert order.told_types == ["PaymentSucceeded"]


def test_where_stripe_does_not_answer_nothing_is_decided(order: Order, control: Control) -> None:
    order.charge(CARD)
    order.authenticate("complete")
    control.fault("503", times=3)

    with pytest.raises(stripe.APIError):
        order.confirm()
    assert order.confirm()["outcome"] == "PAID"


def test_an_order_that_nobody_pays_for_cannot_be_confirmed(order: Order) -> None:
    assert order.confirm() == {"outcome": "NO_PAYMENT"}
