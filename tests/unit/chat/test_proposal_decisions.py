"""A proposal changes the cart once, if its shopper wants it, in time, and at the price it named."""

from datetime import UTC, datetime, timedelta

import pytest

from bus.invocation import CommandFailedError
from schemas.contract import Money
from schemas.websocket import Change, Confirm, Failure, Outcome
from services.chat.domain import CartProposal, ProposalState
from services.chat.proposal_decisions import ProposalDecisions
from services.chat.proposals import ProposalStore
from services.chat.shop_client import CartChangeResult
from tests.unit.chat.scripted import OneLamp

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
TALK = "00000000-0000-4000-8000-000000000001"


class One(ProposalStore):
    """One proposal to Ada."""

    def __init__(self) -> None:
        change = Change(change="ADD", product_id="lamp", quantity=2)
        until = NOON + timedelta(minutes=15)
        self.proposed = CartProposal("p1", "ada", TALK, change, Money(amount=9800), "Add it", until)
        self.state = ProposalState.PROPOSED

    def get(self, proposal_id: str, user_id: str) -> CartProposal | None:
        return self.proposed if (proposal_id, user_id) == ("p1", "ada") else None

    def decide(self, proposal: CartProposal, state: ProposalState) -> bool:
        undecided, self.state = self.state is ProposalState.PROPOSED, state
        return undecided


@pytest.fixture
def shop() -> OneLamp:
    return OneLamp()


def decide(
    shop: OneLamp, *, accept: bool = True, user_id: str = "ada", now: datetime = NOON, proposals: One | None = None
) -> Outcome | Failure:
    decisions = ProposalDecisions(proposals or One(), shop, now=lambda: now)
    return decisions.decide(Confirm(action="confirm", proposal_id="p1", accept=accept), user_id)


def test_a_yes_changes_the_cart_and_a_second_one_does_not(shop: OneLamp) -> None:
    proposals = One()

    first, second = decide(shop, proposals=proposals), decide(shop, proposals=proposals)

    assert isinstance(first, Outcome)
    assert first.status == "ACCEPTED"
    assert isinstance(second, Failure)
    assert second.code == "DECIDED"
    assert shop.cart_changes == [Change(change="ADD", product_id="lamp", quantity=2)]


def test_a_no_and_somebody_elses_yes_and_a_late_yes_change_nothing(shop: OneLamp) -> None:
    declined = decide(shop, accept=False)
    foreign = decide(shop, user_id="bob")
    late = decide(shop, now=NOON + timedelta(minutes=15))

    assert isinstance(declined, Outcome)
    assert declined.status == "DECLINED"
    assert isinstance(foreign, Failure)
    assert foreign.code == "NOT_FOUND"
    assert isinstance(late, Outcome)
    assert late.status == "EXPIRED"
    assert shop.cart_changes == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (CartChangeResult(outcome="REFUSED", code="OUT_OF_STOCK", limit=1), "only 1"),
        (CartChangeResult(outcome="REFUSED", code="QUANTITY_LIMIT", limit=99), "at most 99"),
        (CartChangeResult(outcome="REFUSED", code="CART_FULL", limit=50), "at most 50"),
        (CartChangeResult(outcome="REFUSED", code="PRICE_CHANGED", price=Money(amount=10100)), "$101.00"),
        (CartChangeResult(outcome="REFUSED", code="UNKNOWN_PRODUCT"), "no longer on sale"),
    ],
)
def test_a_refusal_of_the_cart_is_told(shop: OneLamp, answer: CartChangeResult, words: str) -> None:
    shop.cart_answer = answer

    outcome = decide(shop)

    assert isinstance(outcome, Outcome)
    assert (outcome.status, outcome.code) == ("REFUSED", answer.code)
    assert words in outcome.message


def test_where_the_cart_does_not_answer_the_shopper_is_told_to_look(shop: OneLamp) -> None:
    shop.failure = CommandFailedError("lost")

    failure = decide(shop)

    assert isinstance(failure, Failure)
    assert failure.code == "UNCERTAIN"
