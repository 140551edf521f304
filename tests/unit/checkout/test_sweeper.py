"""Money that is owed comes back though nobody asks for it again."""

import io
import json
from typing import TYPE_CHECKING

import pytest

from services.checkout.compensation import CompensationSettings, Compensator
from services.checkout.domain import RUN_SECONDS, UNDECIDED, Checkout, CheckoutOutcome, CheckoutStatus
from services.checkout.store import CheckoutStore
from services.checkout.sweeper import sweep

if TYPE_CHECKING:
    from tests.unit.checkout.conftest import Clock


class Others:
    """Payment and inventory, of which payment may be away for some orders."""

    def __init__(self) -> None:
        self.away: set[str] = set()
        self.refused: set[str] = set()
        self.refunds: list[str] = []

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, object]:  # noqa: N803 - boto3's names
        order_id = json.loads(Payload)["input"].get("orderId")
        if FunctionName != "refund":
            return {"Payload": io.BytesIO(b'{"outcome": "RELEASED"}')}
        if order_id in self.away:
            return {"Payload": io.BytesIO(b"{}"), "FunctionError": "Unhandled"}
        self.refunds.append(order_id)
        answer = {"outcome": "REFUSED", "message": "Disputed."} if order_id in self.refused else {"outcome": "REFUNDED"}
        return {"Payload": io.BytesIO(json.dumps(answer).encode())}


@pytest.fixture
def others() -> Others:
    return Others()


@pytest.fixture
def compensation(store: CheckoutStore, others: Others) -> Compensator:
    settings = CompensationSettings.model_construct(refund_arn="refund", release_arn="release")
    return Compensator(store, others, settings)  # type: ignore[arg-type]


@pytest.fixture
def stuck(store: CheckoutStore, checkout: Checkout, clock: "Clock") -> list[str]:
    for order_id in ("first", "second"):
        store.create(checkout.model_copy(update={"order_id": order_id}))
        store.decide(order_id, CheckoutStatus.COMPENSATING, UNDECIDED)
        clock.now += 1
    return ["first", "second"]


def status_of(store: CheckoutStore, order_id: str) -> CheckoutStatus:
    found = store.get(order_id)
    assert found is not None
    return found.status


def test_money_that_a_dead_run_owes_goes_back(
    store: CheckoutStore, compensation: Compensator, others: Others, stuck: list[str], clock: "Clock"
) -> None:
    assert sweep(store, compensation) == 0

    clock.now += RUN_SECONDS

    assert sweep(store, compensation) == 2
    assert others.refunds == stuck
    assert {status_of(store, order_id) for order_id in stuck} == {CheckoutStatus.FAILED}
    assert sweep(store, compensation) == 0


def test_one_that_cannot_be_given_back_now_is_tried_again_and_does_not_hold_up_the_others(
    store: CheckoutStore, compensation: Compensator, others: Others, stuck: list[str], clock: "Clock"
) -> None:
    clock.now += RUN_SECONDS
    others.away = {"first"}
    with pytest.raises(RuntimeError, match="1 checkouts"):
        sweep(store, compensation)
    assert [status_of(store, order_id) for order_id in stuck] == [CheckoutStatus.COMPENSATING, CheckoutStatus.FAILED]

    others.away.clear()
    clock.now += RUN_SECONDS

    assert sweep(store, compensation) == 1
    assert status_of(store, "first") is CheckoutStatus.FAILED


def test_money_that_will_never_go_back_is_told_of_and_not_asked_for_again(
    store: CheckoutStore, compensation: Compensator, others: Others, stuck: list[str], clock: "Clock"
) -> None:
    clock.now += RUN_SECONDS
    others.refused = {"first"}
    with pytest.raises(RuntimeError):
        sweep(store, compensation)

    assert {status_of(store, order_id) for order_id in stuck} == {CheckoutStatus.FAILED}


def test_who_waits_or_has_ended_owes_nothing(
    store: CheckoutStore, compensation: Compensator, checkout: Checkout, clock: "Clock"
) -> None:
    store.create(checkout)
    store.finish(checkout, CheckoutOutcome(outcome="REQUIRES_ACTION", client_secret="secret"))
    clock.now += 10 * RUN_SECONDS

    assert sweep(store, compensation) == 0
    assert status_of(store, checkout.order_id) is CheckoutStatus.REQUIRES_ACTION
