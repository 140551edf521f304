"""How a run of the state machine ends where its recovery was at work at the same time."""

from collections.abc import Callable
from typing import Any

import pytest

from services.checkout import commands
from services.checkout.domain import UNDECIDED, Checkout, CheckoutOutcome, CheckoutStatus
from services.checkout.store import CheckoutStore

REQUIRES_ACTION = CheckoutOutcome(outcome="REQUIRES_ACTION", client_secret="secret")
Invoke = Callable[..., dict[str, Any]]


class OvertakenStore(CheckoutStore):
    """Lets somebody else act between the reading of a checkout and the next write to it."""

    def __init__(self, store: CheckoutStore, act: Callable[[], object]) -> None:
        self.__dict__.update(store.__dict__)
        self._act: Callable[[], object] | None = act

    def finish(self, seen: Checkout, outcome: CheckoutOutcome, *, answered: bool = True) -> bool:
        if self._act:
            act, self._act = self._act, None
            act()
        return super().finish(seen, outcome, answered=answered)


@pytest.fixture
def finish(store: CheckoutStore, checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    store.create(checkout)

    def finish(outcome: CheckoutOutcome, overtaking: Callable[[], object] = lambda: None) -> dict[str, Any]:
        monkeypatch.setattr(commands, "store", lambda: OvertakenStore(store, overtaking))
        given = {"orderId": checkout.order_id, "outcome": outcome.model_dump(mode="json", exclude_none=True)}
        return commands.finish({"context": {"correlationId": "the-request"}, "input": given}, None)

    return finish


def status_of(store: CheckoutStore, checkout: Checkout) -> CheckoutStatus:
    found = store.get(checkout.order_id)
    assert found is not None
    return found.status


@pytest.mark.parametrize(
    "outcome", [REQUIRES_ACTION, CheckoutOutcome(outcome="DECLINED"), CheckoutOutcome(outcome="CONFIRMED")]
)
def test_a_checkout_that_is_being_completed_ends_as_an_order_whatever_the_run_found(
    finish: Invoke, store: CheckoutStore, checkout: Checkout, outcome: CheckoutOutcome
) -> None:
    store.decide(checkout.order_id, CheckoutStatus.COMPLETING, UNDECIDED)

    end = finish(outcome)

    assert (end["outcome"], end["total"]["amount"]) == ("CONFIRMED", 5499)
    assert status_of(store, checkout) is CheckoutStatus.COMPLETED


@pytest.mark.parametrize(
    ("outcome", "answered"), [("CONFIRMED", "FAULT"), ("REQUIRES_ACTION", "FAULT"), ("OUT_OF_STOCK", "OUT_OF_STOCK")]
)
def test_a_checkout_whose_money_goes_back_ends_without_an_order(
    finish: Invoke, store: CheckoutStore, checkout: Checkout, outcome: Any, answered: str
) -> None:
    store.decide(checkout.order_id, CheckoutStatus.COMPENSATING, UNDECIDED)

    assert finish(CheckoutOutcome(outcome=outcome))["outcome"] == answered
    assert status_of(store, checkout) is CheckoutStatus.FAILED


def test_a_decision_that_is_taken_while_the_run_ends_is_heeded(
    finish: Invoke, store: CheckoutStore, checkout: Checkout
) -> None:
    end = finish(REQUIRES_ACTION, lambda: store.decide(checkout.order_id, CheckoutStatus.COMPLETING, UNDECIDED))

    assert end["outcome"] == "CONFIRMED"
    assert status_of(store, checkout) is CheckoutStatus.COMPLETED


def test_a_run_that_hands_over_what_it_has_written_is_ended_without_reading(
    store: CheckoutStore, checkout: Checkout, dynamodb: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "store", lambda: store)
    store.create(checkout)
    store.decide(checkout.order_id, CheckoutStatus.COMPLETING, UNDECIDED)
    seen = dynamodb.get_item(TableName="Checkouts", Key={"orderId": {"S": checkout.order_id}})["Item"]
    monkeypatch.setattr(store, "get", lambda _order_id: pytest.fail("it was read"))
    given = {"orderId": checkout.order_id, "outcome": {"outcome": "CONFIRMED"}, "seen": seen}

    end = commands.finish({"context": {"correlationId": "the-request"}, "input": given}, None)

    monkeypatch.undo()
    assert end["outcome"] == "CONFIRMED"
    assert status_of(store, checkout) is CheckoutStatus.COMPLETED


def test_a_run_that_ends_twice_answers_the_same(finish: Invoke, store: CheckoutStore, checkout: Checkout) -> None:
    declined = CheckoutOutcome(outcome="DECLINED", decline_code="expired_card", message="Expired.")

    assert finish(declined) == finish(CheckoutOutcome(outcome="CONFIRMED"))
    assert status_of(store, checkout) is CheckoutStatus.FAILED


def test_only_an_undecided_run_may_give_the_money_back(
    store: CheckoutStore, checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(commands, "store", lambda: store)
    store.create(checkout)
    event = {"context": {"correlationId": "the-request"}, "input": {"orderId": checkout.order_id}}

    assert commands.compensate(event, None) == {"outcome": "COMPENSATING"}
    assert commands.compensate(event, None) == {"outcome": "COMPENSATING"}
    store.finish(checkout.model_copy(update={"status": CheckoutStatus.COMPENSATING}), CheckoutOutcome(outcome="FAULT"))
    assert commands.compensate(event, None) == {"outcome": "FAULT"}
