import pytest
import stripe

from tests.contract.stripe.standin import CARD_ONLY, Control, Subscriber

CARDS = ["pm_card_threeDSecure2Required", "pm_card_authenticationRequired"]


def challenged(api: stripe.StripeClient, card: str = CARDS[0], **change: object) -> stripe.PaymentIntent:
    order = {**CARD_ONLY, "confirm": True, "payment_method": card, **change}
    return api.v1.payment_intents.create(order)  # type: ignore[arg-type]


@pytest.mark.parametrize("card", CARDS)
def test_completing_the_challenge_pays(
    api: stripe.StripeClient, control: Control, subscriber: Subscriber, card: str
) -> None:
    intent = challenged(api, card)
    assert (intent.status, intent.latest_charge) == ("requires_action", None)
    assert intent.next_action is not None
    assert intent.next_action.type == "use_stripe_sdk"
    assert control.money()["succeeded"] == 0

    answer = control.post(f"/_3ds/{intent.id}", {"outcome": "complete"})

    assert answer["status"] == "succeeded"
    assert api.v1.payment_intents.retrieve(intent.id).next_action is None
    subscriber.expect(2)
    assert subscriber.types() == ["payment_intent.requires_action", "payment_intent.succeeded"]
    assert control.money()["succeeded"] == 1


def test_failing_the_challenge_wants_another_method(
    api: stripe.StripeClient, control: Control, subscriber: Subscriber
) -> None:
    intent = challenged(api)

    control.post(f"/_3ds/{intent.id}", {"outcome": "fail"})

    failed = api.v1.payment_intents.retrieve(intent.id)
    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error is not None
    assert failed.last_payment_error.code == "payment_intent_authentication_failure"
    subscriber.expect(2)
    assert subscriber.types()[1] == "payment_intent.payment_failed"
    assert api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == "succeeded"


def test_a_challenge_is_decided_once(api: stripe.StripeClient, control: Control) -> None:
    intent = challenged(api)
    path = f"/_3ds/{intent.id}"

    assert control.http.post(path, json={"outcome": "perhaps"}).status_code == 400
    control.post(path, {"outcome": "complete"})
    again = control.http.post(path, json={"outcome": "complete"})

    assert again.status_code == 400
    assert again.json()["error"]["code"] == "payment_intent_unexpected_state"
    assert control.http.post("/_3ds/pi_nobody", json={"outcome": "complete"}).status_code == 404
    assert control.money()["succeeded"] == 1


@pytest.mark.parametrize(("outcome", "status"), [("complete", "succeeded"), ("fail", "failed")])
def test_the_page_leads_back_to_the_shop(api: stripe.StripeClient, control: Control, outcome: str, status: str) -> None:
    back = "http://127.0.0.1:8067/orders?id=7"
    intent = challenged(api, return_url=back)
    assert intent.next_action is not None
    assert intent.next_action.redirect_to_url is not None
    assert intent.next_action.redirect_to_url.return_url == back
    url = str(intent.next_action.redirect_to_url.url)

    page = control.http.get(url)
    pressed = control.http.post(url, data={"outcome": outcome})

    assert page.text.count("<button") == 2
    assert pressed.status_code == 303
    assert pressed.headers["location"] == (
        f"{back}&payment_intent={intent.id}&payment_intent_client_secret={intent.client_secret}&redirect_status={status}"
    )
    assert "<button" not in control.http.get(url).text


def test_the_page_takes_the_way_back_from_its_address(api: stripe.StripeClient, control: Control) -> None:
    intent = challenged(api)
    page = control.http.get(f"/_3ds/{intent.id}", params={"return_url": 'http://127.0.0.1/?a="><b>'})
    assert "&quot;&gt;&lt;b&gt;" in page.text

    pressed = control.http.post(f"/_3ds/{intent.id}", data={"outcome": "complete", "return_url": "http://127.0.0.1/x"})
    assert pressed.headers["location"].startswith("http://127.0.0.1/x?payment_intent=")
    assert control.http.get("/_3ds/pi_nobody").status_code == 404

    other = control.http.post(f"/_3ds/{challenged(api).id}", data={"outcome": "fail", "return_url": "javascript:x"})
    assert other.status_code == 200


def test_manual_capture_after_the_challenge(api: stripe.StripeClient, control: Control) -> None:
    intent = challenged(api, capture_method="manual")
    assert control.post(f"/_3ds/{intent.id}", {"outcome": "complete"})["status"] == "requires_capture"
    assert api.v1.payment_intents.capture(intent.id).status == "succeeded"


def test_a_card_may_decline_after_the_challenge(api: stripe.StripeClient, control: Control) -> None:
    intent = challenged(api, "pm_card_threeDSecureRequiredChargeDeclined")

    after = control.post(f"/_3ds/{intent.id}", {"outcome": "complete"})

    assert after["status"] == "requires_payment_method"
    assert control.money() == {"succeeded": 0, "failed": 1, "refunds": 0}


@pytest.mark.parametrize("option", ["off_session", "error_on_requires_action"])
def test_without_the_shopper_the_card_is_declined(api: stripe.StripeClient, option: str) -> None:
    with pytest.raises(stripe.CardError) as error:
        challenged(api, CARDS[0], **{option: True})
    assert error.value.code == "authentication_required"


def test_a_challenged_payment_can_be_cancelled(api: stripe.StripeClient, control: Control) -> None:
    intent = challenged(api)
    api.v1.payment_intents.cancel(intent.id)
    assert control.http.post(f"/_3ds/{intent.id}", json={"outcome": "complete"}).status_code == 400
    assert control.money()["succeeded"] == 0
