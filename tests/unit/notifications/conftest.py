"""One event of each kind that shoppers are told of, and the send log in moto's DynamoDB."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws

from schemas.cart import CartAbandoned
from schemas.checkout import CheckoutFailed
from schemas.contract import Line, Money
from schemas.event import Event
from schemas.identity import ExportReady
from schemas.invoices import CreditNoteIssued, InvoiceIssued
from schemas.orders import OrderCancelled, OrderDelivered, OrderPlaced, OrderRefunded, OrderShipped, ParcelDelivered
from schemas.returns import ReceivedUnits, ReturnReceived, WithdrawalReceived
from services.notifications.domain import Email, email_for

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

HOSTILE = '"><script>alert(1)</script>\r\nBcc: all@example.com\n\n$order ${total} \u202egnp.exe & co'
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def cents(amount: int) -> Money:
    return Money(amount=amount)


def one_of_each(text: str = "Kettle", user_id: str = "ada") -> list[Event]:
    """Return the events, with ``text`` wherever somebody outside could have written it."""
    lines = [
        Line(product_id="kettle", name=text, quantity=2, unit_price=cents(6450), image_url=text),
        Line(product_id="cup", name="Cup", quantity=1, unit_price=cents(1050)),
    ]
    order_id = "k7f3q2m"
    return [
        OrderPlaced(
            order_id=order_id,
            user_id=user_id,
            lines=lines,
            subtotal=cents(13950),
            shipping=cents(599),
            total=cents(14549),
            placed_at=NOON,
        ),
        OrderShipped(order_id=order_id, user_id=user_id, carrier=text, tracking_number=f"No. {text}", shipped_at=NOON),
        ParcelDelivered(order_id=order_id, user_id=user_id, parcel_id="1", delivered_at=NOON),
        OrderDelivered(order_id=order_id, user_id=user_id, delivered_at=NOON),
        OrderCancelled(
            order_id=order_id,
            user_id=user_id,
            lines=lines,
            total=cents(14549),
            cancelled_by="STAFF",
            reason=text,
            cancelled_at=NOON,
        ),
        OrderRefunded(
            order_id=order_id,
            user_id=user_id,
            amount=cents(5000),
            refunded_total=cents(6000),
            fully_refunded=False,
            refunded_at=NOON,
        ),
        CheckoutFailed(order_id=order_id, user_id=user_id, reason="DECLINED", message=text, answered=False),
        CartAbandoned(user_id=user_id, lines=lines, subtotal=cents(13950), last_touched_at=NOON),
        ExportReady(export_id="0195941f", user_id=user_id, expires_at=NOON),
        InvoiceIssued(
            order_id=order_id,
            user_id=user_id,
            invoice_number="INV-2026-000001",
            total=cents(14549),
            issued_at=NOON,
        ),
        CreditNoteIssued(
            order_id=order_id,
            user_id=user_id,
            credit_note_number="CN-2026-000001",
            invoice_number="INV-2026-000001",
            amount=cents(5000),
            issued_at=NOON,
        ),
        WithdrawalReceived(
            withdrawal_id="w-1",
            order_id=order_id,
            user_id=user_id,
            outcome="RETURN_OPENED",
            lines=lines,
            return_id=f"{order_id}-1",
            received_at=NOON,
        ),
        ReturnReceived(
            return_id=f"{order_id}-1",
            order_id=order_id,
            user_id=user_id,
            lines=[ReceivedUnits(product_id="cup", restocked=1, written_off=0)],
            refund=cents(1050),
            reason="WITHDRAWN",
            received_at=NOON,
        ),
    ]


def email_of(event: Event) -> Email:
    """Return the e-mail of an event that causes one."""
    mail = email_for(event)
    assert mail is not None
    return mail


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def dynamodb(aws: None) -> "DynamoDBClient":
    client = boto3.client("dynamodb")
    client.create_table(
        TableName="SendLog",
        KeySchema=[{"AttributeName": "inboxId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "inboxId", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return client


@pytest.fixture
def events() -> Callable[..., list[Event]]:
    """Return what makes one event of each kind."""
    return one_of_each


@pytest.fixture
def hostile() -> str:
    return HOSTILE
