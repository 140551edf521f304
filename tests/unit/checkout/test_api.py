"""Placing an order: one attempt a key, and which answer each outcome is."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bus.context import current
from schemas.order_number import order_number
from services.checkout import api as routes
from services.checkout.domain import (
    RUN_SECONDS,
    UNDECIDED,
    Checkout,
    CheckoutOutcome,
    CheckoutRequest,
    CheckoutStatus,
    OutcomeCode,
    request_fingerprint,
)
from services.checkout.store import CheckoutStore
from services.checkout.workflow import WorkflowFailedError
from tests.unit.checkout.conftest import KEY, Clock

Call = Callable[..., tuple[int, dict[str, Any]]]


class FakeWorkflow:
    """Ends each run as told, and writes the end as the state machine does."""

    def __init__(self, store: CheckoutStore) -> None:
        self._store = store
        self.ends: list[CheckoutOutcome | WorkflowFailedError] = [CheckoutOutcome(outcome="CONFIRMED")]
        self.runs: list[tuple[Checkout, bool]] = []
        self.correlation_ids: list[str] = []

    def run(self, checkout: Checkout, *, confirming: bool) -> CheckoutOutcome:
        self.runs.append((checkout, confirming))
        self.correlation_ids.append(current().correlation_id)
        end = self.ends.pop(0)
        if isinstance(end, WorkflowFailedError):
            raise end
        if end.outcome == "IN_PROGRESS":
            self._store.delete_unquoted(checkout.order_id)
            return end
        seen = self._store.get(checkout.order_id)
        assert seen is not None
        self._store.finish(seen, end)
        return end


@pytest.fixture
def workflow(store: CheckoutStore, monkeypatch: pytest.MonkeyPatch) -> FakeWorkflow:
    fake = FakeWorkflow(store)
    monkeypatch.setattr(routes, "workflow", lambda: fake)
    monkeypatch.setattr(routes, "store", lambda: store)
    return fake


@pytest.fixture
def call(workflow: FakeWorkflow, request_of_ada: CheckoutRequest) -> Call:
    body = request_of_ada.model_dump(mode="json", exclude_none=True)

    def call(path: str = "/api/orders", user: str = "ada", key: str | None = KEY, **changes: Any) -> Any:
        answer = routes.api(
            {
                "version": "2.0",
                "rawPath": path,
                "rawQueryString": "",
                "headers": {"content-type": "application/json", **({"idempotency-key": key} if key else {})},
                "requestContext": {
                    "http": {"method": "POST", "path": path},
                    "stage": "$default",
                    "requestId": "r",
                    "authorizer": {"jwt": {"claims": {"sub": user}}},
                },
                "body": json.dumps({**body, **changes}),
                "isBase64Encoded": False,
            },
            None,
        )
        return answer["statusCode"], json.loads(answer["body"])

    return call


def test_a_repetition_gets_the_first_answer_and_runs_nothing(call: Call, workflow: FakeWorkflow) -> None:
    first = call()

    assert first[0] == 201
    assert first[1]["orderNumber"] == order_number(first[1]["orderId"])
    assert call() == first
    assert len(workflow.runs) == 1


def test_a_declined_attempt_stays_declined_under_its_key(call: Call, workflow: FakeWorkflow) -> None:
    workflow.ends = [CheckoutOutcome(outcome="DECLINED", decline_code="expired_card", message="It has expired.")]
    first = call()

    assert (first[0], first[1]["code"], first[1]["declineCode"]) == (402, "PAYMENT_DECLINED", "expired_card")
    assert call() == first


def test_another_body_under_the_same_key_is_a_mismatch(call: Call) -> None:
    call()

    status, problem = call(expectedTotal={"amount": 1, "currency": "USD"})

    assert (status, problem["code"]) == (422, "IDEMPOTENCY_MISMATCH")


def test_the_same_key_of_another_shopper_is_another_order(call: Call, workflow: FakeWorkflow) -> None:
    workflow.ends *= 2

    assert call()[1]["orderId"] != call(user="eve")[1]["orderId"]


def test_a_second_click_while_the_first_runs_is_told_so(
    call: Call, store: CheckoutStore, checkout: Checkout, workflow: FakeWorkflow
) -> None:
    store.create(checkout)

    status, problem = call()

    assert (status, problem["code"]) == (409, "IN_PROGRESS")
    assert workflow.runs == []


def test_after_a_fault_the_same_key_goes_on_where_it_was(call: Call, workflow: FakeWorkflow) -> None:
    workflow.ends.insert(0, WorkflowFailedError("Stripe is away", has_ended=True))

    status, problem = call()
    assert (status, problem["code"]) == (503, "CHECKOUT_UNRESOLVED")
    assert call()[0] == 201


def test_a_run_that_did_not_answer_in_time_may_still_be_at_work(call: Call, workflow: FakeWorkflow) -> None:
    workflow.ends.insert(0, WorkflowFailedError("timed out", has_ended=False))

    assert call()[0] == 503
    assert call()[1]["code"] == "IN_PROGRESS"


def test_an_attempt_that_found_the_cart_taken_can_be_made_again_under_its_key(
    call: Call, workflow: FakeWorkflow
) -> None:
    workflow.ends.insert(0, CheckoutOutcome(outcome="IN_PROGRESS"))

    assert call()[1]["code"] == "IN_PROGRESS"
    assert call()[0] == 201


@pytest.mark.parametrize("decision", [CheckoutStatus.COMPENSATING, CheckoutStatus.COMPLETING])
def test_what_was_decided_and_not_carried_out_is_carried_out_by_the_next_request(
    call: Call, store: CheckoutStore, checkout: Checkout, workflow: FakeWorkflow, clock: Clock, decision: CheckoutStatus
) -> None:
    store.create(checkout)
    store.decide(checkout.order_id, decision, UNDECIDED, "pi_1")
    assert call()[1]["code"] == "IN_PROGRESS"

    clock.now += RUN_SECONDS
    call()

    ((seen, _),) = workflow.runs
    assert (seen.status, seen.payment_intent_id) == (decision, "pi_1")


@pytest.mark.parametrize("decision", [CheckoutStatus.COMPENSATING, CheckoutStatus.COMPLETING])
def test_a_fault_while_it_is_carried_out_lets_the_next_request_try_again_at_once(
    call: Call, store: CheckoutStore, checkout: Checkout, workflow: FakeWorkflow, clock: Clock, decision: CheckoutStatus
) -> None:
    store.create(checkout)
    store.decide(checkout.order_id, decision, UNDECIDED, "pi_1")
    clock.now += RUN_SECONDS
    workflow.ends = [WorkflowFailedError("Stripe is away", has_ended=True), CheckoutOutcome(outcome="FAULT")]

    assert call()[1]["code"] == "CHECKOUT_UNRESOLVED"
    assert call()[1]["code"] == "CHECKOUT_FAILED"


@pytest.mark.parametrize(
    ("outcome", "status", "code"),
    [
        ("EMPTY_CART", 422, "EMPTY_CART"),
        ("PRICE_CHANGED", 409, "PRICE_CHANGED"),
        ("UNAVAILABLE", 409, "UNAVAILABLE"),
        ("OUT_OF_STOCK", 409, "OUT_OF_STOCK"),
        ("IN_PROGRESS", 409, "IN_PROGRESS"),
        ("ACCOUNT_ERASED", 410, "ACCOUNT_ERASED"),
        ("FAULT", 503, "CHECKOUT_FAILED"),
    ],
)
def test_each_outcome_without_an_order_is_its_own_problem(
    call: Call, workflow: FakeWorkflow, outcome: OutcomeCode, status: int, code: str
) -> None:
    workflow.ends = [CheckoutOutcome(outcome=outcome)]

    answer, problem = call()

    assert (answer, problem["code"]) == (status, code)


def test_3d_secure_is_confirmed_with_the_same_order(call: Call, workflow: FakeWorkflow) -> None:
    workflow.ends = [
        CheckoutOutcome(outcome="REQUIRES_ACTION", client_secret="secret"),
        CheckoutOutcome(outcome="CONFIRMED"),
    ]
    status, waiting = call()
    assert (status, waiting["status"], waiting["clientSecret"]) == (202, "REQUIRES_ACTION", "secret")

    status, placed = call(f"/api/orders/{waiting['orderId']}/confirm", key=None)

    assert (status, placed["orderId"]) == (201, waiting["orderId"])
    assert [confirming for _, confirming in workflow.runs] == [False, True]
    assert workflow.runs[1][0].status is CheckoutStatus.REQUIRES_ACTION


def test_confirming_anothers_order_is_not_found(call: Call, store: CheckoutStore, checkout: Checkout) -> None:
    store.create(checkout)

    assert call(f"/api/orders/{checkout.order_id}/confirm", user="eve")[0] == 404


def test_confirming_an_id_that_no_table_takes_is_a_validation_problem(call: Call) -> None:
    assert call(f"/api/orders/{'a' * 3000}/confirm", key=None)[0] == 422


@pytest.mark.parametrize("key", [None, "short", "k" * 129])
def test_a_missing_or_odd_key_is_a_validation_problem(call: Call, key: str | None) -> None:
    status, problem = call(key=key)

    assert (status, problem["code"]) == (422, "VALIDATION")


def test_an_address_without_a_country_is_named(call: Call) -> None:
    status, problem = call(shippingAddress={"name": "A", "line1": "B", "city": "C", "postalCode": "D"})

    assert status == 422
    assert any("country" in error["path"] for error in problem["errors"])


PORTLAND = {"name": "A", "line1": "1 Quay", "city": "Portland", "postalCode": "97201", "country": "US"}


def test_an_address_that_lacks_something_in_its_country_is_refused_by_field(call: Call, workflow: FakeWorkflow) -> None:
    status, problem = call(shippingAddress={**PORTLAND, "postalCode": "9720"})

    assert (status, problem["code"]) == (422, "VALIDATION")
    assert [error["path"] for error in problem["errors"]] == ["shippingAddress.region", "shippingAddress.postalCode"]
    assert workflow.runs == []


def test_an_address_is_completed_before_it_is_used(call: Call, workflow: FakeWorkflow) -> None:
    call(shippingAddress=PORTLAND)

    ((checkout, _),) = workflow.runs
    assert checkout.open_request.shipping_address.region == "OR"


def test_what_was_begun_is_answered_although_its_address_would_be_refused_now(
    call: Call, store: CheckoutStore, checkout: Checkout, request_of_ada: CheckoutRequest
) -> None:
    address = request_of_ada.shipping_address.model_copy(update={"postal_code": "N1"})
    begun = request_of_ada.model_copy(update={"shipping_address": address})
    fingerprint = request_fingerprint(begun)
    store.create(checkout.model_copy(update={"request": begun, "fingerprint": fingerprint}))

    status, problem = call(shippingAddress=address.model_dump(mode="json", exclude_none=True))

    assert (status, problem["code"]) == (409, "IN_PROGRESS")


def test_what_cannot_be_delivered_is_refused_with_the_reason(call: Call, workflow: FakeWorkflow) -> None:
    lines = [{"productId": "lamp", "name": "Lamp"}]
    workflow.ends = [
        CheckoutOutcome(outcome="UNDELIVERABLE", reason="GOODS_NOT_CARRIED", message="Not there.", lines=lines)
    ]

    status, problem = call()

    assert (status, problem["code"], problem["reason"]) == (422, "UNDELIVERABLE", "GOODS_NOT_CARRIED")
    assert (problem["detail"], problem["lines"]) == ("Not there.", lines)


def test_a_run_that_goes_on_belongs_to_the_request_in_which_the_checkout_began(
    call: Call, workflow: FakeWorkflow, store: CheckoutStore
) -> None:
    workflow.ends = [
        CheckoutOutcome(outcome="REQUIRES_ACTION", client_secret="secret"),
        CheckoutOutcome(outcome="CONFIRMED"),
    ]
    _, waiting = call()
    call(f"/api/orders/{waiting['orderId']}/confirm", key=None)

    begun = store.get(waiting["orderId"])
    assert begun is not None
    assert workflow.correlation_ids == [begun.correlation_id] * 2
