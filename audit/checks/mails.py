"""Mails: each event that a shopper gets a mail about has one, sent once."""

from collections import Counter
from collections.abc import Iterator

from audit.difference import Difference
from audit.ledger import Ledger, OrderRecords
from audit.records import Fact

TEMPLATES = {
    "OrderPlaced": "order-placed",
    "OrderShipped": "order-shipped",
    "ParcelDelivered": "parcel-delivered",
    "OrderDelivered": "order-delivered",
    "OrderCancelled": "order-cancelled",
    "OrderRefunded": "order-refunded",
    "InvoiceIssued": "invoice-issued",
    "CreditNoteIssued": "credit-note-issued",
    "CheckoutFailed": "checkout-failed",
    "WithdrawalReceived": "withdrawal-received",
    "ReturnReceived": "return-received",
}
"""The template of the mail about an event; ``tests/contract/audit`` compares it with notifications."""
REPEATABLE = frozenset(
    {
        *("order-shipped", "parcel-delivered", "order-refunded"),
        *("credit-note-issued", "withdrawal-received", "return-received"),
    }
)
"""Several of them may be about one order."""


def mail_differences(records: OrderRecords, ledger: Ledger) -> Iterator[Difference]:
    """Yield what differs between the events of an order, the send log and the mailbox.

    Parameters:
        records: of the order.
        ledger: all records.
    """
    for kind, sentence in (*_missing(records), *_repeated(records, ledger)):
        yield Difference(kind, f"Order {records.order_id}: {sentence}", order_id=records.order_id)


def mailbox_differences(ledger: Ledger) -> Iterator[Difference]:
    """Yield the messages in the mailbox that the send log does not know.

    Parameters:
        ledger: of the whole stage.
    """
    known = {mail.message_id for records in ledger.orders.values() for mail in records.mails}
    for message_id in ledger.mailbox or []:
        if message_id not in known:
            yield Difference("MAIL_NOT_RECORDED", f"Mail {message_id} was sent, and the send log does not have it.")


def _missing(records: OrderRecords) -> Iterator[tuple[str, str]]:
    done = {mail.event_id for mail in records.mails if mail.state == "DONE"}
    for fact in records.facts:
        if _has_mail(fact) and fact.event_id not in done:
            yield "MAIL_MISSING", f"no mail about {fact.detail_type} was sent ({fact.event_id})."


def _has_mail(fact: Fact) -> bool:
    """Return whether a mail is sent about an event: of a failed checkout, only where nobody saw it on the page."""
    unseen = fact.data.get("message") is not None and not fact.data.get("answered")
    return fact.detail_type in TEMPLATES and (fact.detail_type != "CheckoutFailed" or unseen)


def _repeated(records: OrderRecords, ledger: Ledger) -> Iterator[tuple[str, str]]:
    sent = [mail for mail in records.mails if mail.message_id]
    times = Counter(mail.template for mail in sent)
    for template, number in times.items():
        if number > 1 and template not in REPEATABLE:
            events = ", ".join(mail.event_id for mail in sent if mail.template == template)
            yield "MAIL_REPEATED", f"{number} mails {template} were sent, about the events {events}."
    told = {fact.event_id for fact in records.facts}
    for mail in records.mails:
        if mail.event_id not in told and mail.event_id not in ledger.event_ids:
            yield (
                "MAIL_OF_NOTHING",
                f"a mail {mail.template} is about event {mail.event_id}, which is not in the journal.",
            )
