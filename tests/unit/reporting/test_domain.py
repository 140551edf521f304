"""The days of the shop, and the sums of facts."""

from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.domain import (
    DayFigures,
    Fact,
    Kind,
    ProductFigures,
    SealedDayError,
    day_of,
    days_between,
    end_of,
    is_late,
    is_settled,
    require_open,
    sum_facts,
    sum_products,
)

DAY = date(2026, 11, 23)


def order(order_id: str, total: int = 2599, **units: int) -> Fact:
    lines = [{"productId": name, "name": name.title(), "quantity": n, "amount": 1000 * n} for name, n in units.items()]
    values = {"orderId": order_id, "goods": total - 599, "shipping": 599, "total": total, "lines": lines}
    return Fact(DAY, f"{Kind.ORDER_PLACED}#{order_id}", Kind.ORDER_PLACED, values)


def failure(order_id: str, reason: str = "DECLINED") -> Fact:
    values = {"orderId": order_id, "reason": reason}
    return Fact(DAY, f"{Kind.CHECKOUT_FAILED}#{order_id}", Kind.CHECKOUT_FAILED, values)


def cart(event_id: str) -> Fact:
    return Fact(DAY, f"{Kind.CART_STARTED}#{event_id}", Kind.CART_STARTED, {})


def refund(event_id: str, amount: int) -> Fact:
    values = {"orderId": "o", "amount": amount}
    return Fact(DAY, f"{Kind.ORDER_REFUNDED}#{event_id}", Kind.ORDER_REFUNDED, values)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 23, 4, 59, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 23, 5, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 7, 1, 3, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 7, 1, 4, 0, tzinfo=UTC), date(2026, 7, 1)),
    ],
)
def test_a_day_begins_at_midnight_where_the_shop_is(moment: datetime, day: date) -> None:
    assert day_of(moment) == day


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 6, 1), 24)])
def test_a_day_has_the_hours_that_its_clock_shows(day: date, hours: int) -> None:
    before = date.fromordinal(day.toordinal() - 1)

    assert (end_of(day) - end_of(before)).total_seconds() == hours * 3600


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2040, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_moment_is_in_one_day(moment: datetime) -> None:
    day = day_of(moment)

    assert end_of(date.fromordinal(day.toordinal() - 1)) <= moment < end_of(day)


def test_a_day_is_late_when_it_is_over_and_settled_an_hour_later() -> None:
    assert not is_late(DAY, datetime(2026, 11, 24, 4, 59, tzinfo=UTC))
    assert is_late(DAY, datetime(2026, 11, 24, 5, tzinfo=UTC))
    assert not is_settled(DAY, datetime(2026, 11, 24, 5, 59, tzinfo=UTC))
    assert is_settled(DAY, datetime(2026, 11, 24, 6, tzinfo=UTC))


def test_a_day_of_which_facts_may_be_gone_takes_none() -> None:
    require_open(DAY, datetime(2027, 12, 18, 12, tzinfo=UTC))
    with pytest.raises(SealedDayError, match="2026-11-23"):
        require_open(DAY, datetime(2027, 12, 19, 12, tzinfo=UTC))


def test_a_day_without_facts_has_zeros() -> None:
    assert sum_facts(DAY, []) == DayFigures(day=DAY)


def test_facts_are_summed() -> None:
    cancelled = Fact(
        DAY,
        "x",
        Kind.ORDER_CANCELLED,
        {"orderId": "b", "total": 1599, "lines": [{"productId": "cup", "name": "Cup", "quantity": 1, "amount": 1000}]},
    )

    figures = sum_facts(
        DAY, [order("a", mug=2), order("b", 1599, cup=1), cancelled, refund("r", 1599), cart("c"), failure("d")]
    )

    assert figures == DayFigures(
        day=DAY,
        orders=2,
        units=3,
        goods=3000,
        shipping=1198,
        total=4198,
        cancelled_orders=1,
        cancelled_units=1,
        cancelled_total=1599,
        refunds=1,
        refunded=1599,
        carts=1,
        checkouts=3,
        failed={"DECLINED": 1},
        products=[
            ProductFigures(product_id="cup", name="Cup", units=1, sales=1000, cancelled_units=1),
            ProductFigures(product_id="mug", name="Mug", units=2, sales=2000),
        ],
    )
    assert figures.net == 2599


def test_the_order_of_facts_changes_no_figure() -> None:
    renamed = Fact(
        DAY,
        "y",
        Kind.ORDER_PLACED,
        {
            "orderId": "y",
            "goods": 1,
            "shipping": 0,
            "total": 1,
            "lines": [{"productId": "mug", "name": "A Mug", "quantity": 1, "amount": 1}],
        },
    )
    facts = [order("a", mug=1), renamed, failure("a"), failure("b", "FAULT"), refund("r", 5)]

    assert len({sum_facts(DAY, some).model_dump_json() for some in permutations(facts)}) == 1


def test_a_checkout_that_failed_and_was_placed_after_all_is_one() -> None:
    assert sum_facts(DAY, [order("a", mug=1), failure("a")]).checkouts == 1


def test_a_day_can_give_back_more_than_it_takes() -> None:
    assert sum_facts(DAY, [refund("r", 500)]).net == -500


def test_products_are_summed_under_their_newest_name() -> None:
    first = DayFigures(day=DAY, products=[ProductFigures(product_id="mug", name="Mug", units=1, sales=1000)])
    second = DayFigures(day=DAY, products=[ProductFigures(product_id="mug", name="Big Mug", units=2, sales=2200)])

    assert sum_products([first, second]) == {
        "mug": ProductFigures(product_id="mug", name="Big Mug", units=3, sales=3200)
    }


def test_a_period_includes_both_ends() -> None:
    assert days_between(date(2026, 12, 31), date(2027, 1, 1)) == [date(2026, 12, 31), date(2027, 1, 1)]
