import threading

import pytest
import stripe

from tests.contract.stripe.standin import CARD_ONLY, Control, Server, client, eventually

PAID: stripe.params.PaymentIntentCreateParams = {**CARD_ONLY, "confirm": True, "payment_method": "pm_card_visa"}
SAME_KEY: stripe.RequestOptions = {"idempotency_key": "order-7"}


def headers(resource: stripe.StripeObject) -> dict[str, str]:
    assert resource.last_response is not None
    return {name.lower(): value for name, value in (resource.last_response.headers or {}).items()}


def test_the_same_call_has_the_same_answer(api: stripe.StripeClient, control: Control) -> None:
    first = api.v1.payment_intents.create(PAID, SAME_KEY)
    second = api.v1.payment_intents.create(PAID, SAME_KEY)

    assert second.to_dict() == first.to_dict()
    assert "idempotent-replayed" not in headers(first)
    assert headers(second)["idempotent-replayed"] == "true"
    assert headers(second)["original-request"] == headers(first)["request-id"]
    assert control.money()["succeeded"] == 1


def test_a_decline_is_replayed(api: stripe.StripeClient, control: Control) -> None:
    order: stripe.params.PaymentIntentCreateParams = {**PAID, "payment_method": "pm_card_visa_chargeDeclined"}
    errors = []
    for _ in range(2):
        with pytest.raises(stripe.CardError) as error:
            api.v1.payment_intents.create(order, SAME_KEY)
        errors.append(error.value)

    assert errors[0].json_body == errors[1].json_body
    assert errors[1].headers is not None
    assert {name.lower(): value for name, value in errors[1].headers.items()}["idempotent-replayed"] == "true"
    assert control.money()["failed"] == 1


def test_a_refusal_by_state_is_replayed(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create({**CARD_ONLY, "capture_method": "manual", "payment_method": "pm_card_visa"})
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.payment_intents.capture(intent.id, {}, SAME_KEY)
    api.v1.payment_intents.confirm(intent.id)

    with pytest.raises(stripe.InvalidRequestError):
        api.v1.payment_intents.capture(intent.id, {}, SAME_KEY)
    assert api.v1.payment_intents.capture(intent.id).status == "succeeded"


def test_malformed_parameters_leave_the_key_free(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.payment_intents.create({**PAID, "amount": 0}, SAME_KEY)
    assert api.v1.payment_intents.create(PAID, SAME_KEY).status == "succeeded"


def test_another_body_or_path_is_refused(api: stripe.StripeClient, control: Control) -> None:
    intent = api.v1.payment_intents.create(PAID, SAME_KEY)

    with pytest.raises(stripe.IdempotencyError) as error:
        api.v1.payment_intents.create({**PAID, "amount": 2000}, SAME_KEY)
    assert error.value.http_status == 400
    assert error.value.error is not None
    assert error.value.error.type == "idempotency_error"
    with pytest.raises(stripe.IdempotencyError):
        api.v1.payment_intents.cancel(intent.id, {}, SAME_KEY)
    assert control.money()["succeeded"] == 1


def test_keys_belong_to_one_account(api: stripe.StripeClient, server: Server) -> None:
    first = api.v1.payment_intents.create(PAID, SAME_KEY)
    second = client(server.url, key="sk_test_another").v1.payment_intents.create(PAID, SAME_KEY)
    assert first.id != second.id


def test_a_key_has_a_greatest_length(api: stripe.StripeClient) -> None:
    api.v1.payment_intents.create(PAID, {"idempotency_key": "k" * 255})
    with pytest.raises(stripe.IdempotencyError):
        api.v1.payment_intents.create(PAID, {"idempotency_key": "k" * 256})


def test_a_key_in_use_is_a_conflict(api: stripe.StripeClient, control: Control) -> None:
    control.fault("slow", times=1, ms=300)
    answers: list[stripe.PaymentIntent] = []
    first = threading.Thread(target=lambda: answers.append(api.v1.payment_intents.create(PAID, SAME_KEY)))
    first.start()
    eventually(lambda: control.money()["succeeded"] == 1)

    with pytest.raises(stripe.APIError) as error:
        api.v1.payment_intents.create(PAID, SAME_KEY)
    with pytest.raises(stripe.IdempotencyError):
        api.v1.payment_intents.create({**PAID, "amount": 2000}, SAME_KEY)
    first.join()

    assert (error.value.http_status, error.value.error and error.value.error.code) == (409, "idempotency_key_in_use")
    assert api.v1.payment_intents.create(PAID, SAME_KEY).id == answers[0].id
    assert control.money()["succeeded"] == 1


def test_refunds_are_idempotent_too(api: stripe.StripeClient, control: Control) -> None:
    intent = api.v1.payment_intents.create(PAID)
    for _ in range(3):
        api.v1.refunds.create({"payment_intent": intent.id, "amount": 500}, SAME_KEY)
    assert control.money()["refunds"] == 1
