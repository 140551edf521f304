"""Whose cart it is: one checkout at a time buys it, and none that has ended or was abandoned stands in the way."""

import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from services.checkout import commands
from services.checkout.compensation import CompensationSettings, Compensator
from services.checkout.domain import (
    RUN_SECONDS,
    SUPERSEDED,
    UNDECIDED,
    Checkout,
    CheckoutOutcome,
    CheckoutStatus,
    Quote,
)
from services.checkout.store import CheckoutStore
from tests.unit.checkout.conftest import TABLE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from tests.unit.checkout.conftest import Clock

REQUIRES_ACTION = CheckoutOutcome(outcome="REQUIRES_ACTION", client_secret="secret")
Claim = Callable[..., str]


class PaymentAndInventory:
    """Give back whatever they are asked for, or fail."""

    def __init__(self) -> None:
        self.called: list[tuple[str, str]] = []
        self.refund: dict[str, Any] = {"outcome": "NOTHING_TO_REFUND"}
        self.faulty = False

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        given = json.loads(Payload)["input"]
        self.called.append((FunctionName, given.get("orderId") or given["reservationId"]))
        if self.faulty:
            return {"Payload": io.BytesIO(b"{}"), "FunctionError": "Unhandled"}
        answer = self.refund if FunctionName == "refund" else {"outcome": "RELEASED"}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


@pytest.fixture
def others() -> PaymentAndInventory:
    return PaymentAndInventory()


@pytest.fixture
def claim(
    store: CheckoutStore, checkout: Checkout, quote: Quote, others: PaymentAndInventory, monkeypatch: pytest.MonkeyPatch
) -> Claim:
    settings = CompensationSettings.model_construct(refund_arn="refund", release_arn="release")
    monkeypatch.setattr(commands, "store", lambda: store)
    monkeypatch.setattr(commands, "compensator", lambda: Compensator(store, others, settings))  # type: ignore[arg-type]

    def claim(order_id: str, **changes: Any) -> str:
        store.create(checkout.model_copy(update={"order_id": order_id, "quote": None}))
        quoted = quote.model_copy(update=changes).model_dump(mode="json", exclude_none=True)
        given = {"orderId": order_id, "userId": "ada", "quote": quoted}
        outcome: str = commands.claim_cart({"context": {"correlationId": "r"}, "input": given}, None)["outcome"]
        return outcome

    return claim


def found(store: CheckoutStore, order_id: str) -> Checkout:
    checkout = store.get(order_id)
    assert checkout is not None
    return checkout


def test_a_cart_that_nobody_has_is_claimed_with_its_quote(claim: Claim, store: CheckoutStore, quote: Quote) -> None:
    assert claim("first") == "CLAIMED"
    assert found(store, "first").quote == quote
    assert claim("first") == "CLAIMED"


def test_a_cart_that_is_being_bought_is_not_claimed_and_the_attempt_leaves_nothing(
    claim: Claim, store: CheckoutStore
) -> None:
    claim("first")

    assert claim("second") == "IN_PROGRESS"
    assert store.get("second") is None


def test_a_cart_that_still_shows_what_was_bought_is_not_claimed(claim: Claim, store: CheckoutStore) -> None:
    claim("first")
    store.finish(found(store, "first"), CheckoutOutcome(outcome="CONFIRMED"))

    assert claim("second") == "IN_PROGRESS"
    assert claim("second", sequence=4) == "IN_PROGRESS"
    assert claim("second", sequence=5, last_order_id="first") == "CLAIMED"


def test_an_order_that_the_cart_never_hears_of_does_not_keep_it_for_ever(
    claim: Claim, store: CheckoutStore, clock: "Clock"
) -> None:
    claim("first")
    store.finish(found(store, "first"), CheckoutOutcome(outcome="CONFIRMED"))
    clock.now += RUN_SECONDS

    # Somebody who only asks again has bought it; who has changed the cart means to buy what is in it now.
    assert claim("second") == "IN_PROGRESS"
    assert claim("second", sequence=4) == "CLAIMED"


