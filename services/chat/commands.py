"""The command ``export``: a shopper's conversations, for identity's export of personal data."""

from typing import Any

from bus.command import command
from schemas.contract import Contract, Identifier
from services.chat.dependencies import conversations


class ConversationExportInput(Contract):
    """The shopper whose conversations are exported.

    The same as schemas.commands.ExportInput, whose module is slow to import.
    """

    user_id: Identifier


class ConversationExport(Contract):
    """All turns of a shopper's conversations."""

    turns: list[dict[str, Any]]


def _export(request: ConversationExportInput) -> ConversationExport:
    return ConversationExport(
        turns=[
            {"at": turn.at.isoformat(), "role": turn.role, "text": turn.text}
            for turn in conversations().list_all(request.user_id)
        ]
    )


export = command(_export, ConversationExportInput)
