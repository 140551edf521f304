import pytest
import stripe

from tests.contract.stripe.standin import CARD_ONLY, Control, Server, client, eventually

PAID: stripe.params.PaymentIntentCreateParams = {**CARD_ONLY, "confirm": True, "payment_method": "pm_card_visa"}
SAME_KEY: stripe.RequestOptions = {"idempotency_key": "order-7"}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the official client's pause between two tries."""
    monkeypatch.setattr(stripe.HTTPClient, "INITIAL_DELAY", 0.01)
    monkeypatch.setattr(stripe.HTTPClient, "MAX_DELAY", 0.02)


@pytest.fixture
def tenacious(server: Server) -> stripe.StripeClient:
    return client(server.url, retries=2)


@pytest.mark.parametrize("action", ["drop_before", "drop_after", "503"])
def test_a_client_that_tries_again_charges_once(tenacious: stripe.StripeClient, control: Control, action: str) -> None:
    control.fault(action, times=2)

    intent = tenacious.v1.payment_intents.create(PAID, SAME_KEY)

    assert intent.status == "succeeded"
    assert control.money() == {"succeeded": 1, "failed": 0, "refunds": 0}


@pytest.mark.parametrize(("action", "charges"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_connection_tells_nothing_of_the_charge(
    api: stripe.StripeClient, control: Control, action: str, charges: int
) -> None:
    control.fault(action)

    with pytest.raises(stripe.APIConnectionError):
        api.v1.payment_intents.create(PAID, SAME_KEY)

    assert control.money()["succeeded"] == charges
    assert api.v1.payment_intents.create(PAID, SAME_KEY).status == "succeeded"
    assert control.money()["succeeded"] == 1


def test_three_slow_answers_hide_a_charge(server: Server, api: stripe.StripeClient, control: Control) -> None:
    hasty = client(server.url, retries=2, timeout=0.1)
    control.fault("slow", times=3, ms=10_000)

    with pytest.raises(stripe.APIConnectionError):
        hasty.v1.payment_intents.create(PAID, SAME_KEY)

    eventually(lambda: control.money()["succeeded"] == 1)
    assert api.v1.payment_intents.create(PAID, SAME_KEY).status == "succeeded"
    assert control.money()["succeeded"] == 1


def test_an_internal_error_is_kept_under_its_key(tenacious: stripe.StripeClient, control: Control) -> None:
    control.fault("500")

    with pytest.raises(stripe.APIError) as error:
        tenacious.v1.payment_intents.create(PAID, SAME_KEY)

    assert error.value.http_status == 500
    assert control.money()["succeeded"] == 0
    assert tenacious.v1.payment_intents.create(PAID, {"idempotency_key": "order-7-again"}).status == "succeeded"


def test_a_rate_limit_is_not_tried_again_nor_kept(tenacious: stripe.StripeClient, control: Control) -> None:
    control.fault("429")

    with pytest.raises(stripe.RateLimitError):
        tenacious.v1.payment_intents.create(PAID, SAME_KEY)

    assert tenacious.v1.payment_intents.create(PAID, SAME_KEY).status == "succeeded"


@pytest.mark.parametrize(
    "match",
    [
        {"path": "^/v1/payment_intents$"},
        {"method": "post"},
        {"body": "metadata[orderId]=7"},
        {"paymentIntentMetadata": {"orderId": "7"}},
        {"path": "intents", "method": "POST", "body": "usd", "paymentIntentMetadata": {"orderId": "7"}},
    ],
)
def test_a_fault_strikes_what_it_matches(api: stripe.StripeClient, control: Control, match: dict[str, object]) -> None:
    control.fault("503", match=match)
    api.v1.charges.list()
    if match.keys() != {"path"} and match.keys() != {"method"}:
        api.v1.payment_intents.create({**PAID, "metadata": {"orderId": "8"}})

    with pytest.raises(stripe.APIError):
        api.v1.payment_intents.create({**PAID, "metadata": {"orderId": "7"}})
    assert api.v1.payment_intents.create({**PAID, "metadata": {"orderId": "7"}}).status == "succeeded"


def test_metadata_match_later_calls_on_the_intent(api: stripe.StripeClient, control: Control) -> None:
    intent = api.v1.payment_intents.create({**PAID, "metadata": {"orderId": "7"}})
    control.fault("503", match={"paymentIntentMetadata": {"orderId": "7"}}, times=2)

    with pytest.raises(stripe.APIError):
        api.v1.refunds.create({"payment_intent": intent.id})
    with pytest.raises(stripe.APIError):
        api.v1.payment_intents.retrieve(intent.id)


def test_faults_are_shown_and_cleared(api: stripe.StripeClient, control: Control) -> None:
    control.fault("503", times=3)
    with pytest.raises(stripe.APIError):
        api.v1.payment_intents.list()

    faults = control.http.get("/_config/faults").json()["faults"]
    assert faults == [
        {"id": faults[0]["id"], "match": {"path": "/v1/payment_intents"}, "action": "503", "remaining": 2, "ms": 0}
    ]
    control.http.delete("/_config/faults")
    assert api.v1.payment_intents.list().data == []


@pytest.mark.parametrize(
    "order",
    [
        {"action": "explode"},
        {"action": "slow", "ms": "long"},
        {"action": "slow", "times": -1},
        {"action": "slow", "match": {"path": "("}},
        {"action": "slow", "match": {"header": "x"}},
        {"action": "slow", "match": []},
        {"action": "slow", "match": {"path": 7}},
        {"action": "slow", "match": {"paymentIntentMetadata": "orderId"}},
        {"action": "slow", "colour": "red"},
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(control: Control, order: dict[str, object]) -> None:
    answer = control.http.post("/_config/faults", json=order)
    assert (answer.status_code, list(answer.json())) == (400, ["error"])
