import httpx
import pytest
import stripe

from tests.contract.stripe.standin import CARD_ONLY, Server, client


def paid(api: stripe.StripeClient) -> stripe.PaymentIntent:
    return api.v1.payment_intents.create({**CARD_ONLY, "confirm": True, "payment_method": "pm_card_visa"})


def authorised(api: stripe.StripeClient) -> stripe.PaymentIntent:
    return api.v1.payment_intents.create(
        {**CARD_ONLY, "confirm": True, "payment_method": "pm_card_visa", "capture_method": "manual"}
    )


def refused(error: pytest.ExceptionInfo[stripe.InvalidRequestError]) -> tuple[str | None, str | None]:
    return error.value.code, error.value.param


def test_a_new_intent_waits_for_a_payment_method(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create({**CARD_ONLY, "metadata": {"orderId": "o-1"}, "description": "An order"})

    assert (intent.status, intent.amount, intent.currency) == ("requires_payment_method", 1999, "usd")
    assert intent.client_secret is not None
    assert intent.client_secret.startswith(f"{intent.id}_secret_")
    assert (intent.latest_charge, intent.next_action, intent.last_payment_error) == (None, None, None)
    assert api.v1.payment_intents.retrieve(intent.id).to_dict() == intent.to_dict()
    assert intent.metadata["orderId"] == "o-1"


def test_create_with_confirm_charges_at_once(api: stripe.StripeClient) -> None:
    intent = paid(api)

    assert (intent.status, intent.amount_received) == ("succeeded", 1999)
    charge = api.v1.charges.retrieve(str(intent.latest_charge))
    assert (charge.status, charge.amount_captured, charge.payment_intent) == ("succeeded", 1999, intent.id)
    assert intent.payment_method not in (None, "pm_card_visa")
    assert api.v1.payment_methods.retrieve(str(intent.payment_method)).type == "card"


def test_confirm_later_with_the_method_given_then_or_before(api: stripe.StripeClient) -> None:
    later = api.v1.payment_intents.create(CARD_ONLY)
    before = api.v1.payment_intents.create({**CARD_ONLY, "payment_method": "pm_card_visa"})

    assert before.status == "requires_confirmation"
    assert api.v1.payment_intents.confirm(later.id, {"payment_method": "pm_card_visa"}).status == "succeeded"
    assert api.v1.payment_intents.confirm(before.id).status == "succeeded"


def test_automatic_methods_are_the_default_and_need_a_way_back(api: stripe.StripeClient) -> None:
    order: stripe.params.PaymentIntentCreateParams = {
        "amount": 500,
        "currency": "eur",
        "payment_method": "pm_card_visa",
    }
    intent = api.v1.payment_intents.create(order)

    assert intent.automatic_payment_methods is not None
    assert intent.automatic_payment_methods.allow_redirects == "always"
    with pytest.raises(stripe.InvalidRequestError) as error:
        api.v1.payment_intents.create({**order, "confirm": True})
    assert refused(error) == (None, "return_url")
    with_return = api.v1.payment_intents.confirm(intent.id, {"return_url": "http://127.0.0.1/back"})
    never: stripe.params.PaymentIntentCreateParams = {
        **order,
        "confirm": True,
        "automatic_payment_methods": {"enabled": True, "allow_redirects": "never"},
    }
    assert (with_return.status, api.v1.payment_intents.create(never).status) == ("succeeded", "succeeded")


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"amount": 0}, "parameter_invalid_integer", "amount"),
        ({"amount": -5}, "parameter_invalid_integer", "amount"),
        ({"amount": 19.99}, "parameter_invalid_integer", "amount"),
        ({"amount": 49}, "amount_too_small", "amount"),
        ({"amount": 100_000_000}, "amount_too_large", "amount"),
        ({"currency": "zzz"}, "invalid_currency", "currency"),
        ({"currency": ""}, "parameter_missing", "currency"),
        ({"payment_method": "pm_nobody"}, "resource_missing", "payment_method"),
        ({"metdata": {"orderId": "1"}}, "parameter_unknown", "metdata"),
        ({"confirm": "yes"}, None, "confirm"),
        ({"metadata": {"k" * 41: "v"}}, None, f"metadata[{'k' * 41}]"),
        ({"confirm": True}, "payment_intent_unexpected_state", "payment_method"),
        ({"payment_method_types": ["card"]}, "payment_method_types_no_longer_supported", "payment_method_types"),
        ({"allowed_payment_method_types": ["klarna"]}, None, "allowed_payment_method_types"),
        ({"automatic_payment_methods": {"enabled": True}}, "parameters_exclusive", "allowed_payment_method_types"),
    ],
)
def test_a_malformed_intent_is_refused(
    api: stripe.StripeClient, server: Server, change: dict[str, object], code: str | None, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as error:
        api.raw_request("post", "/v1/payment_intents", **{**CARD_ONLY, **change})

    assert refused(error) == (code, param)
    assert isinstance(error.value.error, stripe.ErrorObject)
    assert error.value.error.type == "invalid_request_error"
    assert error.value.user_message
    assert error.value.http_status == 400
    assert api.v1.payment_intents.list().data == []


def test_what_does_not_exist_is_404(api: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as error:
        api.v1.payment_intents.retrieve("pi_nobody")
    assert (error.value.http_status, error.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError) as error:
        api.v1.customers.list()
    assert error.value.http_status == 404


def test_confirm_twice_is_refused(api: stripe.StripeClient) -> None:
    intent = paid(api)

    with pytest.raises(stripe.InvalidRequestError) as error:
        api.v1.payment_intents.confirm(intent.id)

    assert error.value.code == "payment_intent_unexpected_state"
    assert error.value.error is not None
    assert error.value.error.payment_intent is not None
    assert error.value.error.payment_intent.status == "succeeded"
    assert len(api.v1.charges.list({"payment_intent": intent.id}).data) == 1


def test_manual_capture_takes_all_or_a_part(api: stripe.StripeClient) -> None:
    whole, part = authorised(api), authorised(api)
    assert (whole.status, whole.amount_capturable, whole.amount_received) == ("requires_capture", 1999, 0)

    assert api.v1.payment_intents.capture(whole.id).amount_received == 1999
    captured = api.v1.payment_intents.capture(part.id, {"amount_to_capture": 500})

    assert (captured.status, captured.amount_received, captured.amount_capturable) == ("succeeded", 500, 0)
    assert api.v1.charges.retrieve(str(captured.latest_charge)).amount_captured == 500


def test_capture_is_refused_beyond_the_authorisation_or_state(api: stripe.StripeClient) -> None:
    intent = authorised(api)
    with pytest.raises(stripe.InvalidRequestError) as error:
        api.v1.payment_intents.capture(intent.id, {"amount_to_capture": 2000})
    assert refused(error) == ("amount_too_large", "amount_to_capture")

    api.v1.payment_intents.cancel(intent.id)
    for ended in (intent, paid(api), api.v1.payment_intents.create(CARD_ONLY)):
        with pytest.raises(stripe.InvalidRequestError) as error:
            api.v1.payment_intents.capture(ended.id)
        assert error.value.code == "payment_intent_unexpected_state"


def test_cancel_ends_an_unpaid_intent_once(api: stripe.StripeClient) -> None:
    intent = api.v1.payment_intents.create(CARD_ONLY)
    cancelled = api.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})

    assert (cancelled.status, cancelled.cancellation_reason) == ("canceled", "abandoned")
    assert cancelled.canceled_at is not None
    for ended in (cancelled, paid(api)):
        with pytest.raises(stripe.InvalidRequestError) as error:
            api.v1.payment_intents.cancel(ended.id)
        assert error.value.code == "payment_intent_unexpected_state"
    with pytest.raises(stripe.InvalidRequestError) as error:
        api.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert error.value.code == "payment_intent_unexpected_state"


