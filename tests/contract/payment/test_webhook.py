"""What Stripe tells by its webhook: late, twice, out of order, and not always about this shop."""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import stripe

from schemas.payment import PaymentFailed, PaymentRefundedV2
from services.payment import api
from services.payment.domain import Payment, PaymentStatus
from services.payment.store import PaymentStore
from tests.contract.payment.shop import TOTAL, Endpoint, Order, delivery
from tests.contract.stripe.standin import SECRET, Control, eventually

BODY = b'{"id": "evt_1", "object": "event", "type": "payment_intent.succeeded", "data": {"object": {}}}'


def signed(body: bytes, secret: str = SECRET, at: float | None = None) -> str:
    moment = int(at or time.time())
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def status_of(body: bytes, signature: str) -> int:
    return int(api.api(delivery(body, signature), None)["statusCode"])


def die_after_the_charge(order: Order, control: Control, method: str = "pm_card_visa") -> None:
    control.fault("drop_after", times=3)
    with pytest.raises(stripe.APIConnectionError):
        order.charge(method)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "t=1,v1=abc",
        "nonsense",
        "t=1,v1=\u00fc",
        signed(BODY, secret="whsec_of_somebody_else"),
        signed(BODY, at=time.time() - 301),
        signed(BODY + b" "),
    ],
    ids=["none", "old and wrong", "nonsense", "not ascii", "another secret", "too old", "another body"],
)
def test_what_stripe_did_not_sign_just_now_is_refused(order: Order, signature: str) -> None:
    assert status_of(BODY, signature) == 400


@pytest.mark.parametrize("body", [b"\xff\xfe", b"not json", b"[]", b"{}"])
def test_a_body_that_is_no_event_is_refused(order: Order, body: bytes) -> None:
    assert status_of(body, signed(body)) == 400


INTENT: dict[str, Any] = {
    "id": "pi_malformed",
    "object": "payment_intent",
    "status": "succeeded",
    "amount": 100,
    "currency": "usd",
    "metadata": {"orderId": "malformed", "userId": "ada", "correlationId": "request"},
}
REFUND: dict[str, Any] = {"id": "re_malformed", "payment_intent": "pi_malformed", "amount": 100, "currency": "usd"}


