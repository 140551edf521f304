"""The four tables: connections, conversations, proposals, allowances."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from schemas.contract import Money
from schemas.websocket import Change, Pong, Source
from services.chat.domain import Ending, ProposalState, Proposed, Role, Turn
from services.chat.history import ChatHistory
from services.chat.proposals import Proposals
from services.chat.quotas import DAY, MINUTE, Allowances, AllowanceSettings, ExhaustedError
from services.chat.websocket_connections import LONGEST_ANSWER, GoneError, Sockets
from tests.unit.chat.conftest import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
TALK, OTHER = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


@dataclass
class Gateway:
    """API Gateway's side of the connections; those that are gone answer 410."""

    gone: set[str] = field(default_factory=set)
    sent: list[tuple[str, bytes]] = field(default_factory=list)

    def post_to_connection(self, ConnectionId: str, Data: bytes) -> None:  # noqa: N803 - AWS's names
        if ConnectionId in self.gone:
            raise ClientError({"Error": {"Code": "GoneException"}}, "PostToConnection")
        self.sent.append((ConnectionId, Data))


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def sockets(dynamodb: "DynamoDBClient", gateway: Gateway, clock: Clock) -> Sockets:
    gateway_client: Any = gateway
    return Sockets(dynamodb, "Connections", gateway_client, now=clock)


def test_an_event_reaches_every_open_connection_of_its_shopper_and_forgets_those_that_are_gone(
    sockets: Sockets, gateway: Gateway
) -> None:
    for connection_id, user_id in (("a1", "ada"), ("a2", "ada"), ("b1", "bob"), ("v1", None)):
        sockets.open(connection_id, user_id)
    gateway.gone.add("a1")

    reached = sockets.send_to_user("ada", Pong())

    assert reached == 1
    assert [connection_id for connection_id, _ in gateway.sent] == ["a2"]
    assert sockets.of_user("ada") == ["a2"]
    with pytest.raises(GoneError):
        sockets.send("a1", Pong())


def test_a_connection_has_one_answer_at_a_time(sockets: Sockets) -> None:
    sockets.open("a1", "ada")

    assert sockets.begin_answer("a1", "first")
    assert not sockets.begin_answer("a1", "second")
    sockets.end_answer("a1", "second")  # not the one that holds it
    assert not sockets.begin_answer("a1", "second")
    sockets.end_answer("a1", "first")
    assert sockets.begin_answer("a1", "second")


def test_an_answer_whose_function_died_does_not_hold_its_connection_for_ever(sockets: Sockets, clock: Clock) -> None:
    sockets.open("a1", "ada")
    sockets.begin_answer("a1", "dead")

    clock.now += LONGEST_ANSWER + 1

    assert sockets.begin_answer("a1", "next")
    assert sockets.is_stopped("a1", "dead")


def test_an_answer_is_not_wanted_once_it_is_stopped_or_its_connection_gone(sockets: Sockets) -> None:
    sockets.open("a1", "ada")
    assert not sockets.stop("a1")
    sockets.begin_answer("a1", "first")
    assert not sockets.is_stopped("a1", "first")

    assert sockets.stop("a1")
    assert sockets.is_stopped("a1", "first")
    sockets.end_answer("a1", "first")
    sockets.begin_answer("a1", "second")
    assert not sockets.is_stopped("a1", "second")
    sockets.forget("a1")
    assert sockets.is_stopped("a1", "second")
    assert not sockets.begin_answer("a1", "third")


def turn(text: str, minutes: int, conversation_id: str | None = TALK, role: Role = Role.SHOPPER) -> Turn:
    return Turn(role, NOON + timedelta(minutes=minutes), text, conversation_id)


@pytest.fixture
def history(dynamodb: "DynamoDBClient") -> ChatHistory:
    return ChatHistory(dynamodb, "ChatHistory")


def test_a_conversation_is_read_back_as_it_was_with_the_events_since_its_beginning(history: ChatHistory) -> None:
    answer = Turn(
        Role.ASSISTANT,
        NOON + timedelta(minutes=2, microseconds=7),
        "Half",
        TALK,
        Ending.BROKEN,
        ["lamp"],
        [Source(number=1, title="Returns", uri="/help/returns")],
    )
    for each in (
        turn("before", 0, None, Role.EVENT),
        turn("question", 1),
        answer,
        turn("elsewhere", 3, OTHER),
        turn("shipped", 4, None, Role.EVENT),
    ):
        assert history.add("ada", each)

    turns = history.of_conversation("ada", TALK)

    assert [each.text for each in turns] == ["question", "Half", "shipped"]
    assert turns[1] == answer
    assert history.of_conversation("bob", TALK) == []
    assert len(history.all_of("ada")) == 5


def test_an_event_that_comes_twice_is_kept_once(history: ChatHistory) -> None:
    event = turn("shipped", 4, None, Role.EVENT)

    assert history.add("ada", event)
    assert not history.add("ada", event)


def test_a_shopper_is_forgotten_and_nobody_else(history: ChatHistory) -> None:
    for minute in range(30):
        history.add("ada", turn("question", minute))
    history.add("bob", turn("question", 1))

    history.forget("ada")

    assert history.all_of("ada") == []
    assert len(history.all_of("bob")) == 1


def test_a_proposal_is_its_shoppers_and_decided_once(dynamodb: "DynamoDBClient") -> None:
    proposals = Proposals(dynamodb, "Proposals")
    change = Change(change="ADD", product_id="lamp", quantity=2)
    proposed = Proposed("p1", "ada", TALK, change, Money(amount=9800), "Add it", NOON)
    proposals.put(proposed)

    assert proposals.of("p1", "ada") == proposed
    assert proposals.of("p1", "bob") is None
    assert proposals.of("p2", "ada") is None
    assert proposals.decide(proposed, ProposalState.DECLINED)
    assert not proposals.decide(proposed, ProposalState.ACCEPTED)
    found = proposals.of("p1", "ada")
    assert found is not None
    assert found.state is ProposalState.DECLINED


@pytest.fixture
def allowances(dynamodb: "DynamoDBClient", clock: Clock) -> Allowances:
    given = {"ALLOWANCES_TABLE": "Allowances", "QUESTIONS_A_MINUTE": "2", "TOKENS_A_DAY": "100"}
    return Allowances(dynamodb, AllowanceSettings.model_validate(given), now=clock)


def test_questions_are_limited_by_the_minute_and_by_whoever_asks(allowances: Allowances, clock: Clock) -> None:
    allowances.take_question("ada")
    allowances.take_question("ada")
    with pytest.raises(ExhaustedError) as exhausted:
        allowances.take_question("ada")
    allowances.take_question("bob")

    assert exhausted.value.daily is False
    assert exhausted.value.retry_after == MINUTE - clock.now % MINUTE
    clock.now += exhausted.value.retry_after
    allowances.take_question("ada")


def test_tokens_are_limited_by_the_day(allowances: Allowances, clock: Clock) -> None:
    allowances.use_tokens("ada", 99)
    allowances.take_question("ada")
    allowances.use_tokens("ada", 1)

    with pytest.raises(ExhaustedError) as exhausted:
        allowances.take_question("ada")

    assert exhausted.value.daily is True
    clock.now += DAY
    allowances.take_question("ada")