def test_lists_are_newest_first_and_page_both_ways(api: stripe.StripeClient) -> None:
    made = [api.v1.payment_intents.create(CARD_ONLY).id for _ in range(5)][::-1]

    first = api.v1.payment_intents.list({"limit": 2})
    assert ([intent.id for intent in first], first.has_more) == (made[:2], True)
    back = api.v1.payment_intents.list({"limit": 2, "ending_before": made[3]})
    assert ([intent.id for intent in back], back.has_more) == (made[1:3], True)
    assert [intent.id for intent in first.auto_paging_iter()] == made
    now = first.data[0].created
    assert api.v1.payment_intents.list({"created": {"gt": now}}).data == []
    assert len(api.v1.payment_intents.list({"created": {"gte": now - 60, "lte": now}}).data) == 5


def test_expand_replaces_ids_by_objects(api: stripe.StripeClient) -> None:
    intent = paid(api)

    one = api.v1.payment_intents.retrieve(intent.id, {"expand": ["latest_charge", "payment_method"]})
    many = api.v1.payment_intents.list({"expand": ["data.latest_charge"]})

    assert isinstance(one.latest_charge, stripe.Charge)
    assert isinstance(one.payment_method, stripe.PaymentMethod)
    assert isinstance(many.data[0].latest_charge, stripe.Charge)
    with pytest.raises(stripe.InvalidRequestError):
        api.v1.payment_intents.retrieve(intent.id, {"expand": ["amount"]})


@pytest.mark.parametrize("key", ["sk_live_placeholder", "pk_test_placeholder", "nonsense"])
def test_only_secret_test_keys_are_let_in(server: Server, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError) as error:
        client(server.url, key=key).v1.payment_intents.create(CARD_ONLY)

    assert error.value.http_status == 401
    assert error.value.error is not None
    assert error.value.error.type == "invalid_request_error"


def test_basic_authentication_is_let_in_and_none_is_not(server: Server) -> None:
    address = f"{server.url}/v1/payment_intents"
    assert httpx.get(address, auth=("sk_test_placeholder", ""), trust_env=False).status_code == 200
    assert httpx.get(address, trust_env=False).status_code == 401
    assert httpx.get(address, headers={"Authorization": "Basic ?"}, trust_env=False).status_code == 401
