import httpx
import pytest
import stripe

from tests.contract.stripe.standin import CARD_ONLY, Control, Subscriber, eventually


def pay(api: stripe.StripeClient, method: str = "pm_card_visa", **change: object) -> stripe.PaymentIntent:
    order = {**CARD_ONLY, "confirm": True, "payment_method": method, **change}
    return api.v1.payment_intents.create(order)  # type: ignore[arg-type]


def settled(control: Control) -> bool:
    return all(delivery["status"] == "delivered" for delivery in control.deliveries())


def test_a_payment_and_its_refund_are_told(api: stripe.StripeClient, subscriber: Subscriber) -> None:
    intent = pay(api, metadata={"orderId": "7"})
    api.v1.refunds.create({"payment_intent": intent.id})

    paid, refund, charge = subscriber.expect(3)

    assert [paid.type, refund.type, charge.type] == ["payment_intent.succeeded", "refund.created", "charge.refunded"]
    assert isinstance(paid.data.object, dict) or paid.data.object["id"] == intent.id
    assert paid.data.object["metadata"]["orderId"] == "7"
    assert paid.data.object["status"] == "succeeded"
    assert charge.data.object["amount_refunded"] == 1999
    assert (paid.object, paid.livemode, paid.api_version) == ("event", False, stripe.api_version)
    assert paid.request is not None
    assert paid.request.id


def test_failures_and_endings_are_told(api: stripe.StripeClient, subscriber: Subscriber) -> None:
    with pytest.raises(stripe.CardError):
        pay(api, "pm_card_chargeDeclined")
    subscriber.expect(1)
    api.v1.payment_intents.cancel(pay(api, "pm_card_threeDSecure2Required").id)
    subscriber.expect(3)
    held = pay(api, capture_method="manual")
    api.v1.payment_intents.capture(held.id)
    subscriber.expect(5)

    assert subscriber.types() == [
        "payment_intent.payment_failed",
        "payment_intent.requires_action",
        "payment_intent.canceled",
        "payment_intent.amount_capturable_updated",
        "payment_intent.succeeded",
    ]


def test_events_can_be_listed_and_retrieved(api: stripe.StripeClient, subscriber: Subscriber) -> None:
    intent = pay(api)
    api.v1.refunds.create({"payment_intent": intent.id})

    listed = api.v1.events.list().data
    assert [event.type for event in listed] == ["charge.refunded", "refund.created", "payment_intent.succeeded"]
    assert api.v1.events.retrieve(listed[0].id).to_dict() == listed[0].to_dict()
    by_type = api.v1.events.list({"type": "payment_intent.succeeded"})
    by_types = api.v1.events.list({"types": ["refund.created", "charge.refunded"]})
    assert ([len(by_type.data), len(by_types.data)]) == [1, 2]
    assert {event.id for event in subscriber.expect(3)} == {event.id for event in listed}


def test_a_refused_delivery_is_tried_again(api: stripe.StripeClient, control: Control, subscriber: Subscriber) -> None:
    subscriber.refusals = 2
    pay(api)

    subscriber.expect(1)

    eventually(lambda: settled(control))
    (delivery,) = control.deliveries()
    assert (delivery["attempts"], delivery["outcome"]) == (3, "HTTP 200")


def test_a_dead_subscriber_is_tried_again(api: stripe.StripeClient, control: Control, subscriber: Subscriber) -> None:
    control.webhooks(url="http://127.0.0.1:9/webhook")
    pay(api)
    eventually(lambda: control.deliveries()[0]["attempts"])
    assert control.deliveries()[0]["outcome"] == "ConnectError"

    control.webhooks(url=subscriber.url)

    assert subscriber.expect(1)[0].type == "payment_intent.succeeded"


def test_without_an_address_events_wait(api: stripe.StripeClient, control: Control) -> None:
    intent = pay(api)
    (delivery,) = control.deliveries()
    assert (delivery["status"], delivery["attempts"], delivery["paymentIntent"]) == ("waiting", 0, intent.id)
    shown = control.http.get("/_config/webhooks", params={"paymentIntent": "pi_nobody"}).json()
    assert shown == {"mode": "normal", "delayMs": 0, "url": None, "deliveries": []}


def test_held_events_go_on_release(api: stripe.StripeClient, control: Control, subscriber: Subscriber) -> None:
    control.webhooks(mode="hold")
    intent = pay(api)
    api.v1.refunds.create({"payment_intent": intent.id})
    assert [delivery["status"] for delivery in control.deliveries()] == ["held"] * 3
    assert subscriber.events == []

    assert control.post("/_config/webhooks/release") == {"released": 3}

    subscriber.expect(3)
    assert subscriber.types() == ["payment_intent.succeeded", "refund.created", "charge.refunded"]


def test_duplicates_carry_the_same_event(api: stripe.StripeClient, control: Control, subscriber: Subscriber) -> None:
    control.webhooks(mode="duplicate")
    pay(api)

    one, two = subscriber.expect(2)

    assert one.id == two.id
    eventually(lambda: settled(control))
    assert len(control.deliveries()) == 2


@pytest.mark.parametrize("delay_ms", [0, 60_000])
def test_reversed_events_arrive_newest_first(
    api: stripe.StripeClient, control: Control, subscriber: Subscriber, delay_ms: int
) -> None:
    control.webhooks(mode="reverse", delayMs=delay_ms)
    intent = pay(api)
    api.v1.refunds.create({"payment_intent": intent.id})
    control.post("/_config/webhooks/release")

    subscriber.expect(3)

    assert subscriber.types() == ["charge.refunded", "refund.created", "payment_intent.succeeded"]


def test_late_events_wait_their_time(api: stripe.StripeClient, control: Control, subscriber: Subscriber) -> None:
    control.webhooks(delayMs=60_000)
    pay(api)
    assert control.deliveries()[0]["status"] == "waiting"
    control.webhooks(delayMs=30)
    second = pay(api)

    (event,) = subscriber.expect(1)

    assert event.data.object["id"] == second.id
    control.post("/_config/webhooks/release")
    subscriber.expect(2)


def test_a_wrong_secret_is_noticed(api: stripe.StripeClient, control: Control, subscriber: Subscriber) -> None:
    pay(api)
    eventually(lambda: settled(control))
    forged = httpx.post(subscriber.url, content=b"{}", headers={"Stripe-Signature": "t=1,v1=00"}, trust_env=False)
    assert forged.status_code == 400


@pytest.mark.parametrize("settings", [{"mode": "sideways"}, {"delayMs": -1}, {"url": "ftp://x"}, {"speed": 1}])
def test_settings_that_make_no_sense_are_refused(control: Control, settings: dict[str, object]) -> None:
    assert control.http.post("/_config/webhooks", json=settings).status_code == 400
