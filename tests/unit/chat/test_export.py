"""What the chat holds of a shopper: conversations page by page, and all the rest with the first page."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bus.erased_users import ErasedUsers
from schemas.contract import Money
from schemas.websocket import Change
from services.chat import commands, history
from services.chat.domain import CartProposal, ConversationTurn, Role
from services.chat.history import ConversationStore
from services.chat.proposals import ProposalStore
from services.chat.quotas import Quotas, QuotaSettings
from services.chat.websocket_connections import WebSocketConnections, list_by_user

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
TALK = "00000000-0000-4000-8000-000000000001"
LIMITS = {"ALLOWANCES_TABLE": "Allowances", "QUESTIONS_A_MINUTE": "10", "TOKENS_A_DAY": "100"}


@pytest.fixture
def conversations(
    dynamodb: "DynamoDBClient", erased_users: ErasedUsers, monkeypatch: pytest.MonkeyPatch
) -> ConversationStore:
    conversations = ConversationStore(dynamodb, "ChatHistory", lambda: erased_users)
    proposals = ProposalStore(dynamodb, "Proposals", lambda: erased_users)
    quotas = Quotas(dynamodb, QuotaSettings.model_validate(LIMITS))
    gateway: Any = None
    for user_id in ("ada", "bob"):
        WebSocketConnections(dynamodb, "Connections", gateway, lambda: erased_users).add(f"of-{user_id}", user_id)
        change = Change(change="ADD", product_id="lamp", quantity=2)
        proposals.add(CartProposal(f"to-{user_id}", user_id, TALK, change, Money(amount=1), "Add it", NOON))
        conversations.add(user_id, ConversationTurn(Role.SHOPPER, NOON, f"A question of {user_id}", TALK))
        quotas.consume_tokens(user_id, 7)
    monkeypatch.setattr(commands, "conversations", lambda: conversations)
    monkeypatch.setattr(commands, "proposals", lambda: proposals)
    monkeypatch.setattr(commands, "quotas", lambda: quotas)
    monkeypatch.setattr(commands, "list_connections", lambda user_id: list_by_user(dynamodb, "Connections", user_id))
    return conversations


def export(**given: str) -> dict[str, Any]:
    return commands.export({"context": {"correlationId": "r"}, "input": {"userId": "ada", **given}}, None)


def test_the_first_page_has_all_that_there_is_little_of(conversations: ConversationStore) -> None:
    page = export()

    assert [turn["text"] for turn in page["turns"]] == ["A question of ada"]
    assert [proposal["proposalId"] for proposal in page["proposals"]] == ["to-ada"]
    assert [connection["connectionId"] for connection in page["connections"]] == ["of-ada"]
    assert page["use"]["tokensToday"] == 7


def test_conversations_come_page_by_page(conversations: ConversationStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "EXPORT_PAGE", 2)
    for minute in range(1, 4):
        conversations.add("ada", ConversationTurn(Role.SHOPPER, NOON + timedelta(minutes=minute), str(minute), TALK))

    first = export()
    second = export(cursor=first["nextCursor"])

    assert [turn["text"] for turn in first["turns"] + second["turns"]] == ["A question of ada", "1", "2", "3"]
    assert "proposals" not in second
