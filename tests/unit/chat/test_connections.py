"""Who may keep a connection once the authorizer has let them in."""

from typing import TYPE_CHECKING, Any

import pytest

from bus.erased_users import ErasedUsers
from services.chat import connections as entry
from services.chat.websocket_connections import WebSocketConnections
from tests.unit.erased import erase

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


@pytest.fixture
def connections(
    dynamodb: "DynamoDBClient", erased_users: ErasedUsers, monkeypatch: pytest.MonkeyPatch
) -> WebSocketConnections:
    gateway: Any = None
    connections = WebSocketConnections(dynamodb, "Connections", gateway, lambda: erased_users)
    monkeypatch.setattr(entry, "connections", lambda: connections)
    return connections


def connect(user_id: str | None) -> int:
    context = {"connectionId": f"of-{user_id}", "routeKey": "$connect", "authorizer": {"userId": user_id}}
    return entry.handler({"requestContext": context}, None)["statusCode"]


def test_a_shopper_and_a_visitor_are_let_in(connections: WebSocketConnections) -> None:
    assert (connect("ada"), connect(None)) == (200, 200)
    assert connections.ids_of_user("ada") == ["of-ada"]


def test_an_erased_shopper_is_refused_and_leaves_no_connection(
    connections: WebSocketConnections, dynamodb: "DynamoDBClient"
) -> None:
    erase(dynamodb, "ada")

    assert connect("ada") == 403
    assert connections.ids_of_user("ada") == []
