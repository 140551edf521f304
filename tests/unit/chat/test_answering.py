"""One question from its start to its end: what is sent on the connection, and what is kept."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from bus.erased_users import ErasedUsers
from schemas.websocket import Source
from services.chat import answering
from services.chat.assistant import AnswerFailedError
from services.chat.domain import AnswerDraft, Ending
from services.chat.history import ConversationStore
from services.chat.proposals import ProposalStore
from services.chat.quotas import Quotas, QuotaSettings
from services.chat.websocket_connections import ConnectionClosedError, WebSocketConnections
from tests.unit.chat.scripted import OneLamp
from tests.unit.erased import erase

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TALK = "00000000-0000-4000-8000-000000000001"
GIVEN = {
    "connectionId": "a1",
    "answerId": "first",
    "conversationId": TALK,
    "historyId": "ada",
    "quotaId": "ada",
    "userId": "ada",
    "text": "How long?",
}


@dataclass
class Room:
    """The chat of a test: its tables, and what was sent."""

    connections: WebSocketConnections
    history: ConversationStore
    quotas: Quotas
    sent: list[dict[str, Any]] = field(default_factory=list)
    gone: bool = False
    closed: list[str] = field(default_factory=list)
    held_at_the_end: list[bool] = field(default_factory=list)

    def post_to_connection(self, ConnectionId: str, Data: bytes) -> None:  # noqa: N803 - AWS's names
        if self.gone:
            raise ConnectionClosedError(ConnectionId)
        self.sent.append(json.loads(Data))
        if self.sent[-1]["type"] in ("done", "error"):
            self.held_at_the_end.append(not self.connections.begin_answer("a1", "next"))

    def delete_connection(self, ConnectionId: str) -> None:  # noqa: N803 - AWS's names
        self.closed.append(ConnectionId)

    def answer(self) -> str:
        outcome = answering.answer({"context": {"correlationId": "request"}, "input": GIVEN}, None)
        return str(outcome["outcome"])

    def kept(self) -> list[tuple[str, Ending]]:
        return [(turn.text, turn.ending) for turn in self.history.list_all("ada")]


Say = Callable[[Any, AnswerDraft], None]


@dataclass
class Says:
    """An assistant that does what a test says."""

    say: Say

    def answer(
        self, question: str, history: Sequence[Any], toolbox: Any, sink: Any, draft: AnswerDraft, *, signed_in: bool
    ) -> None:
        self.say(sink, draft)


@pytest.fixture
def room(dynamodb: "DynamoDBClient", erased_users: ErasedUsers, monkeypatch: pytest.MonkeyPatch) -> Room:
    given = {"ALLOWANCES_TABLE": "Allowances", "QUESTIONS_A_MINUTE": "10", "TOKENS_A_DAY": "100"}
    quotas = Quotas(dynamodb, QuotaSettings.model_validate(given))
    history = ConversationStore(dynamodb, "ChatHistory", lambda: erased_users)
    gateway: Any = None
    room = Room(WebSocketConnections(dynamodb, "Connections", gateway, lambda: erased_users), history, quotas)
    room.connections = WebSocketConnections(dynamodb, "Connections", room, lambda: erased_users)  # type: ignore[arg-type]
    room.connections.add("a1", "ada")
    room.connections.begin_answer("a1", "first")
    monkeypatch.setattr(answering, "connections", lambda: room.connections)
    monkeypatch.setattr(answering, "conversations", lambda: history)
    monkeypatch.setattr(answering, "proposals", lambda: ProposalStore(dynamodb, "Proposals", lambda: erased_users))
    monkeypatch.setattr(answering, "quotas", lambda: quotas)
    monkeypatch.setattr(answering, "shop", OneLamp)
    monkeypatch.setattr(answering, "_model_id", lambda: "a-model")
    return room


@pytest.fixture
def let(monkeypatch: pytest.MonkeyPatch) -> Callable[[Say], None]:
    """Let the assistant do something."""
    return lambda say: monkeypatch.setattr(answering, "assistant", lambda: Says(say))


def speak(sink: Any, answer: AnswerDraft, *pieces: str) -> None:
    for piece in pieces:
        answer.text += piece
        sink.send_text(piece)


def test_a_whole_answer_is_sent_kept_and_counted(room: Room, let: Callable[[Say], None]) -> None:
    def whole(sink: Any, answer: AnswerDraft) -> None:
        speak(sink, answer, "Within ", "30 ", "days. [1]")
        answer.sources = [Source(number=1, title="Returns", uri="/help/returns")]
        sink.send_sources(answer.sources)
        answer.usage = answer.usage.model_copy(update={"input_tokens": 90, "output_tokens": 10})
        answer.ending = Ending.WHOLE

    let(whole)

    assert room.answer() == "ANSWERED"
    assert "".join(message["text"] for message in room.sent if message["type"] == "delta") == "Within 30 days. [1]"
    assert [message["type"] for message in room.sent][-2:] == ["sources", "done"]
    assert room.sent[-1]["model"] == "a-model"
    assert room.kept() == [("How long?", Ending.WHOLE), ("Within 30 days. [1]", Ending.WHOLE)]
    # The next question is taken as soon as the shopper knows that this answer is over.
    assert room.held_at_the_end == [False]
    with pytest.raises(Exception, match="again in"):
        room.quotas.consume_question("ada")


def test_a_broken_answer_is_told_and_kept_as_broken(room: Room, let: Callable[[Say], None]) -> None:
    def breaks(sink: Any, answer: AnswerDraft) -> None:
        speak(sink, answer, "Within 3")
        raise AnswerFailedError("BROKEN", "The answer broke off.", 502)

    let(breaks)

    assert room.answer() == "FAILED"
    assert room.sent[-1]["code"] == "BROKEN"
    assert room.kept()[-1] == ("Within 3", Ending.BROKEN)
    assert room.held_at_the_end == [False]


def test_a_fault_of_ours_is_told_without_its_reason(room: Room, let: Callable[[Say], None]) -> None:
    def fails(sink: Any, answer: AnswerDraft) -> None:
        raise ValueError("a secret of ours")

    let(fails)

    assert room.answer() == "FAILED"
    assert room.sent[-1]["code"] == "INTERNAL"
    assert "secret" not in json.dumps(room.sent)
    assert room.kept() == [("How long?", Ending.WHOLE)]


def test_a_shopper_who_leaves_stops_the_answer(room: Room, let: Callable[[Say], None]) -> None:
    def talks(sink: Any, answer: AnswerDraft) -> None:
        room.gone = True
        speak(sink, answer, "Within 30 days.")
        answer.ending = Ending.WHOLE
        sink.send_working("search_products")

    let(talks)

    assert room.answer() == "STOPPED"
    assert room.kept()[-1] == ("Within 30 days.", Ending.STOPPED)


def test_a_question_that_is_started_twice_is_answered_once(room: Room, let: Callable[[Say], None]) -> None:
    def whole(sink: Any, answer: AnswerDraft) -> None:
        speak(sink, answer, "Yes.")
        answer.ending = Ending.WHOLE

    let(whole)
    room.answer()
    room.connections.end_answer("a1", "next")
    sent = len(room.sent)

    assert room.answer() == "STOPPED"
    assert len(room.sent) == sent


def test_a_shopper_who_is_erased_before_the_answer_leaves_neither_question_nor_answer(
    room: Room, let: Callable[[Say], None], dynamodb: "DynamoDBClient"
) -> None:
    erase(dynamodb, "ada")
    let(lambda sink, answer: pytest.fail("nobody asks any more"))

    assert room.answer() == "STOPPED"
    assert (room.kept(), room.sent, room.closed) == ([], [], ["a1"])


def test_a_shopper_who_is_erased_during_the_answer_leaves_no_answer(
    room: Room, let: Callable[[Say], None], dynamodb: "DynamoDBClient"
) -> None:
    def last_words(sink: Any, answer: AnswerDraft) -> None:
        speak(sink, answer, "Within 30 days.")
        erase(dynamodb, "ada")

    let(last_words)

    assert room.answer() == "STOPPED"
    assert [text for text, _ in room.kept()] == ["How long?"]  # UserDeleted, which follows, deletes it
    assert room.closed == ["a1"]
