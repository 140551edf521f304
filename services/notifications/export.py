"""The export command of notifications: which e-mails a person was sent, page by page, for identity's export."""

from typing import Any

from bus.clients import dynamodb
from bus.command import command
from bus.items_of_user import read_page_of_user
from bus.settings import Settings
from schemas.commands import ExportInput
from schemas.contract import Contract

INTERNAL = ("inboxId", "leaseUntil")
"""What is of the shop's own making, and says nothing of a person."""


class SendLogSettings(Settings):
    """Environment of the export."""

    send_log_table: str


class SendLogExport(Contract):
    """A page of the e-mails to a person: the log has ids and templates, neither address nor text."""

    emails: list[dict[str, Any]]
    next_cursor: str | None = None


def _export(given: ExportInput) -> SendLogExport:
    table = SendLogSettings.load().send_log_table
    items, next_cursor = read_page_of_user(dynamodb(), table, "inboxId", given.user_id, given.cursor)
    emails = [{name: value for name, value in item.items() if name not in INTERNAL} for item in items]
    return SendLogExport(emails=emails, next_cursor=next_cursor)


export = command(_export, ExportInput)
