"""Reads the records of a stage: all of them, or those about what has happened since a time.

Causes are read before their effects (Stripe first, mails last), so that what happens meanwhile is missing in no later
record.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import partial

import httpx

from bus.attribute_values import from_item
from bus.batch_items import batch_get
from bus.journal import RETENTION_SECONDS
from ecom67.audit.checks.mails import TEMPLATES
from ecom67.audit.difference import Difference
from ecom67.audit.ledger import Ledger, OrderRecords
from ecom67.audit.records import Charge, Fact, SentMail, StripeRefund
from ecom67.audit.stripe_account import StripeAccount
from ecom67.audit.tables import AuditTables
from ecom67.events.journal import JournalledEvent, JournalReader, to_event
from ecom67.stage_client import StageClient, map_concurrently

OnProgress = Callable[[str], None]
STOCK_FACTS = frozenset({"StockChanged", "ProductCreated"})
BEGUN_BEFORE = timedelta(seconds=2)
"""How long before its charge the first event of an order may be."""
EXPIRING = timedelta(hours=1)
"""Events this close to the end of their retention may be gone from the journal."""


class LedgerReader:
    """Reads the records of a stage.

    Parameters:
        stage: the stage.
        mailbox_url: URL of the sent e-mails, which only the local stage has.
        on_progress: called with what is being read.
    """

    def __init__(
        self, stage: StageClient, mailbox_url: str | None = None, on_progress: OnProgress = lambda _: None
    ) -> None:
        self._stage = stage
        self._stripe = StripeAccount.of(stage)
        self._tables = AuditTables(stage)
        self._journal = JournalReader(stage)
        self._journal_table = stage.published["bus/journal-table"]
        self._mailbox_url = mailbox_url
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
        pages = self._stage.client("dynamodb").get_paginator("scan").paginate(TableName=self._journal_table)
        self._add_facts(ledger, (to_event(item) for page in pages for item in page["Items"]))
        self._on_progress("the mails")
        self._add_mails(ledger, self._tables.mails())
        if self._mailbox_url:
            accounts = httpx.get(self._mailbox_url, trust_env=False).raise_for_status().json()["messages"]
            messages = (message for sent in accounts.values() for message in sent)
            # Cognito's own mails, with codes, are not the shop's.
            ledger.mailbox = [mail["MessageId"] for mail in messages if not mail["Type"].startswith("Cognito")]
        return ledger

    def read_since(self, since: datetime) -> Ledger:
        """Return the records of the orders and products about which something has happened since a time."""
        ledger = self._begin()
        self._add_money(ledger, self._stripe.charges(since), self._stripe.refunds(since))
        events = self._journal.between(since, datetime.now(UTC))
        self._add_facts(ledger, events)
        created = {fact.aggregate_id for facts in ledger.stock_facts.values() for fact in _created(facts)}
        self._add_orders(ledger, sorted(ledger.orders))
        self._complete_money(ledger)
        earlier = [order_id for order_id, records in ledger.orders.items() if _is_older(records, since)]
        self._add_facts(
            ledger, (event for found in map_concurrently(self._journal.of_order, earlier) for event in found)
        )
        self._add_products(ledger, created)
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
        """Add the charges and refunds of payments that were made before what is read."""
        for records in list(ledger.orders.values()):
            intent_id = records.payment.payment_intent_id if records.payment else None
            if intent_id and intent_id not in {charge.intent_id for charge in records.charges}:
                known = {refund.refund_id for refund in records.refunds}
                records.charges += self._stripe.charges(intent_id=intent_id)
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
        older = map_concurrently(self._journal.of_aggregate, sorted(products - created))
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
        read = partial(batch_get, self._stage.client("dynamodb"), self._journal_table)
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
