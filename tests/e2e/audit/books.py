"""Orders of every end, and the damages that can be done to the records of them, each undone at the end of its block."""

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.comparison import AuditReport, audit
from bus.attribute_values import from_item, to_item
from ecom67.audit.stage_reader import ledger_reader
from ecom67.demo.journal import deployed
from ecom67.local.connection import Connection
from schemas.event import new_event_id

Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Books:
    """What was sold for the tests of the audit.

    Attributes:
        stage: the stage.
        since: when the first of it began.
        product_id: what all of them bought.
        placed: an order that is PROCESSING.
        refunded: an order that was cancelled, and whose money is back.
        declined: a checkout whose card was declined.
    """

    stage: Connection
    since: datetime
    product_id: str
    placed: str
    refunded: str
    declined: str

    def audited(self, *, whole: bool = False) -> AuditReport:
        """Return the audit of what was sold here, or of the whole stage."""
        return audit(ledger_reader(deployed(self.stage), self.stage.mailbox_url), None if whole else self.since)

    def item(self, table: str, **key: str) -> Item:
        """Return an item of a table."""
        found = self.stage.client("dynamodb").get_item(TableName=f"ecom67-local-{table}", Key=to_item(key))
        return from_item(found["Item"])

    def order(self, order_id: str) -> Item:
        """Return the item of an order."""
        found = self.stage.client("dynamodb").query(
            TableName="ecom67-local-Orders",
            KeyConditionExpression="orderId = :id",
            ExpressionAttributeValues=to_item({":id": order_id}),
        )
        return from_item(found["Items"][0])

    def event(self, detail_type: str, order_id: str) -> Item:
        """Return the item of an order's event in the journal."""
        found = self.stage.client("dynamodb").query(
            TableName="ecom67-local-Journal",
            IndexName="aggregate-index",
            KeyConditionExpression="aggregateId = :id",
            ExpressionAttributeValues=to_item({":id": order_id}),
        )
        items = (self.item("Journal", eventId=event["eventId"]) for event in map(from_item, found["Items"]))
        return next(item for item in items if item["detailType"] == detail_type)

    def put(self, table: str, item: Mapping[str, object]) -> None:
        """Write an item."""
        self.stage.client("dynamodb").put_item(TableName=f"ecom67-local-{table}", Item=to_item(item))

    def delete(self, table: str, **key: str) -> None:
        """Delete an item."""
        self.stage.client("dynamodb").delete_item(TableName=f"ecom67-local-{table}", Key=to_item(key))


Damage = Callable[[Books], AbstractContextManager[str]]
"""Does a damage and yields the id that the audit has to name."""


@contextmanager
def _written(books: Books, table: str, before: Item, changes: Item, names: str) -> Iterator[str]:
    books.put(table, before | changes)
    try:
        yield names
    finally:
        books.put(table, before)


def payment(order: str, **changes: object) -> Damage:
    """Change the payment of an order."""

    def damage(books: Books) -> AbstractContextManager[str]:
        order_id = getattr(books, order)
        return _written(books, "Payments", books.item("Payments", orderId=order_id), changes, order_id)

    return damage


def order(order: str, **changes: object) -> Damage:
    """Change an order."""

    def damage(books: Books) -> AbstractContextManager[str]:
        order_id = getattr(books, order)
        return _written(books, "Orders", books.order(order_id), changes, order_id)

    return damage


def checkout(order: str, **changes: object) -> Damage:
    """Change the checkout of an order."""

    def damage(books: Books) -> AbstractContextManager[str]:
        order_id = getattr(books, order)
        return _written(books, "Checkouts", books.item("Checkouts", orderId=order_id), changes, order_id)

    return damage


def reservation(order: str, **changes: object) -> Damage:
    """Change the reservation of an order."""

    def damage(books: Books) -> AbstractContextManager[str]:
        order_id = getattr(books, order)
        return _written(books, "Reservations", books.item("Reservations", reservationId=order_id), changes, order_id)

    return damage


def stock(change: Callable[[Item], Item]) -> Damage:
    """Change the stock of the product."""

    def damage(books: Books) -> AbstractContextManager[str]:
        before = books.item("Stock", productId=books.product_id)
        return _written(books, "Stock", before, change(before), books.product_id)

    return damage


def shipped_after_the_refund(books: Books) -> AbstractContextManager[str]:
    before = books.order(books.refunded)
    history = [*before["history"], {"status": "SHIPPED", "at": "2099-01-01T00:00:00.000Z"}]
    return _written(books, "Orders", before, {"history": history}, books.refunded)


@contextmanager
def event_lost(books: Books) -> Iterator[str]:
    event = books.event("OrderPlaced", books.placed)
    books.delete("Journal", eventId=event["eventId"])
    try:
        yield books.placed
    finally:
        books.put("Journal", event)


