"""The four tables: connections, conversations, proposals, quotas."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from bus.erased_users import ErasedUsers
from schemas.contract import Money
from schemas.websocket import Change, Pong, Source
from services.chat.domain import (
    CartProposal,
    ConversationTurn,
    Ending,
    ProposalState,
    Role,
    ShopperErasedError,
)
from services.chat.history import ConversationStore
from services.chat.proposals import ProposalStore
from services.chat.quotas import DAY, MINUTE, QuotaExceededError, Quotas, QuotaSettings
from services.chat.websocket_connections import ANSWER_LEASE_SECONDS, ConnectionClosedError, WebSocketConnections
from tests.unit.chat.conftest import Clock
from tests.unit.erased import erase

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
TALK, OTHER = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002"


@dataclass
class Gateway:
    """API Gateway's side of the connections; those that are gone answer 410."""

    gone: set[str] = field(default_factory=set)
    sent: list[tuple[str, bytes]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    def post_to_connection(self, ConnectionId: str, Data: bytes) -> None:  # noqa: N803 - AWS's names
        if ConnectionId in self.gone:
            raise ClientError({"Error": {"Code": "GoneException"}}, "PostToConnection")
        self.sent.append((ConnectionId, Data))

    def delete_connection(self, ConnectionId: str) -> None:  # noqa: N803 - AWS's names
        if ConnectionId in self.gone:
            raise ClientError({"Error": {"Code": "GoneException"}}, "DeleteConnection")
        self.closed.append(ConnectionId)


@pytest.fixture
def gateway() -> Gateway:
    return Gateway()


@pytest.fixture
def connections(
    dynamodb: "DynamoDBClient", gateway: Gateway, erased_users: ErasedUsers, clock: Clock
) -> WebSocketConnections:
    gateway_client: Any = gateway
    return WebSocketConnections(dynamodb, "Connections", gateway_client, lambda: erased_users, now=clock)


def test_an_event_reaches_every_open_connection_of_its_shopper_and_forgets_those_that_are_gone(
    connections: WebSocketConnections, gateway: Gateway
) -> None:
    for connection_id, user_id in (("a1", "ada"), ("a2", "ada"), ("b1", "bob"), ("v1", None)):
        connections.add(connection_id, user_id)
    gateway.gone.add("a1")

    reached = connections.send_to_user("ada", Pong())

    assert reached == 1
    assert [connection_id for connection_id, _ in gateway.sent] == ["a2"]
    assert connections.ids_of_user("ada") == ["a2"]
    with pytest.raises(ConnectionClosedError):
        connections.send("a1", Pong())


def test_a_connection_has_one_answer_at_a_time(connections: WebSocketConnections) -> None:
    connections.add("a1", "ada")

    assert connections.begin_answer("a1", "first")
    assert not connections.begin_answer("a1", "second")
    connections.end_answer("a1", "second")  # not the one that holds it
    assert not connections.begin_answer("a1", "second")
    connections.end_answer("a1", "first")
    assert connections.begin_answer("a1", "second")


def test_an_answer_whose_function_died_does_not_hold_its_connection_for_ever(
    connections: WebSocketConnections, clock: Clock
) -> None:
    connections.add("a1", "ada")
    connections.begin_answer("a1", "dead")

    clock.now += ANSWER_LEASE_SECONDS + 1

    assert connections.begin_answer("a1", "next")
    assert connections.is_stopped("a1", "dead")


def test_an_answer_is_not_wanted_once_it_is_stopped_or_its_connection_gone(connections: WebSocketConnections) -> None:
    connections.add("a1", "ada")
    assert not connections.stop_answer("a1")
    connections.begin_answer("a1", "first")
    assert not connections.is_stopped("a1", "first")

    assert connections.stop_answer("a1")
    assert connections.is_stopped("a1", "first")
    connections.end_answer("a1", "first")
    connections.begin_answer("a1", "second")
    assert not connections.is_stopped("a1", "second")
    connections.remove("a1")
    assert connections.is_stopped("a1", "second")
    assert not connections.begin_answer("a1", "third")


def turn(text: str, minutes: int, conversation_id: str | None = TALK, role: Role = Role.SHOPPER) -> ConversationTurn:
    return ConversationTurn(role, NOON + timedelta(minutes=minutes), text, conversation_id)


@pytest.fixture
def history(dynamodb: "DynamoDBClient", erased_users: ErasedUsers) -> ConversationStore:
    return ConversationStore(dynamodb, "ChatHistory", lambda: erased_users)


def test_a_conversation_is_read_back_as_it_was_with_the_events_since_its_beginning(history: ConversationStore) -> None:
    answer = ConversationTurn(
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

    turns = history.list_conversation("ada", TALK)

    assert [each.text for each in turns] == ["question", "Half", "shipped"]
    assert turns[1] == answer
    assert history.list_conversation("bob", TALK) == []
    assert len(history.list_all("ada")) == 5


def test_an_event_that_comes_twice_is_kept_once(history: ConversationStore) -> None:
    event = turn("shipped", 4, None, Role.EVENT)

    assert history.add("ada", event)
    assert not history.add("ada", event)


def test_a_shopper_is_forgotten_and_nobody_else(history: ConversationStore) -> None:
    for minute in range(30):
        history.add("ada", turn("question", minute))
    history.add("bob", turn("question", 1))

    history.delete_all("ada")

    assert history.list_all("ada") == []
    assert len(history.list_all("bob")) == 1


@pytest.fixture
def proposals(dynamodb: "DynamoDBClient", erased_users: ErasedUsers) -> ProposalStore:
    return ProposalStore(dynamodb, "Proposals", lambda: erased_users)


def test_nothing_is_stored_under_the_id_of_an_erased_shopper(
    dynamodb: "DynamoDBClient", connections: WebSocketConnections, history: ConversationStore, proposals: ProposalStore
) -> None:
    erase(dynamodb, "ada")

    with pytest.raises(ShopperErasedError):
        connections.add("a1", "ada")
    with pytest.raises(ShopperErasedError):
        history.add("ada", turn("question", 1))
    with pytest.raises(ShopperErasedError):
        proposals.add(
            CartProposal(
                "p1", "ada", TALK, Change(change="ADD", product_id="lamp", quantity=2), Money(amount=1), "Add it", NOON
            )
        )

    stored = [dynamodb.scan(TableName=name)["Items"] for name in ("Connections", "ChatHistory", "Proposals")]
    assert stored == [[], [], []]
    assert history.add("bob", turn("question", 1))


def test_a_connection_is_closed_once_and_that_it_is_gone_already_does_no_harm(
    connections: WebSocketConnections, gateway: Gateway
) -> None:
    connections.add("a1", "ada")
    connections.add("a2", "ada")
    gateway.gone.add("a2")

    for connection_id in ("a1", "a2"):
        connections.close(connection_id)

    assert gateway.closed == ["a1"]
    assert connections.ids_of_user("ada") == []


def test_a_proposal_is_its_shoppers_and_decided_once(proposals: ProposalStore) -> None:
    change = Change(change="ADD", product_id="lamp", quantity=2)
    proposed = CartProposal("p1", "ada", TALK, change, Money(amount=9800), "Add it", NOON)
    proposals.add(proposed)

    assert proposals.get("p1", "ada") == proposed
    assert proposals.get("p1", "bob") is None
    assert proposals.get("p2", "ada") is None
    assert proposals.decide(proposed, ProposalState.DECLINED)
    assert not proposals.decide(proposed, ProposalState.ACCEPTED)
    found = proposals.get("p1", "ada")
    assert found is not None
    assert found.state is ProposalState.DECLINED


@pytest.fixture
def quotas(dynamodb: "DynamoDBClient", clock: Clock) -> Quotas:
    given = {"ALLOWANCES_TABLE": "Allowances", "QUESTIONS_A_MINUTE": "2", "TOKENS_A_DAY": "100"}
    return Quotas(dynamodb, QuotaSettings.model_validate(given), now=clock)


def test_questions_are_limited_by_the_minute_and_by_whoever_asks(quotas: Quotas, clock: Clock) -> None:
    quotas.consume_question("ada")
    quotas.consume_question("ada")
    with pytest.raises(QuotaExceededError) as exhausted:
        quotas.consume_question("ada")
    quotas.consume_question("bob")

    assert exhausted.value.daily is False
    assert exhausted.value.retry_after == MINUTE - clock.now % MINUTE
    clock.now += exhausted.value.retry_after
    quotas.consume_question("ada")


def test_tokens_are_limited_by_the_day(quotas: Quotas, clock: Clock) -> None:
    quotas.consume_tokens("ada", 99)
    quotas.consume_question("ada")
    quotas.consume_tokens("ada", 1)

    with pytest.raises(QuotaExceededError) as exhausted:
        quotas.consume_question("ada")

    assert exhausted.value.daily is True
    clock.now += DAY
    quotas.consume_question("ada")
