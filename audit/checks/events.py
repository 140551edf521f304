"""Events: what happened has its event in the journal, once, and no event tells what did not happen."""

from collections.abc import Iterator
from datetime import datetime

from audit.difference import Difference, shown
from audit.ledger import Ledger, OrderRecords
from audit.records import Fact
from schemas.contract import Money

EVENT_OF_STATUS = {
    "PROCESSING": "OrderPlaced",
    "PARTIALLY_SHIPPED": "OrderShipped",
    "SHIPPED": "OrderShipped",
    "DELIVERED": "OrderDelivered",
    "CANCELLED": "OrderCancelled",
}
"""The event by which an order announces that it reached a status."""
ONCE_AN_ORDER = (
    *("OrderPlaced", "OrderDelivered", "OrderCancelled"),
    *("PaymentSucceeded", "CheckoutCompleted", "StockShort"),
)
ONCE_A_PARCEL = ("OrderShipped", "ParcelDelivered")


def event_differences(records: OrderRecords, ledger: Ledger) -> Iterator[Difference]:
    """Yield what differs between the records of an order and its events.

    Parameters:
        records: of the order.
        ledger: all records.
    """
    for kind, sentence in (
        *_missing(records, ledger.journal_since),
        *_repeated(records),
        *_of_nobody(records),
        *_amounts(records),
    ):
        yield Difference(kind, f"Order {records.order_id}: {sentence}", order_id=records.order_id)


def outbox_differences(ledger: Ledger) -> Iterator[Difference]:
    """Yield the events in the items' outboxes that the journal does not have.

    Parameters:
        ledger: all records.
    """
    for name, item in ledger.stored():
        for event_id, detail_type in item.raised:
            if event_id not in ledger.event_ids and _made_at_ms(event_id) >= ledger.journal_since.timestamp() * 1000:
                sentence = f"{detail_type} {event_id}, which the {name} raised, is not in the journal."
                yield Difference(
                    "EVENT_MISSING",
                    sentence[:1].upper() + sentence[1:],
                    order_id=getattr(item, "order_id", getattr(item, "reservation_id", None)),
                    product_id=getattr(item, "product_id", None),
                )


def _made_at_ms(event_id: str) -> int:
    """Return when an event was made: a UUIDv7 begins with its milliseconds since the epoch; 0 for any other id."""
    digits = event_id.replace("-", "")[:12]
    try:
        return int(digits, 16)
    except ValueError:
        return 0


def _missing(records: OrderRecords, since: datetime) -> Iterator[tuple[str, str]]:
    if order := records.order:
        reached = {change.status: change.at for change in reversed(order.history)}
        for status, at in reached.items():
            event = EVENT_OF_STATUS.get(status)
            if event and at >= since and not records.facts_of(event):
                yield "EVENT_MISSING", f"it became {status}, and {event} is not in the journal."
        told_parcels = {fact.data.get("parcelId") for fact in records.facts_of("OrderShipped")}
        for parcel in order.parcels:
            if told_parcels and parcel.shipped_at >= since and parcel.parcel_id not in told_parcels | {None}:
                yield (
                    "EVENT_MISSING",
                    f"parcel {parcel.parcel_id} was sent, and its OrderShipped is not in the journal.",
                )
    payment = records.payment
    young = bool(records.charges) and min(charge.created for charge in records.charges) >= since.timestamp()
    if payment is None or not young:
        return
    if payment.status == "SUCCEEDED" and not records.facts_of("PaymentSucceeded"):
        yield "EVENT_MISSING", "its payment succeeded, and PaymentSucceeded is not in the journal."
    told = {fact.data.get("refundId") for fact in records.facts if fact.detail_type.startswith("PaymentRefunded")}
    for entry in payment.refunds.values():
        if entry.refund_id and entry.refund_id not in told:
            yield "EVENT_MISSING", f"refund {entry.refund_id} is paid, and PaymentRefunded is not in the journal."


