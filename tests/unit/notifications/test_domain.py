"""Which mail an event causes, and where it leads."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from schemas.checkout import CheckoutFailed
from schemas.contract import Line, Money
from schemas.event import Event
from schemas.exporters.examples import example
from schemas.identity import UserRegistered
from schemas.orders import CancelledBy, OrderDelivered, OrderPlaced, OrderRefunded, OrderShipped
from schemas.returns import WithdrawalReceived
from services.notifications.domain import CANCELLATION_SENTENCES, Email, TemplateName, email_for
from tests.unit.notifications.conftest import email_of

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
Events = Callable[..., list[Event]]


def test_every_template_belongs_to_one_event(events: Events) -> None:
    assert sorted(email_of(event).template for event in events()) == sorted(get_args(TemplateName))


def test_mails_of_orders_lead_to_the_order_and_the_others_to_the_cart_or_the_account(events: Events) -> None:
    paths = {mail.template: mail.link.path for mail in map(email_of, events())}

    assert paths.pop("checkout-failed") == paths.pop("cart-abandoned") == "/cart"
    assert paths.pop("export-ready") == "/account"
    assert set(paths.values()) == {"/orders/k7f3q2m"}


def test_an_order_id_cannot_lead_elsewhere() -> None:
    mail = email_of(OrderDelivered(order_id="../x?y#z@evil.example", user_id="ada", delivered_at=NOON))

    assert mail.link.path == "/orders/..%2Fx%3Fy%23z%40evil.example"


@pytest.mark.parametrize(
    ("carrier", "follow"), [("UPS Ground", "https://www.ups.com/track?tracknum=1Z999"), ("Northline", None)]
)
def test_a_parcel_is_followed_at_a_carrier_that_is_known(carrier: str, follow: str | None) -> None:
    shipped = OrderShipped(order_id="o", user_id="ada", carrier=carrier, tracking_number="1Z 999", shipped_at=NOON)

    mail = email_for(shipped)

    assert mail
    assert mail.facts.get("Follow it") == follow


def test_there_is_a_reason_for_whoever_cancels() -> None:
    assert set(CANCELLATION_SENTENCES) == set(get_args(CancelledBy))


@pytest.mark.parametrize(("fully", "says"), [(True, "all of your money"), (False, "rest of your order")])
def test_a_refund_says_whether_it_is_all(fully: bool, says: str) -> None:
    refunded = OrderRefunded(
        order_id="o",
        user_id="ada",
        amount=Money(amount=1),
        refunded_total=Money(amount=2),
        fully_refunded=fully,
        refunded_at=NOON,
    )

    assert says in email_of(refunded).words["extent"]


def test_a_shopper_whom_the_page_has_told_gets_no_mail_of_a_failed_checkout() -> None:
    def mail(**fields: Any) -> Email | None:
        return email_for(CheckoutFailed(order_id="o", user_id="ada", reason="DECLINED", **fields))

    unanswered = mail(message="Your card has expired.", answered=False)

    assert mail(message="Your card has expired.") is None
    assert mail() is None, "an event from before the field existed"
    assert unanswered is not None
    assert unanswered.words == {"because": "Your card has expired."}


def test_other_events_cause_no_mail() -> None:
    with pytest.raises(TypeError, match="UserRegistered causes no e-mail"):
        email_for(UserRegistered(user_id="ada", registered_at=NOON))


def test_mails_of_parcels_on_their_way_name_the_address(events: Events) -> None:
    named = {mail.template for mail in map(email_of, events()) if mail.names_address}

    assert named == {"order-placed", "order-shipped"}


def test_a_mail_names_amounts_as_the_pages_do(events: Events) -> None:
    pages = Path("frontend/src/components/Totals.tsx").read_text()

    (totals,) = (mail.totals for mail in map(email_of, events()) if mail.template == "order-placed")

    own = [label for label in totals if not label.startswith("including ")]
    assert [label for label in own if f">{label}</dt>" not in pages] == []
    assert 'prefix="including "' in pages


def test_the_receipt_of_a_withdrawal_names_what_was_not_sent_as_well(events: Events) -> None:
    (received,) = (event for event in events() if isinstance(event, WithdrawalReceived))
    unsent = [Line(product_id="cup", name="Cup", quantity=1, unit_price=Money(amount=1050))]

    mail = email_of(received.model_copy(update={"unsent": unsent}))

    assert mail.lines == [*received.lines, *unsent]
    assert mail.words["follows"].endswith("its money goes back to your card now.")


def test_a_return_that_arrived_promises_no_amount_of_which_some_may_have_been_given_back(events: Events) -> None:
    (mail,) = (mail for mail in map(email_of, events()) if mail.template == "return-received")

    assert not mail.totals
    assert "$" not in str(mail.words)


def test_a_confirmation_names_the_tax_by_rate_added_or_included() -> None:
    included = example(OrderPlaced, full=True)
    assert isinstance(included, OrderPlaced)
    assert included.tax
    added = included.model_copy(update={"tax": included.tax.model_copy(update={"prices": "EXCLUSIVE"})})
    within, plus, none = (email_for(event) for event in (included, added, example(OrderPlaced, full=False)))

    assert within
    assert plus
    assert none
    assert list(within.totals) == ["Goods", "Delivery", "including VAT 19%", "Total"]
    assert list(plus.totals) == ["Goods", "Delivery", "VAT 19%", "Total"]
    assert list(none.totals) == ["Goods", "Delivery", "Total"]


def test_the_confirmation_says_how_and_when_the_order_arrives_and_nothing_of_an_order_from_before() -> None:
    placed, before = (example(OrderPlaced, full=full) for full in (True, False))
    told, silent = email_for(placed), email_for(before)

    assert told
    assert silent
    assert told.facts["Standard delivery"] == "arrives March 19–21"
    assert "Standard delivery" not in silent.facts
