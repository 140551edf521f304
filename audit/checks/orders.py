"""Orders and the checkouts that they come from."""

from collections.abc import Iterator
from datetime import datetime

from audit.difference import Difference, shown
from audit.ledger import OrderRecords
from schemas.contract import Line

OVERDUE_SECONDS = 900
"""How long after its lease a decided checkout may still be on its way: the sweeper takes it up every five minutes."""


def order_differences(records: OrderRecords, now: datetime) -> Iterator[Difference]:
    """Yield what differs between a checkout and its order, and within the order.

    Parameters:
        records: of the order.
        now: when they were read.
    """
    for kind, sentence in (*_checkout(records, now), *_sums(records)):
        yield Difference(kind, f"Order {records.order_id}: {sentence}", order_id=records.order_id)


def _checkout(records: OrderRecords, now: datetime) -> Iterator[tuple[str, str]]:
    checkout, order = records.checkout, records.order
    if checkout is None:
        return
    if order is None and checkout.status == "COMPLETED":
        yield "ORDER_MISSING", "its checkout is COMPLETED, and there is no order."
    if order and checkout.status in ("FAILED", "COMPENSATING"):
        yield "ORDER_OF_FAILED_CHECKOUT", f"it is {order.status}, and its checkout is {checkout.status}."
    decided = checkout.status in ("COMPLETING", "COMPENSATING")
    if decided and checkout.lease_until + OVERDUE_SECONDS < now.timestamp():
        yield "CHECKOUT_NOT_ENDED", f"its checkout is {checkout.status}, and no one has continued it."
    if order and checkout.quote and _quantities(order.lines) != _quantities(checkout.quote.lines):
        yield "LINES_DIFFER", "its lines are not those of its checkout."


def _sums(records: OrderRecords) -> Iterator[tuple[str, str]]:
    if order := records.order:
        lines = sum(line.unit_price.amount * line.quantity for line in order.lines)
        added = order.tax.added.amount if order.tax else 0
        if lines + order.shipping.amount + added != order.total.amount:
            yield (
                "TOTAL_DIFFERS",
                f"its lines are {lines}, shipping {order.shipping.amount}, tax {added}, total {shown(order.total)}.",
            )
        if order.tax and not order.tax.adds_up:
            yield "TOTAL_DIFFERS", "the sums of its tax are not those of its lines and its delivery."


def _quantities(lines: list[Line]) -> list[tuple[str, int, int]]:
    return sorted((line.product_id, line.quantity, line.unit_price.amount) for line in lines)