def _repeated(records: OrderRecords) -> Iterator[tuple[str, str]]:
    for detail_type in ONCE_AN_ORDER:
        facts = records.facts_of(detail_type)
        if len(facts) > 1:
            yield "EVENT_REPEATED", f"{detail_type} was raised {len(facts)} times ({_ids(facts)})."
    for detail_type in ONCE_A_PARCEL:
        by_parcel: dict[object, list[Fact]] = {}
        for fact in records.facts_of(detail_type):
            by_parcel.setdefault(fact.data.get("parcelId"), []).append(fact)
        for facts in by_parcel.values():
            if len(facts) > 1:
                yield "EVENT_REPEATED", f"{detail_type} was raised {len(facts)} times of a parcel ({_ids(facts)})."


def _of_nobody(records: OrderRecords) -> Iterator[tuple[str, str]]:
    about_order = [fact for fact in records.facts if fact.detail_type in EVENT_OF_STATUS.values()]
    if about_order and records.order is None:
        yield "EVENT_OF_NOBODY", f"{_types(about_order)} told of an order that does not exist ({_ids(about_order)})."
    elif records.order:
        reached = {change.status for change in records.order.history}
        statuses_of: dict[str, list[str]] = {}
        for status, detail_type in EVENT_OF_STATUS.items():
            statuses_of.setdefault(detail_type, []).append(status)
        for detail_type, statuses in statuses_of.items():
            facts = records.facts_of(detail_type)
            if facts and reached.isdisjoint(statuses):
                named = " or ".join(reversed(statuses))
                yield (
                    "EVENT_OF_NOBODY",
                    f"{detail_type} told that it became {named}, and it never did ({_ids(facts)}).",
                )
        yield from _of_no_parcel(records, {parcel.parcel_id for parcel in records.order.parcels})
    paid = records.facts_of("PaymentSucceeded")
    if paid and (records.payment is None or records.payment.status != "SUCCEEDED"):
        yield "EVENT_OF_NOBODY", f"PaymentSucceeded told of a payment that did not succeed ({_ids(paid)})."
    known = {entry.refund_id for entry in records.payment.refunds.values()} if records.payment else set()
    for fact in records.facts:
        if fact.detail_type.startswith("PaymentRefunded") and fact.data.get("refundId") not in known:
            told = f"{fact.detail_type} {fact.event_id} told of refund {fact.data.get('refundId')}"
            yield "EVENT_OF_NOBODY", f"{told}, which the payment does not have."


def _of_no_parcel(records: OrderRecords, parcel_ids: set[str]) -> Iterator[tuple[str, str]]:
    for fact in (fact for detail_type in ONCE_A_PARCEL for fact in records.facts_of(detail_type)):
        if (parcel_id := fact.data.get("parcelId")) and parcel_id not in parcel_ids:
            yield "EVENT_OF_NOBODY", f"{fact.detail_type} {fact.event_id} told of parcel {parcel_id}, which is none."


def _amounts(records: OrderRecords) -> Iterator[tuple[str, str]]:
    order, payment = records.order, records.payment
    for fact in records.facts_of("OrderPlaced"):
        if order and _money(fact, "total") not in (None, order.total):
            yield "AMOUNTS_DIFFER", f"OrderPlaced told {_shown(fact, 'total')}, and its total is {shown(order.total)}."
    for fact in records.facts_of("PaymentSucceeded"):
        if payment and payment.amount and _money(fact, "amount") not in (None, payment.amount):
            told = _shown(fact, "amount")
            yield "AMOUNTS_DIFFER", f"PaymentSucceeded told {told}, and the payment is {shown(payment.amount)}."


def _money(fact: Fact, field: str) -> Money | None:
    value = fact.data.get(field)
    return Money.model_validate(value, extra="ignore") if isinstance(value, dict) else None


def _shown(fact: Fact, field: str) -> str:
    amount = _money(fact, field)
    return shown(amount) if amount else "nothing"


def _ids(facts: list[Fact]) -> str:
    return ", ".join(fact.event_id for fact in facts)


def _types(facts: list[Fact]) -> str:
    return ", ".join(sorted({fact.detail_type for fact in facts}))
