"""Which e-mail an event causes, and its content."""

from functools import singledispatch
from typing import Literal
from urllib.parse import quote

from documents.formatting import format_date_time, format_days, format_money
from documents.totals import order_totals
from schemas.carriers import tracking_url
from schemas.cart import CartAbandoned
from schemas.checkout import CheckoutFailed
from schemas.commands import ChosenDelivery
from schemas.contract import Contract, Identifier, Line, Money
from schemas.event import Event
from schemas.identity import ExportReady
from schemas.invoices import CreditNoteIssued, InvoiceIssued
from schemas.order_number import order_number
from schemas.orders import OrderCancelled, OrderDelivered, OrderPlaced, OrderRefunded, OrderShipped, ParcelDelivered
from schemas.returns import ReturnReceived, WithdrawalReceived

TemplateName = Literal[
    "order-placed",
    "order-shipped",
    "parcel-delivered",
    "order-delivered",
    "order-cancelled",
    "order-refunded",
    "checkout-failed",
    "cart-abandoned",
    "export-ready",
    "invoice-issued",
    "credit-note-issued",
    "withdrawal-received",
    "return-received",
]


class Link(Contract):
    """The link of an e-mail into the shop.

    Attributes:
        path: of the page.
        signed: whether it leads to an order without signing in. Orders signs it when the e-mail is sent; without an
            answer it leads to ``path``.
    """

    label: str
    path: str
    signed: bool = False


CART_LINK = Link(label="Go to your cart", path="/cart")


def _order_link(order_id: str) -> Link:
    return Link(label="See your order", path=f"/orders/{quote(order_id, safe='')}", signed=True)


def _documents_link(order_id: str) -> Link:
    # Not signed: the PDF has the address, which no mail that is forwarded gives away.
    return Link(label="Sign in to download it", path=_order_link(order_id).path)


class UndeliverableError(Exception):
    """An e-mail can never be sent; the text is a code without personal data."""


class Email(Contract):
    """An e-mail to send. It names its recipient by id; the address is read when it is sent.

    Attributes:
        template: name of its words.
        user_id: the recipient.
        subject_id: what it is about: an order, or the recipient's own id for their cart.
        words: values of the template's placeholders.
        facts: texts by label, in their order.
        names_address: whether it names the delivery address of the order, which is read when it is sent.
        lines: what was bought.
        totals: amounts by label, in their order; the last one is the sum.
        link: its link into the shop.
        offers_withdrawal: whether it leads to the page where the shopper withdraws from the contract, too.
        needs_consent: whether it is sent only to who agreed to it, with a link by which they take that back.
    """

    template: TemplateName
    user_id: Identifier
    subject_id: Identifier
    words: dict[str, str] = {}
    facts: dict[str, str] = {}
    names_address: bool = False
    lines: list[Line] = []
    totals: dict[str, Money] = {}
    link: Link
    offers_withdrawal: bool = False
    needs_consent: bool = False


CANCELLATION_SENTENCES = {
    "SHOPPER": "We cancelled your order, as you asked.",
    "STAFF": "We are sorry: we had to cancel your order.",
    "SYSTEM": "We are sorry: something you ordered sold out before we could pack it, so we cancelled your order.",
}


WITHDRAWAL_SENTENCES = {
    "CANCELLED": "Nothing of it had been sent, so the order is cancelled, and all of the money goes back to your card.",
    "RETURN_OPENED": "Please send it back within 14 days. The page of your order has the return slip for the parcel."
    " Once it has arrived, the money goes back to your card.",
    "NOTHING_LEFT": "All of it had been returned or given up before. There is nothing more to do.",
    "TOO_LATE": "The time in which we take it back was over. If something is wrong with it, reply to this e-mail.",
}
"""What follows from a withdrawal, by its outcome."""
UNSENT_SENTENCE = "What was not sent yet is not sent any more, and its money goes back to your card now."
"""What follows besides where a part of the order had not been sent."""


@singledispatch
def email_for(event: Event) -> Email | None:
    """Return the e-mail that an event causes.

    None where the shopper is at the page, which has told them: the failure of a checkout whose request was answered.
    Raises TypeError for an event that is never mailed.
    """
    raise TypeError(f"{type(event).__name__} causes no e-mail")


@email_for.register
def _(event: OrderPlaced) -> Email:
    return Email(
        template="order-placed",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={"order": order_number(event.order_id)},
        facts={
            "Order": order_number(event.order_id),
            "Placed": format_date_time(event.placed_at),
            **_promise(event.delivery),
        },
        names_address=True,
        lines=event.lines,
        totals=dict(order_totals(event.subtotal, event.shipping, event.total, event.tax)),
        link=_order_link(event.order_id),
        offers_withdrawal=True,
    )


def _promise(delivery: ChosenDelivery | None) -> dict[str, str]:
    """Return the fact that says how an order is delivered and when it arrives; none of an order from before."""
    if delivery is None:
        return {}
    return {delivery.label: f"arrives {format_days(delivery.earliest, delivery.latest)}"}


