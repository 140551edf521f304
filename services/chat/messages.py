"""Serves the messages of a connection: questions, decisions on proposals, stops, and requests for the history.

A question is only accepted here; ``answering.py`` is started to answer it. API Gateway gives a route 29 seconds,
and a shopper who wants to stop an answer must be served while it is given.
"""

from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from bus.clients import client
from bus.context import Context, use_context
from bus.erased_users import erased_users
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
    Turn,
    Working,
    incoming,
)
from services.chat.chat_user import ChatUser
from services.chat.dependencies import connections, conversations, proposal_decisions, quotas, shop
from services.chat.domain import Ending, Role, ShopperErasedError
from services.chat.quotas import QuotaExceededError
from services.chat.websocket_connections import ConnectionClosedError

ACCEPTED = {"statusCode": 200}
ERASED = Failure(code="ACCOUNT_ERASED", message="This account was erased at your request.", status=410)
MAX_CARDS = 50
"""Cards in a history: the newest."""


class AnsweringSettings(Settings):
    """The function that answers questions."""

    answer_arn: str


class MessageRejectedError(Exception):
    """A message is rejected.

    Attributes:
        failure: the message to the shopper.
    """

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.failure = Failure(code=code, message=message, status=status, retry_after_seconds=retry_after)


def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Serve the routes ``sendMessage``, ``confirm``, ``stop`` and ``history`` (the Lambda entry)."""
    request = event["requestContext"]
    with use_context(Context.begin()):
        try:
            user = ChatUser.from_request_context(request)
            reply = _serve(request["connectionId"], user, event.get("body") or "")
        except MessageRejectedError as rejected:
            reply = rejected.failure
        except ShopperErasedError:
            reply = ERASED
        except Exception:  # noqa: BLE001 - the shopper gets a reply whatever fails
            logger.exception("message not served")
            reply = Failure(code="INTERNAL", message="Something went wrong on our side. Please try again.", status=500)
        try:
            if reply:
                connections().send(request["connectionId"], reply)
            if reply is ERASED:
                connections().close(request["connectionId"])
        except ConnectionClosedError:
            logger.info("the connection is gone")
    return ACCEPTED


def _serve(connection_id: str, user: ChatUser, body: str) -> Contract | None:
    try:
        message = incoming.validate_json(body)
    except ValidationError as error:
        raise MessageRejectedError(422, "VALIDATION", _validation_message(error)) from None
    if user.user_id and erased_users().includes(user.user_id):
        raise ShopperErasedError(user.user_id)
    # A stop needs no token: it ends what the connection was given while its token was valid.
    if user.has_expired() and not isinstance(message, Stop):
        raise MessageRejectedError(
            401, "SIGN_IN_EXPIRED", "Your sign-in has expired. Connect again with a fresh token."
        )
    match message:
        case SendMessage():
            return _accept_question(connection_id, user, message)
        case Confirm():
            if user.user_id is None:
                raise MessageRejectedError(401, "SIGN_IN", "Please sign in to change your cart.")
            return proposal_decisions().decide(message, user.user_id)
        case Stop():
            connections().stop_answer(connection_id)
            return None
        case ReadHistory():
            return _history(user, message.conversation_id)
    return None


def _accept_question(connection_id: str, user: ChatUser, message: SendMessage) -> Working:
    """Claim the connection for an answer, and start it; raises MessageRejectedError."""
    conversation_id = message.conversation_id or str(uuid4())
    answer_id = str(uuid4())
    if not connections().begin_answer(connection_id, answer_id):
        raise MessageRejectedError(409, "BUSY_ANSWERING", "One moment, the last question is still being answered.")
    try:
        quotas().consume_question(user.quota_id)
        question = {
            "connectionId": connection_id,
            "answerId": answer_id,
            "conversationId": conversation_id,
            "historyId": user.history_id(conversation_id),
            "quotaId": user.quota_id,
            "userId": user.user_id,
            "text": message.text,
        }
        start_command(client("lambda"), AnsweringSettings.load().answer_arn, question)
    except QuotaExceededError as exceeded:
        connections().end_answer(connection_id, answer_id)
        raise _too_many_questions(exceeded) from None
    except Exception:
        connections().end_answer(connection_id, answer_id)
        raise
    return Working(conversation_id=conversation_id)


def _history(user: ChatUser, conversation_id: str) -> History:
    turns = conversations().list_conversation(user.history_id(conversation_id), conversation_id)
    product_ids = list(dict.fromkeys(product_id for turn in turns for product_id in turn.product_ids))
    offers = shop().get_products(product_ids[-MAX_CARDS:])
    cards = {offer.product.product_id: offer.card for offer in offers}
    return History(
        conversation_id=conversation_id,
        turns=[
            Turn(
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


def _too_many_questions(exceeded: QuotaExceededError) -> MessageRejectedError:
    message = (
        "You have asked a great deal today. The assistant is back for you tomorrow; the help pages are open."
        if exceeded.daily
        else "That was quick! Please wait a moment before the next question."
    )
    return MessageRejectedError(429, "TOO_MANY_QUESTIONS", message, exceeded.retry_after)


def _validation_message(error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"][1:])
    return f"{field}: {first['msg']}" if field else "This is no message that the chat knows."
