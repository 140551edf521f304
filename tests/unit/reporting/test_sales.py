"""The sums of days that are over: stored once, and forgotten when a fact comes late."""

from datetime import date, timedelta

from services.reporting.domain import Fact, Kind
from services.reporting.store import StoredDay
from tests.unit.reporting.conftest import NOON, TODAY, Reporting


def cart(number: int, day: date = TODAY) -> Fact:
    return Fact(day, f"{Kind.CART_STARTED}#{number}", Kind.CART_STARTED, {})


def carts(reporting: Reporting, day: date = TODAY) -> int:
    (found,) = reporting.sales.figures(day, day)
    return found.carts


def stored(reporting: Reporting) -> StoredDay:
    return reporting.days.between(TODAY, TODAY).get(TODAY, StoredDay(TODAY))


def test_a_day_in_progress_is_not_stored(reporting: Reporting) -> None:
    reporting.sales.count(cart(1))

    assert carts(reporting) == 1
    assert stored(reporting) == StoredDay(TODAY)


def test_a_day_that_is_over_is_summed_once(reporting: Reporting) -> None:
    reporting.sales.count(cart(1))
    reporting.clock.now = NOON + timedelta(days=1)

    assert carts(reporting) == 1
    reporting.dynamodb.delete_table(TableName="SalesFacts")
    assert carts(reporting) == 1


def test_a_day_that_has_just_ended_is_not_stored_yet(reporting: Reporting) -> None:
    reporting.sales.count(cart(1))
    reporting.clock.now = NOON + timedelta(hours=12, minutes=59)

    assert carts(reporting) == 1
    assert stored(reporting).figures is None


def test_a_late_fact_is_in_the_next_answer(reporting: Reporting) -> None:
    reporting.sales.count(cart(1))
    reporting.clock.now = NOON + timedelta(days=1)
    assert carts(reporting) == 1

    reporting.sales.count(cart(2))

    assert carts(reporting) == 2
    assert stored(reporting).version == 1


def test_sums_without_a_late_fact_cannot_be_stored_after_it(reporting: Reporting) -> None:
    reporting.sales.count(cart(1))
    reporting.clock.now = NOON + timedelta(days=1)
    before = stored(reporting)
    without = reporting.sales.figures(TODAY, TODAY)[0]
    reporting.sales.count(cart(2))

    reporting.days.save(before, without)

    assert stored(reporting).figures is None
    assert carts(reporting) == 2


def test_a_late_fact_that_comes_again_changes_no_figure(reporting: Reporting) -> None:
    reporting.clock.now = NOON + timedelta(days=1)
    for _ in range(3):
        reporting.sales.count(cart(1))
        assert carts(reporting) == 1


def test_a_period_has_all_its_days_in_order(reporting: Reporting) -> None:
    reporting.clock.now = NOON + timedelta(days=40)
    for number in range(0, 40, 3):
        reporting.sales.count(cart(number, TODAY + timedelta(days=number)))

    days = reporting.sales.figures(TODAY, TODAY + timedelta(days=39))

    assert [(day.day - TODAY).days for day in days] == list(range(40))
    assert [day.carts for day in days] == [1 if number % 3 == 0 else 0 for number in range(40)]
    again = reporting.sales.figures(TODAY, TODAY + timedelta(days=39))
    assert again == days


def test_a_day_of_many_facts_is_read_page_by_page(reporting: Reporting) -> None:
    for number in range(40):
        fact = Fact(TODAY, f"{Kind.CART_STARTED}#{number}", Kind.CART_STARTED, {"padding": "x" * 50_000})
        reporting.facts.put(fact)

    assert carts(reporting) == 40


def test_figures_too_large_for_an_item_are_summed_each_time(reporting: Reporting) -> None:
    lines = [{"productId": f"p-{n}", "name": "n" * 100, "quantity": 1, "amount": 1} for n in range(300)]
    for order in range(9):
        renamed = [{**line, "productId": f"{line['productId']}-{order}"} for line in lines]
        values = {"orderId": str(order), "goods": 300, "shipping": 0, "total": 300, "lines": renamed}
        reporting.facts.put(Fact(TODAY, f"{Kind.ORDER_PLACED}#{order}", Kind.ORDER_PLACED, values))
    reporting.clock.now = NOON + timedelta(days=1)

    for _ in range(2):
        (found,) = reporting.sales.figures(TODAY, TODAY)
        assert len(found.products) == 2700
    assert stored(reporting).figures is None
