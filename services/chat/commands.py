"""The command of identity's export: what the chat keeps of a person."""

from functools import cache
from typing import Any

from bus.clients import dynamodb
from bus.command import command
from schemas.contract import Contract, Identifier
from services.chat.history import ChatHistory, HistorySettings


class ExportInput(Contract):
    """Whose data."""

    user_id: Identifier


class Exported(Contract):
    """All that was said."""

    turns: list[dict[str, Any]]


@cache
def _history() -> ChatHistory:
    return ChatHistory(dynamodb(), HistorySettings.load().chat_history_table)


def _export(given: ExportInput) -> Exported:
    return Exported(
        turns=[
            {"at": turn.at.isoformat(), "role": turn.role, "text": turn.text}
            for turn in _history().all_of(given.user_id)
        ]
    )


export = command(_export, ExportInput)
