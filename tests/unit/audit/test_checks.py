"""What the checks say of records that cannot be made on a stage without leaving them there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from audit.comparison import differences
from audit.ledger import Ledger, OrderRecords
from audit.records import (
    Charge,
    Checkout,
    Fact,
    Order,
    Payment,
    RecordedRefund,
    Reservation,
    Stock,
    StripeRefund,
)
from schemas.contract import Line, Money
from schemas.event import Event
from schemas.inventory import StockChanged
from schemas.invoices import CreditNoteIssued, InvoiceIssued
from schemas.orders import OrderCancelled, OrderPlaced, OrderRefunded, OrderShipped, UnsentUnits
from schemas.returns import ReceivedUnits, ReturnReceived

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
AN_HOUR_AGO = NOW - timedelta(hours=1)
TOTAL = Money(amount=3099)
LINE = {"productId": "lamp", "name": "Lamp", "quantity": 2, "unitPrice": {"amount": 1250, "currency": "USD"}}
COUNTED_MS = int(AN_HOUR_AGO.timestamp() * 1000)


def ledger(*all_records: OrderRecords) -> Ledger:
    """Return a ledger of orders, from a time of which the journal has nothing."""
    found = Ledger(read_at=NOW, journal_since=NOW)
    found.orders = {records.order_id: records for records in all_records}
    return found


def charge(charge_id: str = "ch_1", intent_id: str = "pi_1", order_id: str = "one") -> Charge:
    created = int(AN_HOUR_AGO.timestamp())
    return Charge(charge_id=charge_id, intent_id=intent_id, order_id=order_id, amount=TOTAL, created=created)


def refund(refund_id: str, amount: int, request_id: str | None = "cancel", intent_id: str = "pi_1") -> StripeRefund:
    return StripeRefund(
        refund_id=refund_id,
        intent_id=intent_id,
        amount=Money(amount=amount),
        status="succeeded",
        created=int(AN_HOUR_AGO.timestamp()),
        request_id=request_id,
    )


def sold(order_id: str = "one", placed_at: datetime = AN_HOUR_AGO, **changes: Any) -> OrderRecords:
    """Return the records of an order in which nothing differs."""
    values: dict[str, Any] = {
        "order_id": order_id,
        "charges": [charge(order_id=order_id)],
        "payment": Payment(order_id=order_id, status="SUCCEEDED", amount=TOTAL, payment_intent_id="pi_1"),
        "order": Order.model_validate(
            {
                "orderId": order_id,
                "userId": "ada",
                "status": "PROCESSING",
                "lines": [LINE],
                "shipping": {"amount": 599, "currency": "USD"},
                "total": TOTAL.model_dump(),
                "paymentIntentId": "pi_1",
                "history": [{"status": "PROCESSING", "at": placed_at.isoformat()}],
            }
        ),
        "reservation": Reservation(reservation_id=order_id, state="COMMITTED", lines={"lamp": 2}),
    }
    return OrderRecords(**values | changes)


def fact(event: Event, at: datetime, sequence: int = 1) -> Fact:
    return Fact(
        event_id=f"{event.detail_type()}-{at:%H%M}",
        detail_type=event.detail_type(),
        aggregate_id=event.aggregate_id,
        sequence=sequence,
        at=at,
        seen_at=at,
        data=event.model_dump(mode="json"),
    )


def placed(at: datetime, order_id: str) -> Fact:
    line = Line.model_validate(LINE)
    subtotal = line.unit_price * line.quantity
    event = OrderPlaced(
        order_id=order_id,
        user_id="ada",
        lines=[line],
        subtotal=subtotal,
        shipping=Money(amount=599),
        total=TOTAL,
        placed_at=at,
    )
    return fact(event, at)


def changed(at: datetime, sequence: int, available: int) -> Fact:
    return fact(StockChanged(product_id="lamp", available=available, on_hand=10), at, sequence)


def unsent() -> OrderRefunded:
    """Return a refund of one lamp that was not sent."""
    return OrderRefunded(
        order_id="one",
        user_id="ada",
        amount=Money(amount=1250),
        refunded_total=Money(amount=1250),
        fully_refunded=False,
        request_id="staff-1",
        unsent=[UnsentUnits(product_id="lamp", quantity=1)],
        refunded_at=AN_HOUR_AGO,
    )


CANCELLED = OrderCancelled(
    order_id="one",
    user_id="ada",
    lines=[Line.model_validate(LINE)],
    total=TOTAL,
    cancelled_by="STAFF",
    reason="Sold out.",
    cancelled_at=NOW,
)


def kinds(found: Ledger) -> list[str]:
    return [difference.kind for difference in differences(found)]


def test_nothing_differs_in_an_order_whose_records_agree() -> None:
    assert kinds(ledger(sold())) == []


def test_two_charges_that_both_keep_money_are_one_too_many() -> None:
    twice = sold(charges=[charge(), charge("ch_2", "pi_2")])
    (found,) = differences(ledger(twice))

    assert found.kind == "CHARGED_TWICE"
    assert "3099 USD (pi_1), 3099 USD (pi_2)" in found.sentence


def test_a_second_charge_that_went_back_is_none() -> None:
    assert (
        kinds(ledger(sold(charges=[charge(), charge("ch_2", "pi_2")], refunds=[refund("re", 3099, "pi_2", "pi_2")])))
        == []
    )


def test_a_refund_that_was_paid_twice_is_named_with_both_ids() -> None:
    twice = sold(refunds=[refund("re_1", 500), refund("re_2", 500)])

    sentences = [found.sentence for found in differences(ledger(twice)) if found.kind == "REFUNDED_TWICE"]

    assert sentences == ["Order one: refund cancel was paid 2 times (re_1, re_2)."]


@pytest.mark.parametrize(("failure_code", "found"), [("charge_already_refunded", []), (None, ["REFUND_NOT_PAID"])])
def test_a_refund_that_was_refused_since_all_money_is_back_is_no_difference(
    failure_code: str | None, found: list[str]
) -> None:
    records = sold(refunds=[refund("re_1", TOTAL.amount)])
    assert records.payment is not None
    assert records.order is not None
    by_request = {
        "cancel": RecordedRefund(refunded=TOTAL, refund_id="re_1"),
        "staff-1": RecordedRefund(requested=Money(amount=100), failure_code=failure_code),
    }
    records.payment = records.payment.model_copy(update={"refunds": by_request})
    records.order = records.order.model_copy(update={"refunds": {"re_1": TOTAL.amount}})

    assert kinds(ledger(records)) == found


def test_more_money_back_than_was_taken_is_found() -> None:
    assert "REFUNDED_MORE_THAN_CHARGED" in kinds(ledger(sold(refunds=[refund("re_1", 4000)])))


def test_a_charge_of_a_checkout_that_somebody_works_on_may_become_an_order() -> None:
    lease = int(NOW.timestamp()) + 60
    running = Checkout(order_id="one", status="RUNNING", lease_until=lease)
    gone = Checkout(order_id="one", status="RUNNING", lease_until=lease - 120)
    held = Reservation(
        reservation_id="one", state="HELD", lines={"lamp": 2}, hold_expires_at=int(NOW.timestamp() * 1000) + 1
    )

    assert kinds(ledger(sold(order=None, reservation=held, checkout=running))) == []
    assert kinds(ledger(sold(order=None, reservation=held, checkout=gone))) == ["CHARGE_WITHOUT_ORDER"]
    assert "CHARGE_WITHOUT_ORDER" in kinds(ledger(sold(order=None)))


def test_after_a_count_only_later_orders_change_the_stock() -> None:
    before = sold("one", facts=[placed(AN_HOUR_AGO - timedelta(hours=1), "one")])
    after = sold("two", facts=[placed(AN_HOUR_AGO + timedelta(minutes=30), "two")])
    count = changed(AN_HOUR_AGO, COUNTED_MS, available=10)
    told = changed(AN_HOUR_AGO + timedelta(minutes=30), COUNTED_MS + 1, available=8)

    def with_stock(on_hand: int) -> Ledger:
        found = ledger(before, after)
        found.stocks["lamp"] = Stock(product_id="lamp", on_hand=on_hand, available=8, sequence=COUNTED_MS + 2)
        found.stock_facts["lamp"] = [count, told]
        found.counted_products = {"lamp"}
        return found

    assert "STOCK_DIFFERS_FROM_MOVEMENTS" not in kinds(with_stock(8))
    assert "STOCK_DIFFERS_FROM_MOVEMENTS" in kinds(with_stock(6))


@pytest.mark.parametrize(("back_at", "on_hand"), [(timedelta(minutes=-10), 10), (timedelta(minutes=10), 11)])
def test_goods_that_came_back_after_a_count_change_the_stock(back_at: timedelta, on_hand: int) -> None:
    at = AN_HOUR_AGO + back_at
    back = ReturnReceived(
        return_id="one-1",
        order_id="one",
        user_id="ada",
        lines=[ReceivedUnits(product_id="lamp", restocked=1, written_off=1)],
        refund=Money(amount=2500),
        reason="WITHDRAWN",
        received_at=at,
    )
    before = sold(placed_at=AN_HOUR_AGO - timedelta(hours=1))
    assert before.reservation is not None
    before.reservation = before.reservation.model_copy(update={"returned": {"one-1": {"lamp": 1}}})
    before.facts += [placed(AN_HOUR_AGO - timedelta(hours=1), "one"), fact(back, at)]
    found = ledger(before)
    found.stock_facts["lamp"] = [changed(AN_HOUR_AGO, COUNTED_MS, 10)]
    found.counted_products = {"lamp"}

    def with_units(units: int) -> list[str]:
        found.stocks["lamp"] = Stock(product_id="lamp", on_hand=units, available=10, sequence=COUNTED_MS + 1)
        return [kind for kind in kinds(found) if kind == "STOCK_DIFFERS_FROM_MOVEMENTS"]

    assert with_units(on_hand) == []
    assert with_units(on_hand + 1) == ["STOCK_DIFFERS_FROM_MOVEMENTS"]


@pytest.mark.parametrize(("state", "kept"), [("COMMITTED", True), ("RETURNED", True), ("RETURNED", False)])
def test_units_that_were_never_sent_and_are_back_after_a_count_change_the_stock(state: str, kept: bool) -> None:
    before = sold(placed_at=AN_HOUR_AGO - timedelta(hours=1))
    assert before.reservation is not None
    returned = {"unsent-staff-1": {"lamp": 1}} if kept else {}
    before.reservation = before.reservation.model_copy(update={"state": state, "returned": returned})
    before.facts += [
        placed(AN_HOUR_AGO - timedelta(hours=1), "one"),
        fact(unsent(), AN_HOUR_AGO + timedelta(minutes=5)),
    ]
    if state == "RETURNED":
        before.facts.append(fact(CANCELLED, AN_HOUR_AGO + timedelta(minutes=10 if kept else 3)))
    found = ledger(before)
    found.stock_facts["lamp"] = [changed(AN_HOUR_AGO, COUNTED_MS, 10)]
    found.counted_products = {"lamp"}

    def with_units(units: int) -> list[str]:
        found.stocks["lamp"] = Stock(product_id="lamp", on_hand=units, available=10, sequence=COUNTED_MS + 1)
        return [kind for kind in kinds(found) if kind == "STOCK_DIFFERS_FROM_MOVEMENTS"]

    right = 11 if state == "COMMITTED" else 12
    assert with_units(right) == []
    assert with_units(right + 1) == ["STOCK_DIFFERS_FROM_MOVEMENTS"]


def test_units_that_were_refunded_instead_of_being_sent_are_for_sale_again() -> None:
    refunded = sold(facts=[fact(unsent(), AN_HOUR_AGO)])
    assert refunded.reservation is not None

    def of_units(**changes: Any) -> list[str]:
        refunded.reservation = refunded.reservation and refunded.reservation.model_copy(update=changes)
        return [kind for kind in kinds(ledger(refunded)) if kind == "UNSENT_NOT_RESTOCKED"]

    assert of_units() == ["UNSENT_NOT_RESTOCKED"]
    assert of_units(state="RETURNED") == []
    assert of_units(state="COMMITTED", returned={"unsent-staff-1": {"lamp": 1}}) == []


def test_a_count_while_an_order_was_placed_is_not_judged() -> None:
    at_the_same_time = sold("one", facts=[placed(AN_HOUR_AGO + timedelta(seconds=5), "one")])
    found = ledger(at_the_same_time)
    found.stocks["lamp"] = Stock(product_id="lamp", on_hand=3, available=3, sequence=COUNTED_MS + 2)
    found.stock_facts["lamp"] = [changed(AN_HOUR_AGO, COUNTED_MS, available=3)]
    found.counted_products = {"lamp"}

    assert "STOCK_DIFFERS_FROM_MOVEMENTS" not in kinds(found)


def test_a_mail_that_no_record_knows_is_found() -> None:
    found = ledger(sold())
    found.mailbox = ["ses-1"]

    assert "MAIL_NOT_RECORDED" in kinds(found)


def test_goods_that_came_back_are_restocked_and_refunded() -> None:
    back = ReturnReceived(
        return_id="one-1",
        order_id="one",
        user_id="ada",
        lines=[ReceivedUnits(product_id="lamp", restocked=1, written_off=0)],
        refund=Money(amount=1250),
        reason="WITHDRAWN",
        received_at=AN_HOUR_AGO,
    )
    returned = sold(facts=[fact(back, AN_HOUR_AGO)])

    def of_returns(records: OrderRecords) -> list[str]:
        return [kind for kind in kinds(ledger(records)) if kind.startswith("RETURN_")]

    assert of_returns(returned) == ["RETURN_NOT_RESTOCKED", "RETURN_NOT_REFUNDED"]
    assert returned.reservation is not None
    assert returned.payment is not None
    returned.reservation = returned.reservation.model_copy(update={"returned": {"one-1": {"lamp": 1}}})
    assert of_returns(returned) == ["RETURN_NOT_REFUNDED"]
    requested = RecordedRefund(requested=Money(amount=1250))
    for request_id in ("return-one-1", "staff-0123"):
        returned.payment = returned.payment.model_copy(update={"refunds": {request_id: requested}})
        assert of_returns(returned) == [], request_id


def test_what_was_sent_is_invoiced_once_over_its_total_and_what_was_refunded_is_credited() -> None:
    about: dict[str, Any] = {"order_id": "one", "user_id": "ada"}
    parcel = OrderShipped(**about, carrier="UPS", tracking_number="1Z", shipped_at=AN_HOUR_AGO)
    invoice = InvoiceIssued(**about, invoice_number="INV-2027-000001", total=TOTAL, issued_at=AN_HOUR_AGO)
    back = Money(amount=100)
    refunded = OrderRefunded(**about, amount=back, refunded_total=back, fully_refunded=False, refunded_at=AN_HOUR_AGO)
    note = CreditNoteIssued(
        **about,
        credit_note_number="CN-2027-000001",
        invoice_number="INV-2027-000001",
        amount=back,
        issued_at=AN_HOUR_AGO,
    )

    def of_documents(*events: Event, address: dict[str, Any] | None) -> list[str]:
        records = sold(facts=[fact(event, AN_HOUR_AGO) for event in events])
        assert records.order is not None
        records.order = records.order.model_copy(update={"shipping_address": address})
        return [kind for kind in kinds(ledger(records)) if kind.startswith(("INVOICE", "CREDIT"))]

    somewhere = {"city": "London"}
    assert of_documents(parcel, address=somewhere) == ["INVOICE_MISSING"]
    assert of_documents(parcel, address=None) == []
    assert of_documents(parcel, invoice, invoice, address=somewhere) == ["INVOICED_TWICE"]
    less = invoice.model_copy(update={"total": back})
    assert of_documents(parcel, less, address=somewhere) == ["INVOICE_DIFFERS"]
    assert of_documents(parcel, invoice, refunded, address=somewhere) == ["CREDIT_NOTE_MISSING"]
    assert of_documents(parcel, invoice, refunded, note, address=somewhere) == []
