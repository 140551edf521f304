"""The export command of checkout: all checkouts of a person, page by page, for identity's export."""

import json
from typing import Any

from bus.clients import dynamodb
from bus.command import command
from bus.items_of_user import read_page_of_user
from schemas.commands import ExportInput
from schemas.contract import Contract
from services.checkout.dependencies import store
from services.checkout.store import JSON_ATTRIBUTES, CheckoutSettings

INTERNAL = ("fingerprint", "correlationId", "sequence", "leaseUntil", "open", "compensatingSince")
"""What is of the shop's own making, and says nothing of a person."""


class CheckoutsExport(Contract):
    """A page of the checkouts of a person; the first one names the checkout that has their cart."""

    checkouts: list[dict[str, Any]]
    cart_held_by: str | None = None
    next_cursor: str | None = None


def _export(given: ExportInput) -> CheckoutsExport:
    table = CheckoutSettings.load().checkouts_table
    items, next_cursor = read_page_of_user(dynamodb(), table, "orderId", given.user_id, given.cursor)
    holder = store().get_cart_holder(given.user_id) if given.cursor is None else None
    return CheckoutsExport(
        checkouts=[_view(item) for item in items],
        cart_held_by=holder.order_id if holder else None,
        next_cursor=next_cursor,
    )


def _view(item: dict[str, Any]) -> dict[str, Any]:
    view = {
        name: json.loads(value) if name in JSON_ATTRIBUTES else value
        for name, value in item.items()
        if name not in INTERNAL
    }
    # It lets whoever has it run 3-D Secure.
    view.get("outcome", {}).pop("clientSecret", None)
    return view


export = command(_export, ExportInput)
