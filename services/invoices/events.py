"""Subscribed events: a parcel left, money was given back, a shopper was erased."""

from collections.abc import Callable
from functools import partial

from bus.consumer import Consumer, RejectedEventError
from schemas.event import Envelope
from schemas.identity import UserDeleted
from schemas.orders import OrderRefunded, OrderShipped
from services.invoices.dependencies import issuing
from services.invoices.domain import InvoiceMismatchError, Refund

consumer = Consumer("invoices")


@consumer.on(OrderShipped)
def invoice_order(event: Envelope[OrderShipped]) -> None:
    """Issue the invoice of the whole order at its first parcel. Further parcels find it issued."""
    shipped = event.data
    _checked(partial(issuing().invoice, shipped.order_id, shipped.user_id, shipped.shipped_at))


@consumer.on(OrderRefunded)
def credit_refund(event: Envelope[OrderRefunded]) -> None:
    """Issue a credit note for a refund of an invoiced order."""
    refunded = event.data
    refund = Refund(amount=refunded.amount, tax=refunded.tax, refunded_at=refunded.refunded_at)
    _checked(partial(issuing().record_refund, refunded.order_id, refunded.user_id, event.metadata.event_id, refund))


@consumer.on(UserDeleted)
def erase_recipient(event: Envelope[UserDeleted]) -> None:
    """Take a shopper's name and address off their documents. The documents stay: the law requires them."""
    issuing().erase(event.data.user_id)


def _checked(issue: Callable[[], None]) -> None:
    try:
        issue()
    except InvoiceMismatchError as error:
        raise RejectedEventError(str(error)) from error
