"""Subscribed events: those of which a shopper gets an e-mail."""

from typing import Any

from bus.consumer import Consumer, Replay
from schemas.cart import CartAbandoned
from schemas.checkout import CheckoutFailed
from schemas.event import Envelope, Event
from schemas.identity import ExportReady
from schemas.invoices import CreditNoteIssued, InvoiceIssued
from schemas.orders import OrderCancelled, OrderDelivered, OrderPlaced, OrderRefunded, OrderShipped, ParcelDelivered
from schemas.returns import ReturnReceived, WithdrawalReceived
from services.notifications.dependencies import email_topic
from services.notifications.domain import email_for

EMAILED_EVENTS: tuple[type[Event], ...] = (
    OrderPlaced,
    OrderShipped,
    ParcelDelivered,
    OrderDelivered,
    OrderCancelled,
    OrderRefunded,
    CheckoutFailed,
    CartAbandoned,
    ExportReady,
    InvoiceIssued,
    CreditNoteIssued,
    WithdrawalReceived,
    ReturnReceived,
)

consumer = Consumer("notifications")


def publish_email(event: Envelope[Any]) -> None:
    """Publish the e-mail of an event on the topic, if it causes one. Published twice, it is still sent once."""
    email = email_for(event.data)
    if email:
        email_topic().publish(email)


for event_class in EMAILED_EVENTS:
    consumer.on(event_class, replay=Replay.DENY, effect="email")(publish_email)
