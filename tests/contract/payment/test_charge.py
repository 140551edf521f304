"""ChargeService a card, from the state machine's command to Stripe and to what the shop is told."""

import time

import pytest
import stripe

from bus.context import Context, use_context
from schemas.contract import Money
from schemas.payment import PaymentFailed, PaymentSucceeded
from services.payment import dependencies
from services.payment.charges import ChargeInput, ChargeService
from services.payment.domain import IDEMPOTENCY_KEY_SECONDS, Payment, PaymentIntent, PaymentStatus
from services.payment.gateway import RejectedCharge, StripeGateway
from services.payment.outcomes import DeclinedOutcome
from services.payment.timeouts import Timeouts
from tests.contract.payment.shop import TOTAL, Order
from tests.contract.stripe.standin import Control


def made_at_stripe(api: stripe.StripeClient, order: Order, *, charged: bool) -> stripe.PaymentIntent:
    """Make what Stripe had made before it answered with an error."""
    params: stripe.params.PaymentIntentCreateParams = {
        "amount": TOTAL,
        "currency": "usd",
        "allowed_payment_method_types": ["card"],
        "metadata": {"orderId": order.id, "userId": "ada", "correlationId": order.correlation_id},
    }
    if charged:
        params |= {"payment_method": "pm_card_visa", "confirm": True}
    return api.v1.payment_intents.create(params)


def test_a_good_card_is_charged_and_the_shop_is_told_once(order: Order) -> None:
    answer = order.charge()

    (told,) = order.told
    assert answer == {
        "outcome": "PAID",
        "paymentIntentId": order.payment.payment_intent_id,
        "eventId": told.metadata.event_id,
    }
    assert told.data == PaymentSucceeded(
        order_id=order.id,
        user_id="ada",
        payment_intent_id=answer["paymentIntentId"],
        amount=Money(amount=TOTAL),
    )
    assert told.metadata.correlation_id == order.correlation_id
    assert order.money == {"charged": 1, "taken": TOTAL, "givenBack": 0, "intents": ["succeeded"]}


def test_a_repeated_charge_gets_the_same_answer_and_charges_nothing_more(order: Order) -> None:
    first = order.charge()

    assert [order.charge(), order.charge(correlation_id="a-later-request")] == [first, first]
    assert order.money["charged"] == 1
    assert order.told_types == ["PaymentSucceeded"]


@pytest.mark.parametrize(
    ("method", "code", "sentence"),
    [
        ("pm_card_visa_chargeDeclined", "generic_decline", "another card"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "insufficient_funds", "not enough money"),
        ("pm_card_visa_chargeDeclinedExpiredCard", "expired_card", "has expired"),
        ("pm_card_visa_chargeDeclinedIncorrectCvc", "incorrect_cvc", "security code"),
        ("pm_card_visa_chargeDeclinedProcessingError", "processing_error", "in a few minutes"),
        ("pm_of_nobody", "invalid_payment_method", "enter your card again"),
    ],
)
def test_a_decline_tells_the_shopper_what_to_do(order: Order, method: str, code: str, sentence: str) -> None:
    answer = order.charge(method)

    assert (answer["outcome"], answer["declineCode"]) == ("DECLINED", code)
    assert sentence in answer["message"]
    (told,) = order.told
    assert isinstance(told.data, PaymentFailed)
    assert (told.data.decline_code, told.data.amount) == (code, Money(amount=TOTAL))
    assert order.money["charged"] == 0


def test_a_repeated_charge_of_a_declined_card_is_declined_without_another_attempt(order: Order) -> None:
    first = order.charge("pm_card_visa_chargeDeclined")

    assert order.charge("pm_card_visa_chargeDeclined") == first
    assert len(order.money["intents"]) == 1
    assert order.told_types == ["PaymentFailed"]


def test_a_stolen_card_is_not_told_so(order: Order) -> None:
    answer = order.charge("pm_card_visa_chargeDeclinedStolenCard")

    (told,) = order.told
    assert isinstance(told.data, PaymentFailed)
    assert answer["declineCode"] == told.data.decline_code == "generic_decline"
    assert order.payment.decline_code == "stolen_card"


def test_an_order_too_small_for_a_card_is_declined(order: Order) -> None:
    answer = order.charge(amount=30)

    assert (answer["outcome"], answer["declineCode"]) == ("DECLINED", "amount_too_small")


def test_an_answer_that_was_lost_is_asked_for_again_and_charges_once(order: Order, control: Control) -> None:
    control.fault("drop_after", times=2)

    assert order.charge()["outcome"] == "PAID"
    assert order.money["charged"] == 1


def test_when_every_answer_was_lost_the_state_machines_retry_finds_the_charge(order: Order, control: Control) -> None:
    control.fault("drop_after", times=3)

    with pytest.raises(stripe.APIConnectionError):
        order.charge()
    assert order.payment.status is PaymentStatus.PENDING
    assert order.money["charged"] == 1

    assert order.charge()["outcome"] == "PAID"
    assert order.money["charged"] == 1
    assert order.told_types == ["PaymentSucceeded"]


