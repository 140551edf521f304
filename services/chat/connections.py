"""Opens and closes connections, and answers heartbeats."""

from typing import Any

from bus.context import Context, use_context
from bus.log import logger
from schemas.websocket import Failure, Pong
from services.chat.chat_user import ChatUser
from services.chat.dependencies import connections
from services.chat.domain import ShopperErasedError
from services.chat.websocket_connections import ConnectionClosedError

ACCEPTED = {"statusCode": 200}
REFUSED = {"statusCode": 403}
"""As API Gateway answers where the authorizer denies a connection."""


def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Serve the routes ``$connect``, ``$disconnect``, ``ping`` and ``$default`` (the Lambda entry)."""
    request = event["requestContext"]
    connection_id = request["connectionId"]
    with use_context(Context.begin()):
        match request["routeKey"]:
            case "$connect":
                return _open(connection_id, ChatUser.from_request_context(request).user_id)
            case "$disconnect":
                connections().remove(connection_id)
            case "ping":
                _send(connection_id, Pong())
            case _:
                unknown = Failure(code="VALIDATION", message="This is no message that the chat knows.", status=422)
                _send(connection_id, unknown)
    return ACCEPTED


def _open(connection_id: str, user_id: str | None) -> dict[str, int]:
    try:
        connections().add(connection_id, user_id)
    except ShopperErasedError:
        logger.info("connection refused", reason="the account was erased")
        return REFUSED
    return ACCEPTED


def _send(connection_id: str, message: Pong | Failure) -> None:
    try:
        connections().send(connection_id, message)
    except ConnectionClosedError:
        logger.info("the connection is gone")
