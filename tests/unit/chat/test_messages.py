"""Messages on a connection whose token has expired."""

import json
from typing import Any
from unittest.mock import Mock

import pytest

from services.chat import messages


class Tombstones:
    """The tombstones of a test."""

    def __init__(self, *user_ids: str) -> None:
        self.user_ids = user_ids

    def includes(self, user_id: str) -> bool:
        return user_id in self.user_ids


@pytest.fixture(autouse=True)
def nobody_erased(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "erased_users", Tombstones)


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> Mock:
    connections = Mock()
    monkeypatch.setattr(messages, "connections", lambda: connections)
    return connections


def _receive(**message: Any) -> None:
    context = {"connectionId": "c1", "authorizer": {"userId": "ada", "expiresAt": "1"}}
    messages.handler({"requestContext": context, "body": json.dumps(message)}, None)


def test_an_answer_can_be_stopped_after_the_token_has_expired(connections: Mock) -> None:
    _receive(action="stop")
    connections.stop_answer.assert_called_once_with("c1")
    connections.send.assert_not_called()


@pytest.mark.parametrize(
    "message",
    [
        {"action": "sendMessage", "text": "A lamp?"},
        {"action": "confirm", "proposalId": "p1", "accept": True},
        {"action": "history", "conversationId": "3f0c8f62-9a3b-4a7e-8a53-0d6d3a0d9a77"},
    ],
)
def test_everything_else_requires_a_new_token(connections: Mock, message: dict[str, Any]) -> None:
    _receive(**message)
    connections.stop_answer.assert_not_called()
    assert connections.send.call_args.args[1].code == "SIGN_IN_EXPIRED"


@pytest.mark.parametrize("message", [{"action": "sendMessage", "text": "A lamp?"}, {"action": "stop"}])
def test_an_erased_shopper_is_told_so_and_the_connection_closed(
    connections: Mock, monkeypatch: pytest.MonkeyPatch, message: dict[str, Any]
) -> None:
    monkeypatch.setattr(messages, "erased_users", lambda: Tombstones("ada"))

    _receive(**message)

    assert connections.send.call_args.args[1].code == "ACCOUNT_ERASED"
    connections.begin_answer.assert_not_called()
    connections.close.assert_called_once_with("c1")
