"""Which e-mail an event causes, and what it says."""

from functools import singledispatch
from typing import Literal
from urllib.parse import quote

from schemas.cart import CartAbandoned
from schemas.contract import Contract, Identifier, Line, Money
from schemas.event import Event
from schemas.orders import OrderCancelled, OrderDelivered, OrderPlaced, OrderRefunded, OrderShipped
from schemas.payment import PaymentFailed
from services.notifications.wording import amount, date

TemplateName = Literal[
    "order-placed",
    "order-shipped",
    "order-delivered",
    "order-cancelled",
    "order-refunded",
    "payment-failed",
    "cart-abandoned",
]


class Link(Contract):
    """Where in the shop a mail leads."""

    label: str
    path: str


CART = Link(label="Go to your cart", path="/cart")


def _order(order_id: str) -> Link:
    return Link(label="See your order", path=f"/orders/{quote(order_id, safe='')}")


class UndeliverableError(Exception):
    """A mail that can never be sent; the text is a code that names nobody."""


class Mail(Contract):
    """An e-mail to write to somebody. It names them by id; the address is asked for when it is sent.

    Attributes:
        template: the words.
        user_id: whom it is for.
        subject_id: what it is about: an order, or the cart of that person.
        words: what the template leaves open.
        facts: values by their labels, in their order.
        lines: what was bought.
        totals: amounts by their labels, in their order; the last one is what counts.
        link: where it leads.
    """

    template: TemplateName
    user_id: Identifier
    subject_id: Identifier
    words: dict[str, str] = {}
    facts: dict[str, str] = {}
    lines: list[Line] = []
    totals: dict[str, Money] = {}
    link: Link


CANCELLED_BECAUSE = {
    "SHOPPER": "We cancelled your order, as you asked.",
    "STAFF": "We are sorry: we had to cancel your order.",
    "SYSTEM": "We are sorry: something you ordered sold out before we could pack it, so we cancelled your order.",
}
DECLINED_BECAUSE = {
    "insufficient_funds": "There was not enough money on the card for this payment.",
    "expired_card": "The card has expired.",
    "incorrect_cvc": "The card's security code was not right.",
    "incorrect_number": "The card's number was not right.",
    "processing_error": "The bank could not process the payment just then.",
    "authentication_required": "The bank wanted you to confirm the payment, and that did not happen.",
}
"""By Stripe's decline code. Of a card that is reported lost or stolen, a mail says no more than of any other."""


@singledispatch
def mail_of(event: Event) -> Mail:
    """Return the e-mail that an event causes; raises TypeError for one that causes none."""
    raise TypeError(f"{type(event).__name__} causes no e-mail")


@mail_of.register
def _(event: OrderPlaced) -> Mail:
    return Mail(
        template="order-placed",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={"order": event.order_id},
        facts={"Order": event.order_id, "Placed": date(event.placed_at)},
        lines=event.lines,
        totals={"Subtotal": event.subtotal, "Shipping": event.shipping, "Total": event.total},
        link=_order(event.order_id),
    )


@mail_of.register
def _(event: OrderShipped) -> Mail:
    return Mail(
        template="order-shipped",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={"order": event.order_id, "carrier": event.carrier},
        facts={
            "Order": event.order_id,
            "Sent": date(event.shipped_at),
            "Carrier": event.carrier,
            "Tracking number": event.tracking_number,
        },
        link=_order(event.order_id),
    )


@mail_of.register
def _(event: OrderDelivered) -> Mail:
    return Mail(
        template="order-delivered",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={"order": event.order_id},
        facts={"Order": event.order_id, "Delivered": date(event.delivered_at)},
        link=_order(event.order_id),
    )


@mail_of.register
def _(event: OrderCancelled) -> Mail:
    return Mail(
        template="order-cancelled",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={"order": event.order_id, "because": CANCELLED_BECAUSE[event.cancelled_by], "total": amount(event.total)},
        facts={"Order": event.order_id, "Cancelled": date(event.cancelled_at)},
        lines=event.lines,
        totals={"Total": event.total},
        link=_order(event.order_id),
    )


@mail_of.register
def _(event: OrderRefunded) -> Mail:
    return Mail(
        template="order-refunded",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={
            "order": event.order_id,
            "amount": amount(event.amount),
            "extent": "With this you have all of your money back."
            if event.fully_refunded
            else "The rest of your order stays as it is.",
        },
        facts={"Order": event.order_id, "Refunded": date(event.refunded_at)},
        totals={"This refund": event.amount, "Refunded in all": event.refunded_total},
        link=_order(event.order_id),
    )


@mail_of.register
def _(event: PaymentFailed) -> Mail:
    # There is no order to lead to: what the shopper wanted is still in the cart.
    return Mail(
        template="payment-failed",
        user_id=event.user_id,
        subject_id=event.order_id,
        words={
            "amount": amount(event.amount),
            "because": DECLINED_BECAUSE.get(event.decline_code, "The bank declined the card and gave no reason."),
        },
        totals={"Not charged": event.amount},
        link=CART,
    )


@mail_of.register
def _(event: CartAbandoned) -> Mail:
    return Mail(
        template="cart-abandoned",
        user_id=event.user_id,
        subject_id=event.user_id,
        lines=event.lines,
        totals={"Subtotal": event.subtotal},
        link=CART,
    )
