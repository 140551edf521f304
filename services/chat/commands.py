"""The command ``export``: a shopper's conversations and what the chat holds besides, for identity's export.

The turns come page by page; the first page has what there is little of: proposals, open connections, and use.
"""

from typing import Any

from bus.command import command
from schemas.contract import Contract, Identifier
from services.chat.dependencies import conversations, list_connections, proposals, quotas


class ConversationExportInput(Contract):
    """The shopper whose conversations are exported.

    The same as schemas.commands.ExportInput, whose module is slow to import.
    """

    user_id: Identifier
    cursor: str | None = None


class ConversationExport(Contract):
    """A page of the turns of a shopper's conversations, oldest first."""

    turns: list[dict[str, Any]]
    proposals: list[dict[str, Any]] | None = None
    connections: list[dict[str, Any]] | None = None
    use: dict[str, int] | None = None
    next_cursor: str | None = None


def _export(request: ConversationExportInput) -> ConversationExport:
    turns, next_cursor = conversations().list_page(request.user_id, request.cursor)
    page = ConversationExport(
        turns=[{"at": turn.at.isoformat(), "role": turn.role, "text": turn.text} for turn in turns],
        next_cursor=next_cursor,
    )
    if request.cursor is not None:
        return page
    return page.model_copy(
        update={
            "proposals": proposals().list_by_user(request.user_id),
            "connections": list_connections(request.user_id),
            "use": quotas().use_of(request.user_id),
        }
    )


export = command(_export, ConversationExportInput)