def test_a_retry_of_another_request_is_the_same_call_to_stripe(order: Order, control: Control) -> None:
    control.fault("drop_after", times=3)
    with pytest.raises(stripe.APIConnectionError):
        order.charge()

    assert order.charge(correlation_id="the-browser-tried-again")["outcome"] == "PAID"
    (told,) = order.told
    assert told.metadata.correlation_id == order.correlation_id
    assert order.money["charged"] == 1


@pytest.mark.parametrize("fault", ["429", "503", "drop_before"])
def test_where_stripe_is_out_of_service_nothing_is_decided(order: Order, control: Control, fault: str) -> None:
    control.fault(fault, times=3)

    with pytest.raises(stripe.StripeError):
        order.charge()
    assert order.payment.status is PaymentStatus.PENDING
    assert order.told == []

    control.http.delete("/_config/faults")
    assert order.charge()["outcome"] == "PAID"
    assert order.money["charged"] == 1


def test_an_error_that_stripe_keeps_under_the_key_does_not_lock_the_shopper_out(order: Order, control: Control) -> None:
    control.fault("500", match={"path": "/v1/payment_intents", "method": "POST"})

    assert order.charge()["outcome"] == "PAID"
    assert order.payment.attempt == 2
    assert order.money["intents"] == ["succeeded"]


def test_an_error_after_which_the_intent_exists_goes_on_with_that_intent(
    order: Order, control: Control, stripe_api: stripe.StripeClient
) -> None:
    made = made_at_stripe(stripe_api, order, charged=True)
    control.fault("500", match={"path": "/v1/payment_intents", "method": "POST"})

    assert order.charge()["paymentIntentId"] == made.id
    assert order.money["charged"] == 1


def test_an_intent_that_was_never_confirmed_is_cancelled_and_made_anew(
    order: Order, control: Control, stripe_api: stripe.StripeClient
) -> None:
    made_at_stripe(stripe_api, order, charged=False)
    control.fault("500", match={"path": "/v1/payment_intents", "method": "POST"})

    assert order.charge()["outcome"] == "PAID"
    assert sorted(order.money["intents"]) == ["canceled", "succeeded"]


def test_a_day_later_stripe_is_not_asked_again_since_it_may_have_forgotten_the_key(
    order: Order, control: Control
) -> None:
    control.fault("drop_after", times=3)
    with pytest.raises(stripe.APIConnectionError):
        order.charge()

    tomorrow = ChargeService(
        dependencies.store(), dependencies.gateway(), now=lambda: time.time() + IDEMPOTENCY_KEY_SECONDS
    )
    with use_context(Context(correlation_id="tomorrow")):
        answer = tomorrow.charge(
            ChargeInput(order_id=order.id, user_id="ada", payment_method_id="pm_card_visa", amount=Money(amount=TOTAL))
        )

    assert isinstance(answer, DeclinedOutcome)
    assert order.money["charged"] == 1
    assert order.refund()["outcome"] == "REFUNDED"


def closed_meanwhile(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let checkout compensate between the opening of the payment and the call to Stripe."""
    charge = StripeGateway.charge

    def overtaken(gateway: StripeGateway, payment: Payment) -> PaymentIntent | RejectedCharge:
        assert order.refund() == {"outcome": "NOTHING_TO_REFUND"}
        return charge(gateway, payment)

    monkeypatch.setattr(StripeGateway, "charge", overtaken)


def test_an_approval_that_nobody_waits_for_any_more_is_cancelled(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    closed_meanwhile(order, monkeypatch)

    assert order.charge("pm_card_threeDSecure2Required")["declineCode"] == "payment_cancelled"
    assert order.money["intents"] == ["canceled"]


def test_money_that_was_taken_after_the_compensation_is_told_of_and_can_be_given_back(
    order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed_meanwhile(order, monkeypatch)

    order.charge()

    assert order.told_types == ["PaymentSucceeded"]
    assert order.refund()["outcome"] == "REFUNDED"
    assert order.charge()["declineCode"] == "payment_cancelled"


def test_a_slow_stripe_is_not_waited_for_beyond_the_budget_of_a_call(order: Order, control: Control) -> None:
    order.charge()
    # Each answer would come in time for its attempt, and none does for the call.
    impatient = StripeGateway(dependencies.gateway()._credentials, Timeouts(read=60, total=0.3))
    control.fault("slow", times=5, ms=2000)

    with pytest.raises(stripe.APIConnectionError):
        impatient.retrieve_intent(order.payment.payment_intent_id or "")


def test_the_metadata_let_the_webhook_find_its_way(order: Order, stripe_api: stripe.StripeClient) -> None:
    intent_id = order.charge()["paymentIntentId"]

    metadata = stripe_api.v1.payment_intents.retrieve(intent_id).metadata
    assert metadata.to_dict() == {"orderId": order.id, "userId": "ada", "correlationId": order.correlation_id}
