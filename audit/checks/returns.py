"""Units for sale again: goods that came back, with their money on its way, and units that were never sent."""

from collections.abc import Iterator

from audit.difference import Difference
from audit.ledger import OrderRecords

REQUEST_PREFIX = "return-"
"""Of the id under which the refund of a return is requested; ``services/returns/domain.py`` has the same."""


def return_differences(records: OrderRecords) -> Iterator[Difference]:
    """Yield what differs between the returns of an order, its units and its money.

    Parameters:
        records: of the order.
    """
    for kind, sentence in (*_goods(records), *_money(records)):
        yield Difference(kind, f"Order {records.order_id}: {sentence}", order_id=records.order_id)


def _goods(records: OrderRecords) -> Iterator[tuple[str, str]]:
    if records.reservation is None:
        return
    returned = records.reservation.returned
    for fact in records.facts_of("ReturnReceived"):
        if fact.data["returnId"] not in returned:
            yield "RETURN_NOT_RESTOCKED", f"return {fact.data['returnId']} came back, and its units are nowhere."
    if records.reservation.state != "COMMITTED":
        # With a cancelled order all of its units come back.
        return
    for fact in records.facts_of("OrderRefunded"):
        if fact.data.get("unsent") and not records.reservation.has_unsent(fact):
            named = fact.data.get("requestId")
            yield "UNSENT_NOT_RESTOCKED", f"refund {named} stands for units that were not sent, and they are nowhere."


def _money(records: OrderRecords) -> Iterator[tuple[str, str]]:
    requested = records.payment.refunds.keys() if records.payment else set[str]()
    # What else was given back may have been for the same goods: only the order knows.
    if records.kept <= 0 or any(not name.startswith(REQUEST_PREFIX) for name in requested):
        return
    for fact in records.facts_of("ReturnReceived"):
        if fact.data["refund"]["amount"] and f"{REQUEST_PREFIX}{fact.data['returnId']}" not in requested:
            yield (
                "RETURN_NOT_REFUNDED",
                f"return {fact.data['returnId']} came back, and no refund was requested for it.",
            )