@contextmanager
def event_copied(books: Books, *, order_id: str | None = None) -> Iterator[str]:
    """Put a second OrderPlaced into the journal, of the same order or of one that does not exist."""
    event = books.event("OrderPlaced", books.placed)
    detail = json.loads(event["detail"])
    detail["metadata"]["eventId"] = event_id = new_event_id()
    detail["data"]["orderId"] = about = order_id or books.placed
    books.put(
        "Journal",
        event
        | {
            "eventId": event_id,
            "aggregateId": about,
            "detail": json.dumps(detail),
            "journalledAt": int(time.time() * 1000),
        },
    )
    try:
        yield event_id
    finally:
        books.delete("Journal", eventId=event_id)


def event_of_nobody(books: Books) -> AbstractContextManager[str]:
    return event_copied(books, order_id=secrets.token_hex(12))


@contextmanager
def mail_repeated(books: Books) -> Iterator[str]:
    sent = books.item("SendLog", inboxId=f"email#{books.event('OrderPlaced', books.placed)['eventId']}")
    with event_copied(books) as event_id:
        copy = {name: value for name, value in sent.items() if name != "outbox"}
        books.put("SendLog", copy | {"inboxId": f"email#{event_id}", "messageId": "another"})
        try:
            yield books.placed
        finally:
            books.delete("SendLog", inboxId=f"email#{event_id}")


def mail_not_sent(books: Books) -> AbstractContextManager[str]:
    event_id = books.event("OrderPlaced", books.placed)["eventId"]
    sent = books.item("SendLog", inboxId=f"email#{event_id}")
    return _written(books, "SendLog", sent, {"state": "CLAIMED"}, event_id)


IN_HALF_AN_HOUR = int(time.time() * 1000) + 30 * 60 * 1000

DAMAGES: dict[str, tuple[str, Damage]] = {
    "an order without a charge": ("ORDER_WITHOUT_CHARGE", order("placed", paymentIntentId="pi_none")),
    "a payment without a charge": ("PAYMENT_WITHOUT_CHARGE", payment("placed", paymentIntentId="pi_none")),
    "a charge that is not recorded": ("CHARGE_NOT_RECORDED", payment("placed", status="FAILED")),
    "amounts that differ": ("AMOUNTS_DIFFER", payment("placed", amount={"amount": 1, "currency": "USD"})),
    "a total that does not add up": ("TOTAL_DIFFERS", order("placed", shipping={"amount": 1, "currency": "USD"})),
    "money kept of a cancelled order": ("MONEY_KEPT", order("placed", status="CANCELLED")),
    "an order that is behind its refund": ("STATUS_BEHIND", order("refunded", status="CANCELLED")),
    "a refund that is not recorded": ("REFUND_NOT_RECORDED", payment("refunded", refunds={})),
    "a refund that the order does not know": ("REFUND_OF_ORDER_DIFFERS", order("refunded", refunds={})),
    "a refund that was never paid": (
        "REFUND_NOT_PAID",
        payment("placed", refunds={"staff-1": {"asked": {"amount": 5, "currency": "USD"}, "reason": "x"}}),
    ),
    "a recorded refund without money": (
        "REFUND_WITHOUT_MONEY",
        payment("placed", refunds={"staff-1": {"refundId": "re_none", "given": {"amount": 5, "currency": "USD"}}}),
    ),
    "shipped after its refund": ("SHIPPED_AFTER_REFUND", shipped_after_the_refund),
    "a completed checkout without an order": ("ORDER_MISSING", checkout("declined", status="COMPLETED")),
    "an order of a failed checkout": ("ORDER_OF_FAILED_CHECKOUT", checkout("placed", status="FAILED")),
    "a reservation left": (
        "RESERVATION_LEFT",
        reservation("declined", state="HELD", holdExpiresAt=IN_HALF_AN_HOUR),
    ),
    "a reservation that does not fit its order": ("RESERVATION_DIFFERS", reservation("placed", state="RETURNED")),
    "a hold that the stock does not have": (
        "HOLD_DIFFERS",
        reservation("placed", state="HELD", holdExpiresAt=IN_HALF_AN_HOUR),
    ),
    "a hold of nobody": (
        "HOLD_LEFT",
        stock(lambda before: {"holds": {"nobody": {"quantity": 1, "expiresAt": IN_HALF_AN_HOUR}}}),
    ),
    "units that are gone": (
        "STOCK_DIFFERS_FROM_MOVEMENTS",
        stock(lambda before: {"onHand": before["onHand"] - 1, "available": before["available"] - 1}),
    ),
    "stock that does not add up": (
        "STOCK_DOES_NOT_ADD_UP",
        stock(lambda before: {"available": before["available"] + 1}),
    ),
    "stock of which something else was told": (
        "TOLD_OTHERWISE",
        stock(lambda before: {"onHand": before["onHand"] + 1, "available": before["available"] + 1}),
    ),
    "an event that is missing": ("EVENT_MISSING", event_lost),
    "an event that was raised twice": ("EVENT_REPEATED", event_copied),
    "an event of nobody": ("EVENT_OF_NOBODY", event_of_nobody),
    "a mail that was not sent": ("MAIL_MISSING", mail_not_sent),
    "a mail that was sent twice": ("MAIL_REPEATED", mail_repeated),
    "an item that cannot be read": ("UNREADABLE", payment("placed", amount="much")),
}
"""By name: the kind of difference that an audit has to find, and the damage."""
