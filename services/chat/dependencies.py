"""The stores and clients of the chat's functions, created once a process and shared by all invocations.

Imports are made by the functions that need them, so that each handler loads only what it asks for.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from bus.clients import client, dynamodb
from bus.erased_users import erased_users

if TYPE_CHECKING:
    from services.chat.assistant import Assistant
    from services.chat.history import ConversationStore
    from services.chat.id_tokens import IdTokenVerifier
    from services.chat.proposal_decisions import ProposalDecisions
    from services.chat.proposals import ProposalStore
    from services.chat.quotas import Quotas
    from services.chat.shop_client import ShopClient
    from services.chat.tickets import TicketStore
    from services.chat.websocket_connections import WebSocketConnections


@cache
def connections() -> "WebSocketConnections":
    """Return the open connections; raises MissingSettingError for each variable that they lack."""
    from services.chat.websocket_connections import WebSocketConnections, WebSocketSettings

    settings = WebSocketSettings.load()
    gateway = client("apigatewaymanagementapi", endpoint_url=settings.callback_url)
    return WebSocketConnections(dynamodb(), settings.connections_table, gateway, erased_users)


def list_connections(user_id: str) -> list[dict[str, Any]]:
    """Return a shopper's open connections as they are stored; raises MissingSettingError without the table."""
    from services.chat.websocket_connections import ConnectionsTableSettings, list_by_user

    return list_by_user(dynamodb(), ConnectionsTableSettings.load().connections_table, user_id)


@cache
def conversations() -> "ConversationStore":
    """Return the conversations; raises MissingSettingError without ``CHAT_HISTORY_TABLE``."""
    from services.chat.history import ConversationStore, HistorySettings

    return ConversationStore(dynamodb(), HistorySettings.load().chat_history_table, erased_users)


@cache
def proposals() -> "ProposalStore":
    """Return the proposals; raises MissingSettingError without ``PROPOSALS_TABLE``."""
    from services.chat.proposals import ProposalSettings, ProposalStore

    return ProposalStore(dynamodb(), ProposalSettings.load().proposals_table, erased_users)


@cache
def proposal_decisions() -> "ProposalDecisions":
    """Return the decisions on proposals; raises MissingSettingError for each variable that they lack."""
    from services.chat.proposal_decisions import ProposalDecisions

    return ProposalDecisions(proposals(), shop())


@cache
def quotas() -> "Quotas":
    """Return the quotas; raises MissingSettingError for each variable that they lack."""
    from services.chat.quotas import Quotas, QuotaSettings

    return Quotas(dynamodb(), QuotaSettings.load())


@cache
def shop() -> "ShopClient":
    """Return the client of the other services; raises MissingSettingError for each ARN that it lacks."""
    from services.chat.shop_client import ShopClient, ShopSettings

    return ShopClient(client("lambda"), ShopSettings.load())


@cache
def assistant() -> "Assistant":
    """Return the assistant; raises MissingSettingError without ``KNOWLEDGE_BASE_ID`` and ``MODEL_ID``."""
    from services.chat.assistant import Assistant, ModelSettings
    from services.chat.retrieval import HelpRetriever, RetrievalSettings

    retriever = HelpRetriever(_bedrock("bedrock-agent-runtime"), RetrievalSettings.load().knowledge_base_id)
    return Assistant(_bedrock("bedrock-runtime"), retriever, ModelSettings.load())


@cache
def tickets() -> "TicketStore":
    """Return the tickets; raises MissingSettingError without ``TICKETS_TABLE``."""
    from services.chat.tickets import TicketSettings, TicketStore

    return TicketStore(dynamodb(), TicketSettings.load().tickets_table)


@cache
def token_verifier() -> "IdTokenVerifier":
    """Return the verifier of ID tokens; raises MissingSettingError for each variable that it lacks."""
    from services.chat.id_tokens import IdTokenVerifier, TokenSettings

    return IdTokenVerifier(TokenSettings.load())


def _bedrock(service: str) -> Any:
    from botocore.config import Config

    from services.chat.assistant import SILENCE_SECONDS

    # More attempts would keep a shopper waiting without any text.
    config = Config(read_timeout=SILENCE_SECONDS, retries={"mode": "legacy", "total_max_attempts": 2})
    return client(service, config)