@email_for.register
def _(event: OrderShipped) -> Email:
    url = tracking_url(event.carrier, event.tracking_number)
    return Email(
        template="order-shipped",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={"order": order_number(event.order_id), "carrier": event.carrier, **_extent_of(event)},
        facts={
            "Order": order_number(event.order_id),
            "Sent": format_date_time(event.shipped_at),
            "Carrier": event.carrier,
            "Tracking number": event.tracking_number,
            **({"Follow it": url} if url else {}),
        },
        names_address=True,
        lines=event.lines or [],
        link=_order_link(event.order_id),
        offers_withdrawal=True,
    )


def _extent_of(event: OrderShipped) -> dict[str, str]:
    """Return the words for how much of the order a parcel has; one without lines has all of it."""
    if event.completes_order is False:
        return {"what": "A part of your order", "has": "has a parcel with a part of your order; the rest follows."}
    if event.parcel_id in (None, "1"):
        return {"what": "Your order", "has": "has your parcel."}
    return {"what": "The rest of your order", "has": "has the last parcel of your order."}


@email_for.register
def _(event: ParcelDelivered) -> Email:
    return Email(
        template="parcel-delivered",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={"order": order_number(event.order_id)},
        facts={
            "Order": order_number(event.order_id),
            "Parcel": event.parcel_id,
            "Delivered": format_date_time(event.delivered_at),
        },
        link=_order_link(event.order_id),
        offers_withdrawal=True,
    )


@email_for.register
def _(event: OrderDelivered) -> Email:
    return Email(
        template="order-delivered",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={"order": order_number(event.order_id)},
        facts={"Order": order_number(event.order_id), "Delivered": format_date_time(event.delivered_at)},
        link=_order_link(event.order_id),
        offers_withdrawal=True,
    )


@email_for.register
def _(event: OrderCancelled) -> Email:
    return Email(
        template="order-cancelled",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={
            "order": order_number(event.order_id),
            "because": CANCELLATION_SENTENCES[event.cancelled_by],
            "total": format_money(event.total),
        },
        facts={"Order": order_number(event.order_id), "Cancelled": format_date_time(event.cancelled_at)},
        lines=event.lines,
        totals={"Total": event.total},
        link=_order_link(event.order_id),
    )


@email_for.register
def _(event: OrderRefunded) -> Email:
    return Email(
        template="order-refunded",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={
            "order": order_number(event.order_id),
            "amount": format_money(event.amount),
            "extent": "With this you have all of your money back."
            if event.fully_refunded
            else "The rest of your order stays as it is.",
        },
        facts={"Order": order_number(event.order_id), "Refunded": format_date_time(event.refunded_at)},
        totals={"This refund": event.amount, "Refunded in all": event.refunded_total},
        link=_order_link(event.order_id),
    )


@email_for.register
def _(event: CheckoutFailed) -> Email | None:
    if event.answered or event.message is None:
        return None
    # There is no order to link to: what the shopper wanted is still in the cart.
    return Email(
        template="checkout-failed",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={"because": event.message},
        link=CART_LINK,
    )


@email_for.register
def _(event: CartAbandoned) -> Email:
    return Email(
        template="cart-abandoned",
        user_id=event.user_id,
        subject_id=event.user_id,
        lines=event.lines,
        totals={"Goods": event.subtotal},
        link=CART_LINK,
        needs_consent=True,
    )


@email_for.register
def _(event: ExportReady) -> Email:
    # To the account, where the shopper signs in, and not to the file: whoever reads the mail may be somebody else.
    return Email(
        template="export-ready",
        user_id=event.user_id,
        subject_id=event.user_id,
        words={"until": format_date_time(event.expires_at)},
        facts={"Available until": format_date_time(event.expires_at)},
        link=Link(label="Download your data", path="/account"),
    )


@email_for.register
def _(event: InvoiceIssued) -> Email:
    return Email(
        template="invoice-issued",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={"order": order_number(event.order_id), "number": event.invoice_number},
        facts={
            "Invoice": event.invoice_number,
            "Order": order_number(event.order_id),
            "Date": format_date_time(event.issued_at),
        },
        totals={"Total": event.total},
        link=_documents_link(event.order_id),
    )


@email_for.register
def _(event: WithdrawalReceived) -> Email:
    # The receipt that the law wants: what was declared, with date and time.
    number, follows = order_number(event.order_id), WITHDRAWAL_SENTENCES[event.outcome]
    if event.unsent:
        follows = f"{follows} {UNSENT_SENTENCE}"
    return Email(
        template="withdrawal-received",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={"order": number, "follows": follows},
        facts={"Order": number, "Withdrawal received": format_date_time(event.received_at)},
        lines=[*event.lines, *(event.unsent or [])],
        link=_order_link(event.order_id),
    )


@email_for.register
def _(event: CreditNoteIssued) -> Email:
    return Email(
        template="credit-note-issued",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={"order": order_number(event.order_id), "number": event.credit_note_number},
        facts={
            "Credit note": event.credit_note_number,
            "For invoice": event.invoice_number,
            "Order": order_number(event.order_id),
            "Date": format_date_time(event.issued_at),
        },
        totals={"Given back": event.amount},
        link=_documents_link(event.order_id),
    )


@email_for.register
def _(event: ReturnReceived) -> Email:
    # No amount: staff may have given back some of it before, which orders takes off. The refund has a mail of its own.
    return Email(
        template="return-received",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={"order": order_number(event.order_id)},
        facts={"Order": order_number(event.order_id), "Arrived": format_date_time(event.received_at)},
        link=_order_link(event.order_id),
    )