def malformed(example: dict[str, Any], *, required: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield an example without each of its required members, and with a value of a wrong type in each member."""
    yield {}
    for name in required:
        yield {member: value for member, value in example.items() if member != name}
    for name in example.keys() - {"object"}:
        for wrong in (["x"], {"x": 1}, 10**40, "x" * 200, -1, 1.5):
            if type(wrong) is not type(example[name]) or name == "amount":
                yield {**example, name: wrong}


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        *(
            (kind, document)
            for kind in ("payment_intent.succeeded", "payment_intent.payment_failed", "payment_intent.canceled")
            for document in malformed(INTENT, required=("id", "status", "amount", "currency"))
        ),
        *(
            (kind, document)
            for kind in ("refund.created", "refund.failed")
            for document in malformed(REFUND, required=("id", "amount", "currency"))
        ),
    ],
)
def test_an_object_that_is_not_of_the_events_type_is_refused(order: Order, kind: str, document: dict[str, Any]) -> None:
    body = json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": document}}).encode()

    answer = api.api(delivery(body, signed(body)), None)

    assert answer["statusCode"] == 400
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert json.loads(answer["body"])["code"] == "INVALID_EVENT"


@pytest.mark.parametrize("kind", ["customer.created", "charge.refunded", "an.event.of.tomorrow"])
@pytest.mark.parametrize("document", [{}, {"id": 5, "metadata": []}])
def test_the_object_of_an_event_that_means_nothing_to_the_shop_is_not_read(
    order: Order, kind: str, document: dict[str, Any]
) -> None:
    body = json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": document}}).encode()

    assert status_of(body, signed(body)) == 200


@pytest.mark.parametrize(
    "differs",
    [{"amount": 1}, {"currency": "jpy"}, {"metadata": {"userId": "ben"}}],
    ids=["amount", "currency", "shopper"],
)
def test_an_intent_that_is_not_the_payments_publishes_no_success_and_rings_the_alarm(
    order: Order, differs: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    order.charge("pm_card_threeDSecure2Required")
    metadata = {"orderId": order.id, "userId": "ada", "correlationId": "request", **differs.get("metadata", {})}
    intent = {
        **INTENT,
        "id": order.payment.payment_intent_id,
        "amount": TOTAL,
        **differs,
        "metadata": metadata,
    }
    body = json.dumps({"id": "evt_1", "type": "payment_intent.succeeded", "data": {"object": intent}}).encode()

    answer = api.api(delivery(body, signed(body)), None)

    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"outcome": "REJECTED"})
    assert order.payment.status is PaymentStatus.REQUIRES_ACTION
    assert order.told == []
    assert "PaymentsMismatched" in capsys.readouterr().out


def test_a_body_beyond_all_measure_is_not_even_read(order: Order) -> None:
    assert status_of(b"x" * 300_000, "") == 413


@pytest.mark.parametrize("kind", ["customer.created", "charge.refunded", "payment_intent.created"])
def test_an_event_that_means_nothing_to_the_shop_is_accepted(order: Order, kind: str) -> None:
    body = BODY.replace(b"payment_intent.succeeded", kind.encode())

    assert status_of(body, signed(body)) == 200


def test_a_charge_whose_function_died_becomes_a_payment(order: Order, control: Control, endpoint: Endpoint) -> None:
    die_after_the_charge(order, control)

    eventually(lambda: order.payment.status is PaymentStatus.SUCCEEDED)

    (told,) = order.told
    assert told.metadata.correlation_id == order.correlation_id
    assert told.metadata.causation_id is None
    assert order.charge()["eventId"] == told.metadata.event_id
    assert order.money["charged"] == 1


def test_a_charge_of_which_no_record_is_left_becomes_a_payment(
    order: Order, control: Control, endpoint: Endpoint, stripe_api: stripe.StripeClient
) -> None:
    stripe_api.v1.payment_intents.create(
        {
            "amount": TOTAL,
            "currency": "usd",
            "allowed_payment_method_types": ["card"],
            "payment_method": "pm_card_visa",
            "confirm": True,
            "metadata": {"orderId": order.id, "userId": "ada", "correlationId": order.correlation_id},
        }
    )

    eventually(lambda: endpoint.answers == [200])
    assert order.told_types == ["PaymentSucceeded"]
    assert order.payment.amount is not None
    assert order.payment.amount.amount == TOTAL


def test_the_webhook_and_the_command_tell_of_a_success_once(order: Order, control: Control, endpoint: Endpoint) -> None:
    control.webhooks(mode="duplicate")

    order.charge()

    eventually(lambda: endpoint.answers == [200, 200])
    assert order.told_types == ["PaymentSucceeded"]


def test_a_webhook_that_we_could_not_handle_comes_again(order: Order, control: Control, endpoint: Endpoint) -> None:
    endpoint.refusals = 1
    die_after_the_charge(order, control)

    eventually(lambda: endpoint.answers == [500, 200])
    assert order.told_types == ["PaymentSucceeded"]


def test_our_own_fault_makes_stripe_try_again(
    order: Order, control: Control, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults, get = [RuntimeError("no table today")], PaymentStore.get

    def failing_once(store: PaymentStore, order_id: str) -> Payment | None:
        if faults:
            raise faults.pop()
        return get(store, order_id)

    monkeypatch.setattr(PaymentStore, "get", failing_once)
    die_after_the_charge(order, control)

    eventually(lambda: endpoint.answers == [500, 200])
    assert order.told_types == ["PaymentSucceeded"]


def test_a_decline_whose_function_died_is_told_of_and_answered(
    order: Order, control: Control, endpoint: Endpoint
) -> None:
    die_after_the_charge(order, control, "pm_card_visa_chargeDeclined")

    eventually(lambda: endpoint.answers == [200])
    (told,) = order.told
    assert isinstance(told.data, PaymentFailed)
    assert order.charge("pm_card_visa_chargeDeclined")["outcome"] == "DECLINED"
    assert order.told_types == ["PaymentFailed"]


def test_a_success_counts_although_the_failure_before_it_arrives_later(
    order: Order, control: Control, endpoint: Endpoint, stripe_api: stripe.StripeClient
) -> None:
    control.webhooks(mode="reverse")
    intent_id = order.charge("pm_card_threeDSecure2Required")["paymentIntentId"]
    order.authenticate("fail")
    stripe_api.v1.payment_intents.confirm(intent_id, {"payment_method": "pm_card_visa"})

    control.post("/_config/webhooks/release")

    eventually(lambda: len(endpoint.answers) == 3)
    assert set(endpoint.answers) == {200}
    assert order.payment.status is PaymentStatus.SUCCEEDED
    assert order.told_types == ["PaymentSucceeded"]


def test_a_failed_approval_is_told_of_and_ends_the_intent_without_the_browser(order: Order, endpoint: Endpoint) -> None:
    order.charge("pm_card_threeDSecure2Required")
    order.authenticate("fail")

    eventually(lambda: order.money["intents"] == ["canceled"])
    eventually(lambda: endpoint.answers == [200, 200, 200])
    assert order.told_types == ["PaymentFailed"]
    assert order.confirm()["declineCode"] == "payment_intent_authentication_failure"


def test_an_intent_cancelled_in_the_dashboard_closes_the_payment(
    order: Order, endpoint: Endpoint, stripe_api: stripe.StripeClient
) -> None:
    intent_id = order.charge("pm_card_threeDSecure2Required")["paymentIntentId"]
    stripe_api.v1.payment_intents.cancel(intent_id)

    eventually(lambda: order.payment.status is PaymentStatus.CANCELLED)
    assert order.told == []
    assert order.confirm()["declineCode"] == "payment_cancelled"


def test_a_success_that_arrives_after_the_compensation_is_still_told(
    order: Order, control: Control, endpoint: Endpoint
) -> None:
    control.webhooks(mode="hold")
    die_after_the_charge(order, control)
    control.fault("503", match={"path": "/v1/payment_intents", "method": "GET"}, times=3)
    with pytest.raises(stripe.APIError):
        order.refund()
    assert order.payment.status is PaymentStatus.CANCELLED

    control.post("/_config/webhooks/release")

    eventually(lambda: order.payment.status is PaymentStatus.SUCCEEDED)
    assert order.told_types == ["PaymentSucceeded"]
    assert order.refund()["outcome"] == "REFUNDED"
    assert order.money["givenBack"] == TOTAL


def test_a_second_intent_that_charged_the_same_order_is_given_back(
    order: Order, endpoint: Endpoint, stripe_api: stripe.StripeClient
) -> None:
    paid = order.charge()
    eventually(lambda: endpoint.answers == [200])
    second = stripe_api.v1.payment_intents.create(
        {
            "amount": TOTAL,
            "currency": "usd",
            "allowed_payment_method_types": ["card"],
            "payment_method": "pm_card_visa",
            "confirm": True,
            "metadata": {"orderId": order.id, "userId": "ada", "correlationId": order.correlation_id},
        }
    )

    eventually(lambda: order.money["givenBack"] == TOTAL)
    eventually(lambda: len(endpoint.answers) == 4)
    assert set(endpoint.answers) == {200}
    assert second.id != paid["paymentIntentId"] == order.payment.payment_intent_id
    assert order.told_types == ["PaymentSucceeded"]
    assert order.payment.amount_refunded == 0


def test_a_second_charge_is_given_back_although_stripe_repeats_an_error(
    order: Order, control: Control, endpoint: Endpoint, stripe_api: stripe.StripeClient
) -> None:
    order.charge()
    eventually(lambda: endpoint.answers == [200])
    control.fault("500", match={"path": "/v1/refunds", "method": "POST"})
    stripe_api.v1.payment_intents.create(
        {
            "amount": TOTAL,
            "currency": "usd",
            "allowed_payment_method_types": ["card"],
            "payment_method": "pm_card_visa",
            "confirm": True,
            "metadata": {"orderId": order.id, "userId": "ada", "correlationId": order.correlation_id},
        }
    )

    eventually(lambda: order.money["givenBack"] == TOTAL)
    eventually(lambda: len(endpoint.answers) == 4)
    assert set(endpoint.answers) == {200}


def test_a_refund_made_in_the_dashboard_is_told_of_once(
    order: Order, control: Control, endpoint: Endpoint, stripe_api: stripe.StripeClient
) -> None:
    intent_id = order.charge()["paymentIntentId"]
    control.webhooks(mode="duplicate")

    refund = stripe_api.v1.refunds.create({"payment_intent": intent_id, "amount": 500})

    eventually(lambda: len(endpoint.answers) == 5)
    assert order.told_types == ["PaymentSucceeded", "PaymentRefunded", "PaymentRefundedV2"]
    told = order.told[-1]
    assert isinstance(told.data, PaymentRefundedV2)
    assert (told.data.refund_id, told.data.refunded_total.amount) == (refund.id, 500)
    assert told.metadata.correlation_id == order.correlation_id
    assert order.refund("rest")["amount"]["amount"] == TOTAL - 500


def test_a_refund_of_ours_is_told_of_once_with_its_own_cause(order: Order, endpoint: Endpoint) -> None:
    order.charge()
    order.refund("a", 500)

    eventually(lambda: len(endpoint.answers) == 3)
    assert order.told_types == ["PaymentSucceeded", "PaymentRefunded", "PaymentRefundedV2"]
    assert order.told[-1].metadata.correlation_id == "request-of-staff"


def test_a_refund_whose_function_died_is_told_of_with_its_own_cause(
    order: Order, control: Control, endpoint: Endpoint
) -> None:
    order.charge()
    control.fault("drop_after", match={"path": "/v1/refunds"}, times=3)
    assert order.refund("a", 500)["outcome"] in ("PENDING", "REFUNDED")

    eventually(lambda: len(endpoint.answers) == 3)
    (told,) = (envelope for envelope in order.told if envelope.data.detail_type() == "PaymentRefundedV2")
    assert isinstance(told.data, PaymentRefundedV2)
    assert (told.data.reason, told.metadata.correlation_id) == ("RETURNED", "request-of-staff")
    assert order.refund("a", 500)["refundId"] == told.data.refund_id


def test_a_refund_that_overtakes_the_news_of_its_payment_is_told_of_after_it(
    order: Order, control: Control, endpoint: Endpoint, stripe_api: stripe.StripeClient
) -> None:
    control.webhooks(mode="reverse")
    die_after_the_charge(order, control)
    (intent,) = stripe_api.v1.payment_intents.list().data
    stripe_api.v1.refunds.create({"payment_intent": intent.id})

    control.post("/_config/webhooks/release")

    eventually(lambda: len(endpoint.answers) == 3)
    assert order.told_types == ["PaymentSucceeded", "PaymentRefunded", "PaymentRefundedV2"]


def test_payments_of_another_shop_in_the_account_are_left_alone(
    order: Order, endpoint: Endpoint, stripe_api: stripe.StripeClient
) -> None:
    foreign = stripe_api.v1.payment_intents.create(
        {
            "amount": TOTAL,
            "currency": "usd",
            "allowed_payment_method_types": ["card"],
            "payment_method": "pm_card_visa",
            "confirm": True,
        }
    )
    stripe_api.v1.refunds.create({"payment_intent": foreign.id})

    eventually(lambda: endpoint.answers == [200, 200, 200])
    assert order.told == []
