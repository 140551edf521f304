"""The function that answers a question. ``messages.py`` starts it, and it writes to the shopper's connection."""

from datetime import UTC, datetime
from typing import Literal

from bus.command import command
from bus.log import logger
from schemas.contract import Contract, Identifier
from schemas.websocket import ConversationId, Done, Failure
from services.chat.assistant import AnswerFailedError, ModelSettings
from services.chat.dependencies import assistant, connections, conversations, proposals, quotas, shop
from services.chat.domain import (
    AnswerDraft,
    ConversationTurn,
    Ending,
    Role,
    ShopperErasedError,
    prompt_history,
)
from services.chat.socket_writer import AnswerStoppedError, SocketWriter
from services.chat.tools import Toolbox
from services.chat.websocket_connections import ConnectionClosedError


class AnswerInput(Contract):
    """An accepted question."""

    connection_id: Identifier
    answer_id: Identifier
    conversation_id: ConversationId
    history_id: str
    quota_id: str
    user_id: Identifier | None = None
    text: str


class AnswerOutput(Contract):
    """How the answer ended."""

    outcome: Literal["ANSWERED", "STOPPED", "FAILED"]


def _answer(question: AnswerInput) -> AnswerOutput:
    if connections().is_stopped(question.connection_id, question.answer_id):
        # Lambda may start a question twice, and a shopper may leave at once.
        return AnswerOutput(outcome="STOPPED")
    try:
        return _answer_claimed(question)
    except ShopperErasedError:
        logger.info("the shopper was erased meanwhile")
        connections().close(question.connection_id)
        return AnswerOutput(outcome="STOPPED")
    finally:
        connections().end_answer(question.connection_id, question.answer_id)


def _answer_claimed(question: AnswerInput) -> AnswerOutput:
    writer = SocketWriter(
        connections(),
        connection_id=question.connection_id,
        answer_id=question.answer_id,
        conversation_id=question.conversation_id,
    )
    draft = AnswerDraft()
    toolbox = Toolbox(shop(), proposals(), writer, user_id=question.user_id, conversation_id=question.conversation_id)
    try:
        history = prompt_history(conversations().list_conversation(question.history_id, question.conversation_id))
        _store(question, ConversationTurn(Role.SHOPPER, datetime.now(UTC), question.text, question.conversation_id))
        signed_in = question.user_id is not None
        assistant().answer(question.text, history, toolbox, writer, draft, signed_in=signed_in)
        writer.flush()
    except AnswerStoppedError:
        draft.ending = Ending.STOPPED
    except ShopperErasedError:
        raise
    except AnswerFailedError as failed:
        return _fail(question, writer, draft, failed)
    except Exception:  # noqa: BLE001 - the shopper is informed of every failure, and the conversation continues
        logger.exception("question not answered")
        internal = AnswerFailedError("INTERNAL", "Something went wrong on our side. Please try again.", 500)
        return _fail(question, writer, draft, internal)
    _store_answer(question, draft)
    stopped = draft.ending is Ending.STOPPED
    done = Done(conversation_id=question.conversation_id, usage=draft.usage, model=_model_id(), stopped=stopped)
    _send_last(question, writer, done)
    return AnswerOutput(outcome="STOPPED" if stopped else "ANSWERED")


def _fail(question: AnswerInput, writer: SocketWriter, draft: AnswerDraft, failed: AnswerFailedError) -> AnswerOutput:
    draft.ending = Ending.BROKEN
    _store_answer(question, draft)
    failure = Failure(
        conversation_id=question.conversation_id,
        code=failed.code,
        message=str(failed),
        status=failed.status,
    )
    _send_last(question, writer, failure)
    return AnswerOutput(outcome="FAILED")


def _store_answer(question: AnswerInput, draft: AnswerDraft) -> None:
    quotas().consume_tokens(question.quota_id, draft.usage.total)
    if not draft.text:
        return
    turn = ConversationTurn(
        Role.ASSISTANT,
        datetime.now(UTC),
        draft.text,
        question.conversation_id,
        draft.ending,
        draft.product_ids,
        draft.sources,
    )
    _store(question, turn)


def _store(question: AnswerInput, turn: ConversationTurn) -> None:
    conversations().add(question.history_id, turn)


def _send_last(question: AnswerInput, writer: SocketWriter, message: Contract) -> None:
    # Released before the shopper reads that the answer is over, as the next question may follow at once.
    connections().end_answer(question.connection_id, question.answer_id)
    try:
        writer.send_last(message)
    except (ConnectionClosedError, AnswerStoppedError):
        logger.info("the shopper has gone before the end of the answer")


def _model_id() -> str:
    return ModelSettings.load().model_id


answer = command(_answer, AnswerInput)
