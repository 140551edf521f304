"""The rules of returns: units are returned once, and delivery is refunded with the last of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from schemas.contract import Line, Money
from schemas.payment import PaymentRefundedV2
from schemas.tax import LineTax, OrderTax, PriceKind, TaxAmount
from services.returns.domain import (
    MAX_RETURNS_OF_ORDER,
    TRANSITIONS,
    CameBack,
    Return,
    ReturnMismatchError,
    ReturnStatus,
    UnexpectedUnitsError,
    Units,
    WrongStatusError,
    decide,
    names_all,
    returned_by,
)
from tests.unit.returns.conftest import DELIVERED, NOW, PLACED, an_order


def opened(*units: tuple[str, int], earlier: tuple[Return, ...] = (), **order: Any) -> Return:
    wanted = [Units(product_id=name, quantity=quantity) for name, quantity in units] or None
    decision = decide("w", an_order(**order), wanted, earlier, NOW)
    assert decision.opened is not None, decision.event.outcome
    return decision.opened


def back(returned: Return, *units: tuple[str, int, int], others: tuple[Return, ...] = ()) -> Return:
    given = [CameBack(product_id=name, restock=restock, write_off=off) for name, restock, off in units]
    change = returned.came_back(given, others, "grace", NOW)
    assert change is not None
    return change[0]


def paid(returned: Return, amount: int = 100, **changes: Any) -> PaymentRefundedV2:
    values = {"order_id": "order-1", "user_id": "ada", "request_id": f"return-{returned.return_id}", **changes}
    money = Money(amount=amount)
    return PaymentRefundedV2(
        refund_id="re_1", amount=money, refunded_total=money, fully_refunded=False, reason="WITHDRAWN", **values
    )


def test_a_withdrawal_opens_a_return_of_all_that_is_left() -> None:
    first = opened(("lamp", 1))
    second = opened(earlier=(first,))

    assert [(line.product_id, line.quantity) for line in second.lines] == [("lamp", 1), ("cup", 1)]
    assert (first.return_id, second.return_id) == ("order-1-1", "order-1-2")
    assert decide("w", an_order(), None, (first, second), NOW).event.outcome == "NOTHING_LEFT"


def test_more_units_than_are_left_are_not_returned() -> None:
    assert [line.quantity for line in opened(("lamp", 5)).lines] == [2]
    assert decide("w", an_order(), [Units(product_id="sofa", quantity=1)], (), NOW).event.outcome == "NOTHING_LEFT"


def test_what_did_not_come_back_can_be_announced_again() -> None:
    first = back(opened(), ("lamp", 1, 0))

    assert [(line.product_id, line.quantity) for line in opened(earlier=(first,)).lines] == [("lamp", 1), ("cup", 1)]


def test_a_closed_return_takes_no_units() -> None:
    closed = opened().closed("grace", NOW)
    assert closed is not None

    assert len(opened(earlier=(closed,)).lines) == 2


def test_a_cancelled_order_has_nothing_to_send_back() -> None:
    decision = decide("w", an_order(is_cancelled=True), None, (), NOW)

    assert (decision.event.outcome, decision.opened) == ("CANCELLED", None)
    assert [line.quantity for line in decision.event.lines] == [2, 1]


def test_a_withdrawal_that_is_too_late_is_told_so() -> None:
    decision = decide("w", an_order(), None, (), DELIVERED + timedelta(days=40))

    assert (decision.event.outcome, decision.opened) == ("TOO_LATE", None)


def test_after_fourteen_days_it_is_a_return_under_the_shops_own_terms() -> None:
    decision = decide("w", an_order(), None, (), DELIVERED + timedelta(days=20))

    assert decision.opened is not None
    assert decision.opened.reason == "RETURNED"


def test_an_order_has_so_many_returns_and_no_more() -> None:
    closed = opened().closed("grace", NOW)
    assert closed is not None

    assert decide("w", an_order(), None, (closed,) * MAX_RETURNS_OF_ORDER, NOW).event.outcome == "NOTHING_LEFT"


@pytest.mark.parametrize(("lamps", "named"), [(None, True), (3, True), (1, False)])
def test_the_receipt_of_a_withdrawal_from_all_names_what_was_not_sent(lamps: int | None, named: bool) -> None:
    unsent = [Line(product_id="lamp", name="Lamp", quantity=1, unit_price=Money(amount=2450))]
    cup = Units(product_id="cup", quantity=1)
    wanted = None if lamps is None else [Units(product_id="lamp", quantity=lamps), cup]

    event = decide("w", an_order(withdrawn_unsent=unsent), wanted, (), NOW).event

    assert event.unsent == (unsent if named else None)


@pytest.mark.parametrize(
    ("units", "whole"),
    [
        (None, True),
        ([("lamp", 2), ("cup", 1)], True),
        ([("lamp", 1), ("lamp", 1), ("cup", 7)], True),
        ([("lamp", 2)], False),
    ],
)
def test_it_is_known_whether_all_of_an_order_is_named(units: list[tuple[str, int]] | None, whole: bool) -> None:
    named = None if units is None else [Units(product_id=name, quantity=quantity) for name, quantity in units]

    assert names_all(an_order(), named) is whole


def test_delivery_is_refunded_with_the_last_unit_of_a_withdrawn_order() -> None:
    first = back(opened(("lamp", 1)), ("lamp", 1, 0))
    rest = back(opened(earlier=(first,)), ("lamp", 1, 0), ("cup", 0, 1), others=(first,))

    assert first.refund == Money(amount=2450)
    assert rest.refund == Money(amount=2450 + 1050 + 599)
    assert (first.delivery_refunded, rest.delivery_refunded) == (False, True)


@pytest.mark.parametrize(("prices", "added"), [("EXCLUSIVE", (344, 343, 147, 84)), ("INCLUSIVE", (0, 0, 0, 0))])
def test_tax_that_was_added_is_refunded_with_each_unit_and_with_delivery(
    prices: PriceKind, added: tuple[int, int, int, int]
) -> None:
    def taxed(base: int, amount: int) -> list[TaxAmount]:
        return [TaxAmount(name="Tax", rate=14_000, base=Money(amount=base), amount=Money(amount=amount))]

    lines = [LineTax(product_id="lamp", taxes=taxed(4900, 687)), LineTax(product_id="cup", taxes=taxed(1050, 147))]
    tax = OrderTax.of(prices, lines, taxed(599, 84), "USD")
    first = back(opened(("lamp", 1), tax=tax), ("lamp", 1, 0))
    rest = opened(earlier=(first,), tax=tax)
    given = [CameBack(product_id="lamp", restock=1), CameBack(product_id="cup", restock=1)]

    change = rest.came_back(given, (first,), "grace", NOW)

    assert change
    assert first.refund == Money(amount=2450 + added[0])
    assert change[1].refund == Money(amount=2450 + 1050 + 599 + sum(added[1:]))
    assert change[1].delivery == Money(amount=599 + added[3])


@pytest.mark.parametrize(
    ("paid", "standard", "given_back"), [(1499, 599, 599), (1499, 0, 0), (599, 599, 599), (1499, None, 1499)]
)
def test_of_an_express_delivery_is_given_back_what_the_standard_one_costs(
    paid: int, standard: int | None, given_back: int
) -> None:
    standard_shipping = None if standard is None else Money(amount=standard)
    withdrawn = opened(shipping=Money(amount=paid), standard_shipping=standard_shipping)

    all_of_it = back(withdrawn, ("lamp", 2, 0), ("cup", 1, 0))

    assert all_of_it.refund == Money(amount=4900 + 1050 + given_back)
    assert all_of_it.delivery_refunded


@pytest.mark.parametrize(("prices", "added"), [("EXCLUSIVE", 60), ("INCLUSIVE", 0)])
def test_with_the_standard_delivery_goes_back_its_part_of_the_tax(prices: PriceKind, added: int) -> None:
    of_delivery = [TaxAmount(name="Tax", rate=10_000, base=Money(amount=1499), amount=Money(amount=150))]
    tax = OrderTax.of(prices, [], of_delivery, "USD")
    withdrawn = opened(shipping=Money(amount=1499), standard_shipping=Money(amount=599), tax=tax)

    assert back(withdrawn, ("lamp", 2, 0), ("cup", 1, 0)).refund == Money(amount=4900 + 1050 + 599 + added)


def test_delivery_is_not_refunded_where_something_stays_or_was_returned_later() -> None:
    assert back(opened(), ("lamp", 2, 0)).refund == Money(amount=4900)
    late = decide("w", an_order(), None, (), DELIVERED + timedelta(days=20)).opened
    assert late is not None
    assert back(late, ("lamp", 2, 0), ("cup", 1, 0)).refund == Money(amount=5950)


def test_what_is_written_off_is_refunded_as_well() -> None:
    change = opened().came_back([CameBack(product_id="lamp", restock=1, write_off=1)], (), "grace", NOW)
    assert change is not None
    after, event = change

    assert after.refund == event.refund == Money(amount=4900)
    assert [(line.restocked, line.written_off) for line in event.lines] == [(1, 1)]


def test_the_same_goods_again_change_nothing_and_others_are_refused() -> None:
    received = back(opened(), ("lamp", 1, 1))

    assert received.came_back([CameBack(product_id="lamp", restock=1, write_off=1)], (), "bob", NOW) is None
    with pytest.raises(WrongStatusError):
        received.came_back([CameBack(product_id="lamp", restock=2)], (), "bob", NOW)


@pytest.mark.parametrize("units", [[("lamp", 3, 0)], [("lamp", 2, 1)], [("sofa", 1, 0)], [("lamp", 0, 0)]])
def test_what_was_not_announced_is_refused(units: list[tuple[str, int, int]]) -> None:
    with pytest.raises(UnexpectedUnitsError):
        back(opened(), *units)


def test_a_refund_ends_a_return_once() -> None:
    received = back(opened(), ("lamp", 2, 0))
    change = received.refunded(paid(received, 4000), NOW)
    assert change is not None

    # What orders had left to refund may be less.
    assert (change[0].status, change[0].refund) == ("REFUNDED", Money(amount=4000))
    assert change[0].refunded(paid(received, 4000), NOW) is None


def test_a_refund_of_another_order_or_of_nothing_contradicts_the_return() -> None:
    received = back(opened(), ("lamp", 2, 0))
    with pytest.raises(ReturnMismatchError):
        received.refunded(paid(received, order_id="order-2"), NOW)
    with pytest.raises(ReturnMismatchError):
        opened().refunded(paid(opened()), NOW)


def test_a_refund_that_is_refused_is_told_to_staff() -> None:
    received = back(opened(), ("lamp", 2, 0))
    failed = received.refund_failed("charge_disputed")
    assert failed is not None

    assert (failed.status, failed.failure_code) == ("RECEIVED", "charge_disputed")
    assert failed.refund_failed("charge_disputed") is None
    after, _ = failed.refunded(paid(received), NOW) or (failed, None)
    assert (after.status, after.failure_code) == ("REFUNDED", None)


ACTIONS: dict[ReturnStatus, Callable[[Return], object]] = {
    ReturnStatus.RECEIVED: lambda each: each.came_back([CameBack(product_id="cup", restock=1)], (), "grace", NOW),
    ReturnStatus.CLOSED: lambda each: each.closed("grace", NOW),
}


@pytest.mark.parametrize("status", ReturnStatus)
@pytest.mark.parametrize("to", ACTIONS)
def test_only_the_transitions_of_the_table_are_allowed(status: ReturnStatus, to: ReturnStatus) -> None:
    received = back(opened(), ("lamp", 2, 0))
    given = received.model_copy(update={"status": status, **({"received": []} if status == "REQUESTED" else {})})

    if to in TRANSITIONS[status]:
        assert ACTIONS[to](given)
    elif status is to is ReturnStatus.CLOSED:
        assert ACTIONS[to](given) is None
    else:
        with pytest.raises(WrongStatusError):
            ACTIONS[to](given)


def test_the_return_of_a_refund_is_named_by_its_request() -> None:
    assert returned_by("return-order-1-2") == "order-1-2"
    assert returned_by("cancel") is None
    assert returned_by(None) is None
    assert PLACED < DELIVERED
