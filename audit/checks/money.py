"""Money: what Stripe took and gave back, and what payment and orders have recorded of it."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from audit.difference import Difference, shown
from audit.ledger import OrderRecords
from audit.records import RecordedRefund


def money_differences(records: OrderRecords, now: datetime) -> Iterator[Difference]:
    """Yield what differs about the money of an order.

    Parameters:
        records: of the order.
        now: when they were read.
    """
    for kind, sentence in (
        *_charges(records),
        *_amounts(records),
        *_kept(records, now),
        *_refunds(records),
        *_refunds_of_order(records),
    ):
        yield Difference(kind, f"Order {records.order_id}: {sentence}", order_id=records.order_id)


Found = Iterator[tuple[str, str]]
"""Kind and sentence."""


def _charges(records: OrderRecords) -> Found:
    payment, order = records.payment, records.order
    intents = {charge.intent_id for charge in records.charges}
    if records.charges and (payment is None or payment.status != "SUCCEEDED"):
        taken = ", ".join(f"{shown(charge.amount)} ({charge.intent_id})" for charge in records.charges)
        known = f"the payment is {payment.status}" if payment else "there is no payment"
        yield "CHARGE_NOT_RECORDED", f"Stripe has charged {taken}, and {known}."
    if payment and payment.status == "SUCCEEDED" and payment.payment_intent_id not in intents:
        yield "PAYMENT_WITHOUT_CHARGE", f"the payment says {payment.payment_intent_id} succeeded; Stripe has no charge."
    if order and order.payment_intent_id not in intents:
        yield (
            "ORDER_WITHOUT_CHARGE",
            f"it is {order.status} over {shown(order.total)}; Stripe has no charge of {order.payment_intent_id}.",
        )
    keeping = [charge for charge in records.charges if _kept_of(records, charge.intent_id) > 0]
    if len(keeping) > 1:
        taken = ", ".join(f"{shown(charge.amount)} ({charge.intent_id})" for charge in keeping)
        yield "CHARGED_TWICE", f"Stripe keeps {taken} for one order."


def _kept_of(records: OrderRecords, intent_id: str) -> int:
    taken = sum(charge.amount.amount for charge in records.charges if charge.intent_id == intent_id)
    return taken - sum(
        refund.amount.amount for refund in records.refunds if refund.intent_id == intent_id and refund.is_paid
    )


def _amounts(records: OrderRecords) -> Found:
    payment, order, checkout = records.payment, records.order, records.checkout
    said = {
        **{f"Stripe has charged {shown(charge.amount)}": charge.amount for charge in records.charges},
        **({f"the payment is {shown(payment.amount)}": payment.amount} if payment and payment.amount else {}),
        **({f"the order's total is {shown(order.total)}": order.total} if order else {}),
        **(
            {f"the checkout's quote is {shown(checkout.quote.total)}": checkout.quote.total}
            if checkout and checkout.quote and (records.charges or payment or order)
            else {}
        ),
    }
    if len({(amount.amount, amount.currency) for amount in said.values()}) > 1:
        yield "AMOUNTS_DIFFER", f"{', '.join(said)}."


def _kept(records: OrderRecords, now: datetime) -> Found:
    order, checkout = records.order, records.checkout
    kept = records.kept
    if kept < 0:
        yield "REFUNDED_MORE_THAN_CHARGED", f"{shown(records.money(-kept))} more was refunded than charged."
    if order and order.is_cancelled and kept > 0:
        yield "MONEY_KEPT", f"it is {order.status}, and {shown(records.money(kept))} of its money is kept."
    if order and order.status == "CANCELLED" and records.refunds and kept == 0:
        yield "STATUS_BEHIND", "all of its money was refunded, and it is CANCELLED instead of REFUNDED."
    if order is None and kept > 0:
        at_work = checkout and not checkout.is_ended and checkout.lease_until > now.timestamp()
        if not at_work:
            how = f"its checkout is {checkout.status}" if checkout else "there is no checkout"
            yield "CHARGE_WITHOUT_ORDER", f"Stripe keeps {shown(records.money(kept))}, there is no order, and {how}."
    if (
        order
        and kept == 0
        and records.charges
        and (shipped := order.reached("PARTIALLY_SHIPPED") or order.reached("SHIPPED"))
    ):
        last = max((refund.created for refund in records.refunds if refund.is_paid), default=0)
        # Stripe's times are whole seconds.
        if datetime.fromtimestamp(last + 1, UTC) < shipped:
            yield "SHIPPED_AFTER_REFUND", "it was shipped after all of its money had been refunded."


def _refunds(records: OrderRecords) -> Found:
    recorded = records.payment.refunds if records.payment else {}
    yield from _paid_refunds(records, recorded)
    paid = {refund.refund_id for refund in records.refunds if refund.is_paid}
    for request_id, entry in recorded.items():
        of = entry.refunded or entry.requested
        amount = shown(of) if of else "all that was left"
        if entry.refund_id and entry.refund_id not in paid:
            known = f"refund {request_id} over {amount} ({entry.refund_id}) is recorded"
            yield "REFUND_WITHOUT_MONEY", f"{known}, and Stripe has not paid it."
        # What was refused has an alarm of its own; with all of the money back, nobody lacks any.
        refused = entry.failure_code is not None and records.kept == 0
        if entry.refund_id is None and not refused and (entry.requested or records.kept > 0):
            yield "REFUND_NOT_PAID", f"refund {request_id} over {amount} was requested and is not paid."
    requests = Counter(refund.request_id for refund in records.refunds if refund.request_id and refund.is_paid)
    for request, times in requests.items():
        if times > 1:
            ids = ", ".join(refund.refund_id for refund in records.refunds if refund.request_id == request)
            yield "REFUNDED_TWICE", f"refund {request} was paid {times} times ({ids})."


def _paid_refunds(records: OrderRecords, recorded: dict[str, RecordedRefund]) -> Found:
    by_id = {entry.refund_id: entry for entry in recorded.values() if entry.refund_id}
    own_intent = records.payment.payment_intent_id if records.payment else None
    for refund in records.refunds:
        # What a second charge of the same order took goes back without a record.
        if not refund.is_paid or refund.intent_id != own_intent:
            continue
        entry, paid = by_id.get(refund.refund_id), f"Stripe has refunded {shown(refund.amount)} ({refund.refund_id})"
        if entry is None:
            yield "REFUND_NOT_RECORDED", f"{paid}, and the payment does not say so."
        elif entry.refunded != refund.amount:
            said = shown(entry.refunded) if entry.refunded else "nothing"
            yield "AMOUNTS_DIFFER", f"{paid}, and the payment says {said}."


def _refunds_of_order(records: OrderRecords) -> Found:
    if records.order is None or records.payment is None:
        return
    paid = {
        entry.refund_id: entry.refunded.amount
        for entry in records.payment.refunds.values()
        if entry.refund_id and entry.refunded
    }
    known = records.order.refunds
    for refund_id in sorted(paid.keys() | known.keys()):
        if paid.get(refund_id) != known.get(refund_id):
            said, ordered = paid.get(refund_id, "nothing"), known.get(refund_id, "nothing")
            sentence = f"of refund {refund_id} the payment says {said}, and the order {ordered} (minor units)."
            yield "REFUND_OF_ORDER_DIFFERS", sentence
