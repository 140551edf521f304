"""The export command of payment: all payments of a person, page by page, for identity's export."""

from typing import Any

from bus.clients import dynamodb
from bus.command import command
from bus.items_of_user import read_page_of_user
from bus.settings import Settings
from schemas.commands import ExportInput
from schemas.contract import Contract
from services.payment.declines import public_code

INTERNAL = ("sequence", "correlationId", "causationId", "eventId")
"""What is of the shop's own making, and says nothing of a person."""


class PaymentsTableSettings(Settings):
    """Environment of the export: it has no use for Stripe's keys."""

    payments_table: str


class PaymentsExport(Contract):
    """A page of the payments of a person."""

    payments: list[dict[str, Any]]
    next_cursor: str | None = None


def _export(given: ExportInput) -> PaymentsExport:
    table = PaymentsTableSettings.load().payments_table
    items, next_cursor = read_page_of_user(dynamodb(), table, "orderId", given.user_id, given.cursor)
    return PaymentsExport(payments=[_view(item) for item in items], next_cursor=next_cursor)


def _view(item: dict[str, Any]) -> dict[str, Any]:
    view = {name: value for name, value in item.items() if name not in INTERNAL}
    if "declineCode" in view:
        view["declineCode"] = public_code(view["declineCode"])
    return view


export = command(_export, ExportInput)
