"""Reads the records of a stage: all of them, or those about what has happened since a time.

Causes are read before their effects (Stripe first, mails last), so that what happens meanwhile is missing in no later
record.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from audit.checks.mails import TEMPLATES
from audit.difference import Difference
from audit.ledger import Ledger, OrderRecords
from audit.records import Charge, Fact, SentMail, StripeRefund
from audit.stripe_account import StripeAccount
from audit.tables import AuditTables
from bus.attribute_values import from_item
from bus.batch_items import batch_get
from bus.concurrent_calls import map_concurrently
from bus.journal_reader import JournalledEvent, JournalReader, to_event
from bus.journal_table import RETENTION_SECONDS

OnProgress = Callable[[str], None]
STOCK_FACTS = frozenset({"StockChanged", "ProductCreated"})
BEGUN_BEFORE = timedelta(seconds=2)
"""How long before its charge the first event of an order may be."""
LATEST_OF_STOCK = 25
"""Events of a product's stock that are read where its movements are not added up: its last is among them, in whatever
order they came."""
EXPIRING = timedelta(hours=1)
"""Events this close to the end of their retention may be gone from the journal."""


class LedgerReader:
    """Reads the records of a stage.

    Parameters:
        dynamodb: the DynamoDB client.
        prefix: of the tables' names, such as ``ecom67-dev-``.
        stripe: the Stripe account.
        list_mails: returns the ids of the messages in the mailbox; None where there is none that can be read.
        on_progress: called with what is being read.
    """

    def __init__(
        self,
        dynamodb: Any,
        prefix: str,
        stripe: StripeAccount,
        list_mails: Callable[[], list[str]] | None = None,
        on_progress: OnProgress = lambda _: None,
    ) -> None:
        self._dynamodb = dynamodb
        self._stripe = stripe
        self._tables = AuditTables(dynamodb, prefix)
        self._journal_table = f"{prefix}Journal"
        self._journal = JournalReader(dynamodb, self._journal_table)
        self._list_mails = list_mails
        self._on_progress = on_progress

    @property
    def unreadable(self) -> list[Difference]:
        """The items that could not be read so far."""
        return self._tables.unreadable

    def read_all(self) -> Ledger:
        """Return all records of the stage."""
        ledger = self._begin()
        self._on_progress("Stripe")
        self._add_money(ledger, self._stripe.charges(), self._stripe.refunds())
        self._on_progress("the tables")
        self._add_orders(ledger, None)
        for stock in self._tables.stocks():
            ledger.stocks[stock.product_id] = stock
        ledger.counted_products = set(ledger.stocks)
        self._on_progress("the journal")
        pages = self._dynamodb.get_paginator("scan").paginate(TableName=self._journal_table)
        self._add_facts(ledger, (to_event(item) for page in pages for item in page["Items"]))
        self._on_progress("the mails")
        self._add_mails(ledger, self._tables.mails())
        if self._list_mails:
            ledger.mailbox = self._list_mails()
        return ledger

    def read_since(self, since: datetime, until: datetime | None = None) -> Ledger:
        """Return the records of the orders and products about which something has happened in a period.

        Of an order of the period all is read, also what has happened since.

        Parameters:
            since: start of the period.
            until: its end; None is now.
        """
        ledger = self._begin()
        self._add_money(ledger, self._stripe.charges(since, until), self._stripe.refunds(since, until))
        events = self._journal.between(since, until or datetime.now(UTC))
        self._add_facts(ledger, events)
        # Of a product that was created in the period all movements are known, if the period lasts until now.
        created = {fact.aggregate_id for facts in ledger.stock_facts.values() for fact in _created(facts)}
        self._add_orders(ledger, sorted(ledger.orders))
        self._complete_money(ledger)
        earlier = [order_id for order_id, records in ledger.orders.items() if until or _is_older(records, since)]
        self._add_facts(
            ledger, (event for found in map_concurrently(self._journal.of_order, earlier) for event in found)
        )
        self._add_products(ledger, set() if until else created)
        told = [
            fact.event_id
            for records in ledger.orders.values()
            for fact in records.facts
            if fact.detail_type in TEMPLATES
        ]
        self._add_mails(ledger, self._tables.mails(told))
        raised = {event_id for _, item in ledger.stored() for event_id, _ in item.raised}
        ledger.event_ids |= self._journalled(raised - ledger.event_ids)
        return ledger

    def _begin(self) -> Ledger:
        now = datetime.now(UTC)
        return Ledger(read_at=now, journal_since=now - timedelta(seconds=RETENTION_SECONDS) + EXPIRING)

    def _add_money(self, ledger: Ledger, charges: Iterable[Charge], refunds: Iterable[StripeRefund]) -> None:
        order_by_intent = {}
        for charge in charges:
            ledger.of(charge.order_id).charges.append(charge)
            order_by_intent[charge.intent_id] = charge.order_id
        for refund in refunds:
            if refund.intent_id not in order_by_intent:
                # Of a charge that is older than what is read, or not the shop's.
                for charge in self._stripe.charges(intent_id=refund.intent_id):
                    ledger.of(charge.order_id).charges.append(charge)
                    order_by_intent[refund.intent_id] = charge.order_id
            if order_id := order_by_intent.get(refund.intent_id):
                ledger.of(order_id).refunds.append(refund)

    def _complete_money(self, ledger: Ledger) -> None:
        """Add the charges and refunds of payments that were made outside of the period."""
        for records in list(ledger.orders.values()):
            payment = records.payment
            intent_id = payment.payment_intent_id if payment else None
            if payment is None or intent_id is None:
                continue
            known = {refund.refund_id for refund in records.refunds}
            is_new = intent_id not in {charge.intent_id for charge in records.charges}
            if is_new:
                records.charges += self._stripe.charges(intent_id=intent_id)
            if is_new or {entry.refund_id for entry in payment.refunds.values() if entry.refund_id} - known:
                further = self._stripe.refunds(intent_id=intent_id)
                records.refunds += [refund for refund in further if refund.refund_id not in known]

    def _add_orders(self, ledger: Ledger, ids: list[str] | None) -> None:
        for payment in self._tables.payments(ids):
            ledger.of(payment.order_id).payment = payment
        for checkout in self._tables.checkouts(ids):
            ledger.of(checkout.order_id).checkout = checkout
        for order in self._tables.orders(ids):
            ledger.of(order.order_id).order = order
        for reservation in self._tables.reservations(ids):
            ledger.of(reservation.reservation_id).reservation = reservation

    def _add_products(self, ledger: Ledger, created: set[str]) -> None:
        products = set(ledger.stock_facts)
        products |= {line for reservation in ledger.reservations() for line in reservation.lines}
        for stock in self._tables.stocks(products):
            ledger.stocks[stock.product_id] = stock
        holders = {holder for stock in ledger.stocks.values() for holder in stock.holds} - ledger.orders.keys()
        for reservation in self._tables.reservations(holders):
            ledger.further_reservations[reservation.reservation_id] = reservation
        ledger.counted_products = created
        latest = partial(self._journal.of_aggregate, latest=LATEST_OF_STOCK)
        older = map_concurrently(latest, sorted(products - created))
        self._add_facts(ledger, (event for found in older for event in found))

    def _add_facts(self, ledger: Ledger, events: Iterable[JournalledEvent]) -> None:
        for event in events:
            if event.event_id in ledger.event_ids:
                continue
            ledger.event_ids.add(event.event_id)
            if event.violations or not isinstance(event.detail, dict):
                continue
            fact = _fact(event)
            if fact.detail_type in STOCK_FACTS:
                ledger.stock_facts[fact.aggregate_id].append(fact)
            elif fact.order_id:
                ledger.of(fact.order_id).facts.append(fact)
        for facts in (*ledger.stock_facts.values(), *(records.facts for records in ledger.orders.values())):
            facts.sort(key=lambda fact: fact.at)

    def _add_mails(self, ledger: Ledger, mails: Iterable[SentMail]) -> None:
        order_by_event = {fact.event_id: order_id for order_id, of in ledger.orders.items() for fact in of.facts}
        for mail in mails:
            about = order_by_event.get(mail.event_id) or mail.subject_id
            if about:
                ledger.of(about).mails.append(mail)

    def _journalled(self, event_ids: set[str]) -> set[str]:
        keys = ({"eventId": event_id} for event_id in sorted(event_ids))
        read = partial(batch_get, self._dynamodb, self._journal_table)
        return {from_item(item)["eventId"] for item in read(keys, ProjectionExpression="eventId", ConsistentRead=True)}


def _created(facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.detail_type == "ProductCreated"]


def _is_older(records: OrderRecords, since: datetime) -> bool:
    """Return whether an order has events from before a time, as far as its records tell."""
    begun = [datetime.fromtimestamp(charge.created, UTC) for charge in records.charges]
    begun += [records.order.history[0].at] if records.order else []
    # Its checkout began before it was charged. Without either, nothing tells.
    return not begun or min(begun) - BEGUN_BEFORE < since


def _fact(event: JournalledEvent) -> Fact:
    return Fact(
        event_id=event.event_id,
        detail_type=event.detail_type,
        aggregate_id=event.aggregate_id,
        sequence=event.detail["metadata"]["sequence"],
        at=event.occurred_at,
        seen_at=event.journalled_at,
        data=event.detail["data"],
    )
