"""What parcels, refunds and erasures do to the documents of an order."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from bus.consumer import RejectedEventError
from bus.outbox import OutboxEntry
from schemas.contract import Money
from schemas.event import Envelope, Event, Metadata, new_event_id
from schemas.identity import UserDeleted
from schemas.orders import OrderRefunded, OrderShipped
from services.invoices.domain import Invoicing, IssuedDocument
from services.invoices.events import credit_refund, erase_recipient, invoice_order
from services.invoices.issuing import Issuing, UnknownOrderError
from services.invoices.store import InvoiceStore
from tests.unit.erased import erase
from tests.unit.invoices.conftest import NOON, NUMBERS, RECIPIENT, TABLE, OrdersInMemory

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

pytestmark = pytest.mark.usefixtures("issuing")
INVOICE, CREDIT_NOTE = "INV-2026-000001", "CN-2026-000001"
E = TypeVar("E", bound=Event)
Pdf = Callable[[str], list[Any]]
Raised = Callable[[str], list[OutboxEntry]]


def told(event: E, event_id: str | None = None) -> Envelope[E]:
    metadata = Metadata(
        event_id=event_id or new_event_id(),
        version=event.version,
        occurred_at=NOON,
        producer="test",
        correlation_id="the-request",
        aggregate_id=event.aggregate_id,
        sequence=2,
    )
    return Envelope[E](metadata=metadata, data=event)


def shipped(order_id: str = "order-1", user_id: str = "ada", at: datetime = NOON) -> Envelope[OrderShipped]:
    return told(OrderShipped(order_id=order_id, user_id=user_id, carrier="UPS", tracking_number="1Z", shipped_at=at))


def refunded(cents: int, user_id: str = "ada", event_id: str | None = None) -> Envelope[OrderRefunded]:
    refund = OrderRefunded(
        order_id="order-1",
        user_id=user_id,
        amount=Money(amount=cents),
        refunded_total=Money(amount=cents),
        fully_refunded=False,
        refunded_at=NOON,
    )
    return told(refund, event_id)


def documents(store: InvoiceStore, order_id: str = "order-1") -> list[tuple[str, int, bool]]:
    found = store.find(order_id)
    assert found
    return [(document.number, document.total.amount, document.is_stored) for document in found.documents]


def test_the_first_parcel_brings_the_invoice_of_the_whole_order(store: InvoiceStore, pdf: Pdf, raised: Raised) -> None:
    invoice_order(shipped())

    assert documents(store) == [(INVOICE, 5499, True)]
    assert pdf(INVOICE) == [INVOICE, 5499, *RECIPIENT]
    (event,) = raised("order-1")
    assert event.detail_type == "InvoiceIssued"
    assert INVOICE in event.detail


def test_further_parcels_and_deliveries_bring_no_other(store: InvoiceStore, orders: OrdersInMemory) -> None:
    first = shipped()
    for parcel in (first, first, shipped()):
        invoice_order(parcel)

    assert documents(store) == [(INVOICE, 5499, True)]
    assert orders.asked == 1


def test_each_order_has_the_next_number(store: InvoiceStore) -> None:
    for order_id in ("order-1", "order-2", "order-3"):
        invoice_order(shipped(order_id))

    numbers = [documents(store, order_id)[0][0] for order_id in ("order-1", "order-2", "order-3")]
    assert numbers == [f"INV-2026-00000{count}" for count in (1, 2, 3)]


def test_a_refund_after_the_invoice_brings_a_credit_note_once(store: InvoiceStore, pdf: Pdf, raised: Raised) -> None:
    invoice_order(shipped())
    refund = refunded(1000)
    credit_refund(refund)
    credit_refund(refund)

    assert documents(store) == [(INVOICE, 5499, True), (CREDIT_NOTE, 1000, True)]
    assert pdf(CREDIT_NOTE)[:2] == [CREDIT_NOTE, 1000]
    (event,) = raised("order-1")
    assert event.detail_type == "CreditNoteIssued"


def test_a_refund_before_the_invoice_has_its_credit_note_with_it(
    store: InvoiceStore, dynamodb: "DynamoDBClient"
) -> None:
    credit_refund(refunded(1000))
    assert documents(store) == []
    assert "expiresAt" in dynamodb.get_item(TableName=TABLE, Key={"orderId": {"S": "order-1"}})["Item"]

    invoice_order(shipped())

    assert documents(store) == [(INVOICE, 5499, True), (CREDIT_NOTE, 1000, True)]
    assert "expiresAt" not in dynamodb.get_item(TableName=TABLE, Key={"orderId": {"S": "order-1"}})["Item"]


def test_more_than_was_invoiced_is_not_credited(store: InvoiceStore) -> None:
    invoice_order(shipped())
    credit_refund(refunded(5000))

    with pytest.raises(RejectedEventError, match="499"):
        credit_refund(refunded(500))

    assert len(documents(store)) == 2


def test_an_event_of_another_shopper_is_rejected(store: InvoiceStore) -> None:
    invoice_order(shipped())

    with pytest.raises(RejectedEventError):
        credit_refund(refunded(100, user_id="eve"))
    with pytest.raises(RejectedEventError):
        invoice_order(shipped(user_id="eve"))


def test_an_order_that_is_not_there_yet_takes_no_number(store: InvoiceStore, dynamodb: "DynamoDBClient") -> None:
    with pytest.raises(UnknownOrderError):
        invoice_order(shipped("unknown"))

    assert store.find("unknown") is None
    assert dynamodb.scan(TableName=NUMBERS)["Count"] == 0


@pytest.mark.parametrize("step", ["_render", "_store_pdf"])
def test_a_crash_after_the_number_was_given_leaves_no_gap(
    step: str, issuing: Issuing, store: InvoiceStore, pdf: Pdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("out of memory")

    with monkeypatch.context() as patched:
        patched.setattr(issuing, step, crash)
        with pytest.raises(RuntimeError):
            invoice_order(shipped())
    assert documents(store) == [(INVOICE, 5499, False)]

    invoice_order(shipped())

    assert documents(store) == [(INVOICE, 5499, True)]
    assert pdf(INVOICE)[0] == INVOICE


def test_an_erasure_takes_name_and_id_off_and_leaves_the_figures(
    store: InvoiceStore, dynamodb: "DynamoDBClient", pdf: Pdf
) -> None:
    invoice_order(shipped())
    credit_refund(refunded(1000))
    erase(dynamodb, "ada")

    for _ in range(2):
        erase_recipient(told(UserDeleted(user_id="ada", deleted_at=NOON)))

    assert pdf(INVOICE) == [INVOICE, 5499]
    assert pdf(CREDIT_NOTE) == [CREDIT_NOTE, 1000]
    item = dynamodb.get_item(TableName=TABLE, Key={"orderId": {"S": "order-1"}})["Item"]
    assert "ada" not in str(item)
    assert documents(store) == [(INVOICE, 5499, True), (CREDIT_NOTE, 1000, True)]


def test_an_order_of_an_erased_shopper_is_invoiced_without_their_name(
    store: InvoiceStore, dynamodb: "DynamoDBClient", pdf: Pdf
) -> None:
    erase(dynamodb, "ada")

    invoice_order(shipped())

    assert pdf(INVOICE) == [INVOICE, 5499]
    assert "ada" not in str(dynamodb.scan(TableName=TABLE)["Items"])


def test_an_erasure_at_the_same_moment_leaves_no_name(
    issuing: Issuing, dynamodb: "DynamoDBClient", pdf: Pdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = issuing._render

    def erased_meanwhile(known: Invoicing, *rest: Any) -> bytes:
        erase(dynamodb, "ada")
        return render(known, *rest)

    monkeypatch.setattr(issuing, "_render", erased_meanwhile)
    invoice_order(shipped())

    assert pdf(INVOICE) == [INVOICE, 5499]
    assert "ada" not in str(dynamodb.scan(TableName=TABLE)["Items"])


def test_an_erasure_between_two_documents_leaves_no_name(
    issuing: Issuing, store: InvoiceStore, dynamodb: "DynamoDBClient", pdf: Pdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    credit_refund(refunded(1000))
    render = issuing._render

    def erased_meanwhile(known: Invoicing, *rest: Any) -> bytes:
        erase(dynamodb, "ada")
        return render(known, *rest)

    monkeypatch.setattr(issuing, "_render", erased_meanwhile)
    invoice_order(shipped())

    assert documents(store) == [(INVOICE, 5499, True), (CREDIT_NOTE, 1000, True)]
    assert (pdf(INVOICE), pdf(CREDIT_NOTE)) == ([INVOICE, 5499], [CREDIT_NOTE, 1000])


def test_an_erasure_that_was_done_before_the_document_was_stored_leaves_no_name(
    issuing: Issuing, dynamodb: "DynamoDBClient", pdf: Pdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    render, begun = issuing._render, list[str]()

    def erased_meanwhile(known: Invoicing, document: IssuedDocument, recipient: list[str]) -> bytes:
        if not begun:
            begun.append(document.number)
            erase(dynamodb, "ada")
            erase_recipient(told(UserDeleted(user_id="ada", deleted_at=NOON)))
        return render(known, document, recipient)

    monkeypatch.setattr(issuing, "_render", erased_meanwhile)
    invoice_order(shipped())

    assert pdf(INVOICE) == [INVOICE, 5499]


def test_an_erasure_at_the_moment_of_a_refund_before_the_invoice_leaves_no_name(
    issuing: Issuing, store: InvoiceStore, dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    known = issuing._known

    def erased_meanwhile(order_id: str, user_id: str) -> Invoicing:
        found = known(order_id, user_id)
        erase(dynamodb, "ada")
        return found

    monkeypatch.setattr(issuing, "_known", erased_meanwhile)
    credit_refund(refunded(1000))

    assert "ada" not in str(dynamodb.scan(TableName=TABLE)["Items"])
    recorded = store.find("order-1")
    assert recorded is not None
    assert len(recorded.refunds) == 1
