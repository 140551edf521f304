"""Which mail an event causes, and where it leads."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import get_args

import pytest

from schemas.contract import Money
from schemas.event import Event
from schemas.identity import UserRegistered
from schemas.orders import CancelledBy, OrderDelivered, OrderRefunded
from schemas.payment import PaymentFailed
from services.notifications.domain import CANCELLATION_SENTENCES, TemplateName, email_for

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
Events = Callable[..., list[Event]]


def test_every_template_belongs_to_one_event(events: Events) -> None:
    assert sorted(email_for(event).template for event in events()) == sorted(get_args(TemplateName))


def test_mails_of_orders_lead_to_the_order_and_the_others_to_the_cart(events: Events) -> None:
    paths = {mail.template: mail.link.path for mail in map(email_for, events())}

    assert paths.pop("payment-failed") == paths.pop("cart-abandoned") == "/cart"
    assert set(paths.values()) == {"/orders/k7f3q2m"}


def test_an_order_id_cannot_lead_elsewhere() -> None:
    mail = email_for(OrderDelivered(order_id="../x?y#z@evil.example", user_id="ada", delivered_at=NOON))

    assert mail.link.path == "/orders/..%2Fx%3Fy%23z%40evil.example"


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

    assert says in email_for(refunded).words["extent"]


def test_a_mail_does_not_tell_that_a_card_is_reported_stolen() -> None:
    def because(code: str) -> str:
        event = PaymentFailed(order_id="o", user_id="ada", amount=Money(amount=1), decline_code=code)
        return email_for(event).words["because"]

    assert because("stolen_card") == because("lost_card") == because("generic_decline")
    assert because("expired_card") == "The card has expired."


def test_other_events_cause_no_mail() -> None:
    with pytest.raises(TypeError, match="UserRegistered causes no e-mail"):
        email_for(UserRegistered(user_id="ada", registered_at=NOON))