def test_after_a_decline_the_cart_can_be_bought_with_another_card(claim: Claim, store: CheckoutStore) -> None:
    claim("first")
    store.finish(found(store, "first"), CheckoutOutcome(outcome="DECLINED"))

    assert claim("second") == "CLAIMED"
    assert claim("third") == "IN_PROGRESS"


def test_a_quote_of_an_older_cart_is_not_bought_although_nobody_has_it_now(claim: Claim, store: CheckoutStore) -> None:
    claim("first", sequence=7)
    store.finish(found(store, "first"), CheckoutOutcome(outcome="DECLINED"))

    assert claim("second", sequence=6) == "IN_PROGRESS"


def test_an_abandoned_3d_secure_is_closed_and_its_payment_with_it(
    claim: Claim, store: CheckoutStore, others: PaymentAndInventory, dynamodb: "DynamoDBClient"
) -> None:
    claim("first")
    store.finish(found(store, "first"), REQUIRES_ACTION)

    assert claim("second") == "CLAIMED"

    assert others.called == [("refund", "first"), ("release", "first")]
    assert found(store, "first").settled_outcome == SUPERSEDED
    item = dynamodb.get_item(TableName=TABLE, Key={"orderId": {"S": "first"}})["Item"]
    (entry,) = json.loads(item["outbox"]["S"])
    assert json.loads(entry["detail"])["data"]["answered"], "the shopper is at the page: no e-mail"
    assert found(store, "first").request is None


def test_a_3d_secure_that_is_being_confirmed_is_not_abandoned(claim: Claim, store: CheckoutStore) -> None:
    claim("first")
    store.finish(found(store, "first"), REQUIRES_ACTION)
    store.acquire_lease(found(store, "first"))

    assert claim("second") == "IN_PROGRESS"


@pytest.mark.parametrize("status", [CheckoutStatus.RUNNING, CheckoutStatus.COMPENSATING])
def test_a_run_that_died_without_an_end_is_closed(
    claim: Claim, store: CheckoutStore, others: PaymentAndInventory, clock: "Clock", status: CheckoutStatus
) -> None:
    claim("first")
    store.decide("first", status, UNDECIDED)
    clock.now += RUN_SECONDS

    assert claim("second") == "CLAIMED"
    assert ("refund", "first") in others.called
    assert found(store, "first").status is CheckoutStatus.FAILED


def test_an_order_that_is_being_completed_keeps_the_cart(claim: Claim, store: CheckoutStore, clock: "Clock") -> None:
    claim("first")
    store.decide("first", CheckoutStatus.COMPLETING, UNDECIDED)
    clock.now += RUN_SECONDS

    assert claim("second") == "IN_PROGRESS"


def test_where_an_abandoned_payment_cannot_be_closed_now_the_next_attempt_tries_again(
    claim: Claim, store: CheckoutStore, others: PaymentAndInventory
) -> None:
    claim("first")
    store.finish(found(store, "first"), REQUIRES_ACTION)
    others.faulty = True
    with pytest.raises(RuntimeError):
        claim("second")

    others.faulty = False

    assert claim("second") == "CLAIMED"
    assert found(store, "first").status is CheckoutStatus.FAILED


def test_money_that_cannot_go_back_does_not_keep_the_shopper_from_buying(
    claim: Claim, store: CheckoutStore, others: PaymentAndInventory
) -> None:
    claim("first")
    store.finish(found(store, "first"), REQUIRES_ACTION)
    others.refund = {"outcome": "REFUSED", "message": "The charge is disputed."}

    assert claim("second") == "CLAIMED"


def test_carts_of_two_shoppers_have_nothing_to_do_with_each_other(
    claim: Claim, store: CheckoutStore, quote: Quote, checkout: Checkout
) -> None:
    claim("first")
    store.create(checkout.model_copy(update={"order_id": "of-eve", "user_id": "eve", "quote": None}))

    assert store.claim_cart("of-eve", "eve", quote, over=None)


def test_the_mark_of_a_cart_is_no_checkout(claim: Claim, store: CheckoutStore) -> None:
    claim("first")

    assert store.get("cart#ada") is None
