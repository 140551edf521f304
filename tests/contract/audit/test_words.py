"""The audit knows the statuses, templates and transitions of the services by their words alone, and by all of them."""

from audit import records
from audit.checks.events import EVENT_OF_STATUS
from audit.checks.mails import TEMPLATES
from audit.checks.stock import EXPECTED_STATES
from schemas.registry import event_class
from services.checkout.domain import TERMINAL
from services.inventory.domain import ReservationState
from services.notifications.events import EMAILED_EVENTS
from services.orders.statuses import TRANSITIONS, OrderStatus


def test_every_status_of_an_order_has_its_reservation() -> None:
    assert set(OrderStatus) <= EXPECTED_STATES.keys()
    assert {state for states in EXPECTED_STATES.values() for state in states} <= set(ReservationState)


def test_a_cancelled_order_stays_one_to_which_money_goes_back() -> None:
    following = {
        status for before, after in TRANSITIONS.items() if before in records.CANCELLED_ORDERS for status in after
    }

    assert following <= records.CANCELLED_ORDERS


def test_the_ends_of_a_checkout_are_those_of_the_service() -> None:
    assert records.ENDED_CHECKOUTS == TERMINAL


def test_each_event_with_a_mail_is_known() -> None:
    # Neither a forgotten cart nor an export is an order.
    of_orders = {event.detail_type() for event in EMAILED_EVENTS} - {"CartAbandoned", "ExportReady"}
    assert of_orders == TEMPLATES.keys()


def test_the_events_of_an_order_exist() -> None:
    assert all(event_class("ecom67.orders", name) for name in EVENT_OF_STATUS.values())
