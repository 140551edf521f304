"""The export command of returns: the returns and withdrawals of a person, page by page, for identity's export."""

from typing import Any

from bus.clients import dynamodb
from bus.command import command
from bus.items_of_user import read_page_of_user
from schemas.commands import ExportInput
from schemas.contract import Contract
from services.returns.dependencies import ReturnsSettings

OF_STAFF = ("receivedBy", "closedBy")
"""Who of staff did something: it is about them, not about the shopper."""
TABLES = (("returns", "returnId"), ("withdrawals", "withdrawalId"))
"""The lists of the export in their order, and the keys of their tables."""


class ReturnsExport(Contract):
    """A page of the returns and withdrawals of a person: first the ones, then the others."""

    returns: list[dict[str, Any]] = []
    withdrawals: list[dict[str, Any]] = []
    next_cursor: str | None = None


def _export(given: ExportInput) -> ReturnsExport:
    # A cursor says which list it is of, as far as it was read.
    part, _, cursor = (given.cursor or TABLES[0][0]).partition(" ")
    names = [name for name, _ in TABLES]
    place = names.index(part) if part in names else 0
    name, key = TABLES[place]
    settings = ReturnsSettings.load()
    table = {"returns": settings.returns_table, "withdrawals": settings.withdrawals_table}[name]
    items, next_cursor = read_page_of_user(dynamodb(), table, key, given.user_id, cursor or None)
    found = [{each: value for each, value in item.items() if each not in OF_STAFF} for item in items]
    following = f"{name} {next_cursor}" if next_cursor else names[place + 1] if place + 1 < len(names) else None
    return ReturnsExport(**{name: found}, next_cursor=following)


export = command(_export, ExportInput)
