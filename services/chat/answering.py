"""The function that answers: started by ``messages.py`` for each question, it speaks on the shopper's connection."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, Literal

from botocore.config import Config

from bus.clients import client, dynamodb
from bus.command import command
from bus.log import logger
from schemas.contract import Contract, Identifier
from schemas.websocket import (
    Card,
    ConversationId,
    Delta,
    Done,
    Failure,
    Products,
    Proposal,
    Source,
    Sources,
    Working,
)
from services.chat.assistant import SLOW_SECONDS, Assistant, ModelSettings, UnansweredError
from services.chat.domain import Answer, Ending, Role, Turn, remembered
from services.chat.history import ChatHistory, HistorySettings
from services.chat.proposals import Proposals, ProposalSettings
from services.chat.quotas import Allowances, AllowanceSettings
from services.chat.retrieval import Knowledge, KnowledgeSettings
from services.chat.shop_client import Shop, ShopSettings
from services.chat.tools import Toolbox
from services.chat.websocket_connections import GoneError, Sockets, sockets

FLUSH_SECONDS = 0.08
"""Pieces that come faster go out together: each message on the connection is a call."""
LOOK_SECONDS = 1.0
"""How often an answer looks whether it is still wanted."""


class AnswerInput(Contract):
    """A question that was taken."""

    connection_id: Identifier
    answer_id: Identifier
    conversation_id: ConversationId
    history_id: str
    allowance_id: str
    user_id: Identifier | None = None
    text: str


class Answered(Contract):
    """What became of it."""

    outcome: Literal["ANSWERED", "STOPPED", "FAILED"]


class StoppedError(Exception):
    """Nobody wants the rest of the answer."""


class Speaker:
    """Speaks on a connection, and stops where nobody listens any more.

    Parameters:
        sockets: the connections.
        given: the question.
    """

    def __init__(self, sockets: Sockets, given: AnswerInput) -> None:
        self._sockets = sockets
        self._connection_id = given.connection_id
        self._answer_id = given.answer_id
        self._conversation_id = given.conversation_id
        self._held = ""
        self._flushed = float("-inf")
        self._looked = time.monotonic()

    def working(self, tool: str) -> None:
        """Say that something is looked up."""
        self._send(Working(conversation_id=self._conversation_id, tool=tool))

    def text(self, piece: str) -> None:
        """Say the next piece, together with those that came just before."""
        self._held += piece
        if time.monotonic() - self._flushed >= FLUSH_SECONDS:
            self.flush()

    def products(self, cards: Sequence[Card]) -> None:
        """Show cards."""
        self._send(Products(conversation_id=self._conversation_id, items=list(cards)))

    def proposal(self, proposal: Proposal) -> None:
        """Ask for a decision."""
        self._send(proposal)

    def sources(self, sources: Sequence[Source]) -> None:
        """Say what the answer rests on."""
        self._send(Sources(conversation_id=self._conversation_id, items=list(sources)))

    def last(self, message: Contract) -> None:
        """Say how it ended, even if it was stopped."""
        self._post_held()
        self._sockets.send(self._connection_id, message)

    def flush(self) -> None:
        """Say what is still held."""
        if self._held:
            self._look()
            self._post_held()

    def _send(self, message: Contract) -> None:
        self.flush()
        self._look()
        self._post(message)

    def _post_held(self) -> None:
        text, self._held = self._held, ""
        if text:
            self._post(Delta(conversation_id=self._conversation_id, text=text))
            self._flushed = time.monotonic()

    def _post(self, message: Contract) -> None:
        try:
            self._sockets.send(self._connection_id, message)
        except GoneError:
            raise StoppedError from None

    def _look(self) -> None:
        if time.monotonic() - self._looked >= LOOK_SECONDS:
            self._looked = time.monotonic()
            if self._sockets.is_stopped(self._connection_id, self._answer_id):
                raise StoppedError


def _bedrock(service: str) -> Any:
    # More attempts would keep a shopper waiting in silence.
    config = Config(read_timeout=SLOW_SECONDS, retries={"mode": "standard", "total_max_attempts": 2})
    return client(service, config)


@cache
def _assistant() -> Assistant:
    knowledge = Knowledge(_bedrock("bedrock-agent-runtime"), KnowledgeSettings.load().knowledge_base_id)
    return Assistant(_bedrock("bedrock-runtime"), knowledge, ModelSettings.load())


@cache
def _history() -> ChatHistory:
    return ChatHistory(dynamodb(), HistorySettings.load().chat_history_table)


@cache
def _proposals() -> Proposals:
    return Proposals(dynamodb(), ProposalSettings.load().proposals_table)


@cache
def _allowances() -> Allowances:
    return Allowances(dynamodb(), AllowanceSettings.load())


@cache
def _shop() -> Shop:
    return Shop(client("lambda"), ShopSettings.load())


def _answer(given: AnswerInput) -> Answered:
    if sockets().is_stopped(given.connection_id, given.answer_id):
        # Lambda may start the same question twice, and a shopper may leave at once.
        return Answered(outcome="STOPPED")
    try:
        return _answered(given)
    finally:
        sockets().end_answer(given.connection_id, given.answer_id)


def _answered(given: AnswerInput) -> Answered:
    speaker, answer = Speaker(sockets(), given), Answer()
    toolbox = Toolbox(_shop(), _proposals(), speaker, user_id=given.user_id, conversation_id=given.conversation_id)
    try:
        said = remembered(_history().of_conversation(given.history_id, given.conversation_id))
        _keep(given, Turn(Role.SHOPPER, datetime.now(UTC), given.text, given.conversation_id))
        _assistant().answer(given.text, said, toolbox, speaker, answer, signed_in=given.user_id is not None)
        speaker.flush()
    except StoppedError:
        answer.ending = Ending.STOPPED
    except UnansweredError as unanswered:
        return _failed(given, speaker, answer, unanswered)
    except Exception:  # noqa: BLE001 - whatever went wrong, the shopper is told and the conversation goes on
        logger.exception("question not answered")
        sorry = UnansweredError("INTERNAL", "Something went wrong on our side. Please try again.", 500)
        return _failed(given, speaker, answer, sorry)
    _keep_answer(given, answer)
    stopped = answer.ending is Ending.STOPPED
    done = Done(conversation_id=given.conversation_id, usage=answer.usage, model=_model(), stopped=stopped)
    _say_last(given, speaker, done)
    return Answered(outcome="STOPPED" if stopped else "ANSWERED")


def _failed(given: AnswerInput, speaker: Speaker, answer: Answer, unanswered: UnansweredError) -> Answered:
    answer.ending = Ending.BROKEN
    _keep_answer(given, answer)
    failure = Failure(
        conversation_id=given.conversation_id,
        code=unanswered.code,
        message=str(unanswered),
        status=unanswered.status,
    )
    _say_last(given, speaker, failure)
    return Answered(outcome="FAILED")


def _keep_answer(given: AnswerInput, answer: Answer) -> None:
    _allowances().use_tokens(given.allowance_id, answer.usage.total)
    if not answer.text:
        return
    turn = Turn(
        Role.ASSISTANT,
        datetime.now(UTC),
        answer.text,
        given.conversation_id,
        answer.ending,
        answer.product_ids,
        answer.sources,
    )
    _keep(given, turn)


def _keep(given: AnswerInput, turn: Turn) -> None:
    _history().add(given.history_id, turn)


def _say_last(given: AnswerInput, speaker: Speaker, message: Contract) -> None:
    # Before the shopper reads that it is over: the next question may follow at once.
    sockets().end_answer(given.connection_id, given.answer_id)
    try:
        speaker.last(message)
    except (GoneError, StoppedError):
        logger.info("the shopper has gone before the end of the answer")


def _model() -> str:
    return ModelSettings.load().model_id


answer = command(_answer, AnswerInput)
