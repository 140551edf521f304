"""The audit: reads the records of a stage and compares them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from audit.checks.events import event_differences, outbox_differences
from audit.checks.invoices import invoice_differences
from audit.checks.mails import mail_differences, mailbox_differences
from audit.checks.money import money_differences
from audit.checks.orders import order_differences
from audit.checks.returns import return_differences
from audit.checks.stock import hold_differences, reservation_differences, stock_differences
from audit.difference import Difference
from audit.ledger import Ledger
from audit.reader import LedgerReader


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The result of an audit.

    Attributes:
        orders: how many orders and checkouts were compared.
        products: how many products were compared.
        moving: ids of the orders that were left out, since something happened to them a moment ago.
        differences: what was found, by order and product.
    """

    orders: int
    products: int
    moving: list[str]
    differences: list[Difference]

    def to_json(self) -> dict[str, Any]:
        """Return the report for JSON output."""
        return {
            "orders": self.orders,
            "products": self.products,
            "moving": self.moving,
            "differences": [difference.to_json() for difference in self.differences],
        }


def audit(
    reader: LedgerReader,
    since: datetime | None = None,
    grace: timedelta = timedelta(),
    until: datetime | None = None,
) -> AuditReport:
    """Return what differs between the records of a stage.

    Parameters:
        reader: reads them.
        since: only orders and products to which something has happened from then on; None compares all.
        grace: orders that moved within that time before are left out: more may be on its way.
        until: only those to which something has happened until then; what became of them since is read as well.
    """
    ledger = reader.read_since(since, until) if since else reader.read_all()
    moving = (
        {order_id for order_id, records in ledger.orders.items() if records.moved_at() > ledger.read_at - grace}
        if grace
        else set[str]()
    )
    busy = {
        product_id
        for order_id in moving
        if (reservation := ledger.orders[order_id].reservation)
        for product_id in reservation.lines
    }
    found = [*reader.unreadable, *differences(ledger)]
    return AuditReport(
        orders=len(ledger.orders),
        products=len(ledger.stocks),
        moving=sorted(moving),
        differences=sorted(
            {found for found in found if found.order_id not in moving and found.product_id not in busy},
            key=lambda difference: (difference.order_id or "", difference.product_id or "", difference.sentence),
        ),
    )


def differences(ledger: Ledger) -> Iterator[Difference]:
    """Yield what differs between the records of a ledger."""
    for records in ledger.orders.values():
        yield from money_differences(records, ledger.read_at)
        yield from order_differences(records, ledger.read_at)
        yield from reservation_differences(records, ledger.now_ms)
        yield from return_differences(records)
        yield from invoice_differences(records)
        yield from event_differences(records, ledger)
        yield from mail_differences(records, ledger)
    for reservation in ledger.reservations():
        yield from hold_differences(reservation, ledger)
    for stock in ledger.stocks.values():
        yield from stock_differences(stock, ledger)
    yield from outbox_differences(ledger)
    if ledger.mailbox is not None:
        yield from mailbox_differences(ledger)
