"""Which hours are compared, and what may be repaired how often."""

from datetime import timedelta
from itertools import pairwise

import pytest

from services.operations.domain import MAX_REPAIRS, FindingState, Period, merged, periods
from tests.unit.operations.conftest import HOUR, NOW, finding


def test_a_run_compares_the_last_two_hours_what_is_open_and_an_hour_of_each_later_look() -> None:
    older = Period(since="2029-12-30T08:00:00Z", until="2029-12-30T09:00:00Z")

    due = periods(NOW, [finding(period=older), finding(period=HOUR)])

    assert [f"{period.since:%m-%dT%H}/{period.until:%m-%dT%H}" for period in due] == [
        "01-01T11/01-01T13",
        "12-30T08/12-30T09",
        "12-31T11/12-31T12",
        "12-25T11/12-25T12",
        "12-04T11/12-04T12",
    ]


def test_the_hours_of_all_runs_leave_no_gap() -> None:
    begun = [periods(NOW + timedelta(hours=hour), [])[1] for hour in range(48)]

    assert all(one.until == following.since for one, following in pairwise(begun))


def test_what_is_safe_is_tried_some_times_and_then_left_to_a_person() -> None:
    found = finding()
    for _ in range(MAX_REPAIRS):
        assert found.safe_repairs
        assert not found.needs_person
        found = found.repair_tried()

    assert not found.safe_repairs
    assert found.needs_person


@pytest.mark.parametrize("kind", ["AMOUNTS_DIFFER", "CHARGED_TWICE", "ORDER_WITHOUT_CHARGE", "OVERSOLD", "HOLD_LEFT"])
def test_what_moves_money_or_goods_otherwise_needs_a_person_at_once(kind: str) -> None:
    assert finding(kind).needs_person


def test_what_staff_has_accepted_is_neither_repaired_nor_alarming_and_stays_accepted() -> None:
    accepted = finding().accepted("staff-1", "given away").seen_again(finding())

    assert accepted.state is FindingState.ACCEPTED
    assert not accepted.safe_repairs
    assert not accepted.needs_person


def test_what_staff_has_accepted_of_an_order_is_open_again_once_its_amounts_are_others() -> None:
    accepted = finding(sentences=["$5 is kept.", "mail"], repairs=MAX_REPAIRS).accepted("staff-1", "given away")

    fewer = accepted.seen_again(finding(sentences=["mail"]))
    again = fewer.seen_again(finding(sentences=["$9 is kept."]))

    assert fewer.state is FindingState.ACCEPTED
    assert fewer.seen_again(finding(sentences=["$5 is kept."])).state is FindingState.ACCEPTED
    assert (again.state, again.repairs, again.sentences) == (FindingState.OPEN, 0, ["$9 is kept."])
    assert (again.accepted_by, again.note) == (None, None)


def test_the_units_of_a_product_change_with_each_sale_and_stay_accepted() -> None:
    accepted = finding("STOCK_DIFFERS", order_id=None, product_id="mug", sentences=["4 are in stock."])

    again = accepted.accepted("staff-1", "known").seen_again(
        finding("STOCK_DIFFERS", order_id=None, product_id="mug", sentences=["3 are in stock."])
    )

    assert again.state is FindingState.ACCEPTED


def test_what_comes_back_after_it_was_resolved_is_open_again_and_may_be_repaired_again() -> None:
    tried = finding(repairs=MAX_REPAIRS).resolved(NOW)

    again = tried.seen_again(finding())

    assert (again.state, again.repairs, again.resolved_at) == (FindingState.OPEN, 0, None)


def test_differences_of_one_kind_and_order_are_one_finding_with_all_sentences() -> None:
    (found,) = merged([finding(sentences=["one"]), finding(sentences=["two"]), finding(sentences=["one"])])

    assert found.sentences == ["one", "two"]
