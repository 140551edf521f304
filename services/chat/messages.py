"""Takes what a shopper sends: questions, decisions, stops, and requests for the history.

A question is only taken here and answered by ``answering.py``, which is started for it: API Gateway waits half a
minute for a route, and a shopper who wants to stop an answer must be heard while it is given.
"""

from functools import cache
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from bus.clients import client, dynamodb
from bus.context import Context, use_context
from bus.invocation import start_command
from bus.log import logger
from bus.settings import Settings
from schemas.contract import Contract
from schemas.websocket import (
    Confirm,
    Failure,
    History,
    ReadHistory,
    SendMessage,
    Stop,
    Working,
    incoming,
)
from schemas.websocket import Turn as ToldTurn
from services.chat.chat_user import Caller
from services.chat.domain import Ending, Role
from services.chat.history import ChatHistory, HistorySettings
from services.chat.proposal_decisions import Confirming
from services.chat.proposals import Proposals, ProposalSettings
from services.chat.quotas import Allowances, AllowanceSettings, ExhaustedError
from services.chat.shop_client import Shop, ShopSettings
from services.chat.websocket_connections import GoneError, sockets

ACCEPTED = {"statusCode": 200}


class AnsweringSettings(Settings):
    """The function that answers."""

    answer_arn: str


class Refusal(Exception):  # noqa: N818 - an answer to the shopper
    """What the shopper is told instead of an answer."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.failure = Failure(code=code, message=message, status=status, retry_after_seconds=retry_after)


@cache
def _allowances() -> Allowances:
    return Allowances(dynamodb(), AllowanceSettings.load())


@cache
def _history() -> ChatHistory:
    return ChatHistory(dynamodb(), HistorySettings.load().chat_history_table)


@cache
def _shop() -> Shop:
    return Shop(client("lambda"), ShopSettings.load())


@cache
def _confirming() -> Confirming:
    return Confirming(Proposals(dynamodb(), ProposalSettings.load().proposals_table), _shop())


def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Serve the routes ``sendMessage``, ``confirm``, ``stop`` and ``history`` (the Lambda entry)."""
    request = event["requestContext"]
    with use_context(Context.begin()):
        try:
            answer = _served(request["connectionId"], Caller.of(request), event.get("body") or "")
        except Refusal as refusal:
            answer = refusal.failure
        except Exception:  # noqa: BLE001 - a shopper is answered whatever went wrong
            logger.exception("message not served")
            answer = Failure(code="INTERNAL", message="Something went wrong on our side. Please try again.", status=500)
        try:
            if answer:
                sockets().send(request["connectionId"], answer)
        except GoneError:
            logger.info("the connection is gone")
    return ACCEPTED


def _served(connection_id: str, caller: Caller, body: str) -> Contract | None:
    if caller.has_expired():
        raise Refusal(401, "SIGN_IN_EXPIRED", "Your sign-in has expired. Connect again with a fresh token.")
    try:
        message = incoming.validate_json(body)
    except ValidationError as error:
        raise Refusal(422, "VALIDATION", _complaint(error)) from None
    match message:
        case SendMessage():
            return _taken(connection_id, caller, message)
        case Confirm():
            if caller.user_id is None:
                raise Refusal(401, "SIGN_IN", "Please sign in to change your cart.")
            return _confirming().decide(message, caller.user_id)
        case Stop():
            sockets().stop(connection_id)
            return None
        case ReadHistory():
            return _told(caller, message.conversation_id)
    return None


def _taken(connection_id: str, caller: Caller, message: SendMessage) -> Working:
    """Take a question and start its answer; raises Refusal."""
    conversation_id = message.conversation_id or str(uuid4())
    answer_id = str(uuid4())
    if not sockets().begin_answer(connection_id, answer_id):
        raise Refusal(409, "BUSY_ANSWERING", "One moment, the last question is still being answered.")
    try:
        _allowances().take_question(caller.allowance_id)
        given = {
            "connectionId": connection_id,
            "answerId": answer_id,
            "conversationId": conversation_id,
            "historyId": caller.history_id(conversation_id),
            "allowanceId": caller.allowance_id,
            "userId": caller.user_id,
            "text": message.text,
        }
        start_command(client("lambda"), AnsweringSettings.load().answer_arn, given)
    except ExhaustedError as exhausted:
        sockets().end_answer(connection_id, answer_id)
        raise _exhausted(exhausted) from None
    except Exception:
        sockets().end_answer(connection_id, answer_id)
        raise
    return Working(conversation_id=conversation_id)


def _told(caller: Caller, conversation_id: str) -> History:
    turns = _history().of_conversation(caller.history_id(conversation_id), conversation_id)
    named = list(dict.fromkeys(product_id for turn in turns for product_id in turn.product_ids))
    cards = {offer.product.product_id: offer.card for offer in _shop().get(named[-50:])}
    return History(
        conversation_id=conversation_id,
        turns=[
            ToldTurn(
                role=turn.role.value,
                at=turn.at,
                text=turn.text,
                whole=turn.role is not Role.ASSISTANT or turn.ending is Ending.WHOLE,
                products=[cards[product_id] for product_id in turn.product_ids if product_id in cards],
                sources=list(turn.sources),
            )
            for turn in turns
        ],
    )


def _exhausted(exhausted: ExhaustedError) -> Refusal:
    words = (
        "You have asked a great deal today. The assistant is back for you tomorrow; the help pages are open."
        if exhausted.daily
        else "That was quick! Please wait a moment before the next question."
    )
    return Refusal(429, "TOO_MANY_QUESTIONS", words, exhausted.retry_after)


def _complaint(error: ValidationError) -> str:
    fault = error.errors(include_input=False, include_url=False)[0]
    named = ".".join(str(part) for part in fault["loc"][1:])
    return f"{named}: {fault['msg']}" if named else "This is no message that the chat knows."
