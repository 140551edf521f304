"""Working days, and when a parcel arrives."""

from datetime import UTC, date, datetime

import pytest

from delivery.calendar import arrival, dispatch_day, is_working_day
from delivery.settings import DeliverySettings
from tests.unit.delivery.conftest import at_the_warehouse


@pytest.mark.parametrize(
    ("ordered", "leaves"),
    [
        ("2026-12-01T13:59", date(2026, 12, 1)),
        ("2026-12-01T14:00", date(2026, 12, 2)),
        ("2026-12-04T14:00", date(2026, 12, 7)),  # a Friday afternoon
        ("2026-12-05T09:00", date(2026, 12, 7)),
        ("2026-12-25T09:00", date(2026, 12, 28)),  # Christmas, and the weekend after it
        ("2026-12-31T15:00", date(2027, 1, 4)),
    ],
)
def test_an_order_leaves_on_its_working_day_until_the_cut_off(
    settings: DeliverySettings, ordered: str, leaves: date
) -> None:
    assert dispatch_day(settings.dispatch, at_the_warehouse(ordered)) == leaves


def test_the_time_of_the_warehouse_decides_wherever_the_clock_is_read(settings: DeliverySettings) -> None:
    # Half past six in the evening in Greenwich is half past one at the warehouse in winter, and past two in summer.
    assert dispatch_day(settings.dispatch, datetime(2026, 12, 1, 18, 30, tzinfo=UTC)) == date(2026, 12, 1)
    assert dispatch_day(settings.dispatch, datetime(2026, 7, 1, 18, 30, tzinfo=UTC)) == date(2026, 7, 2)


@pytest.mark.parametrize(
    "holiday",
    ["2026-01-01", "2027-01-18", "2026-05-25", "2027-05-31", "2026-09-07", "2026-11-26", "2027-11-25", "2026-12-25"],
)
def test_nothing_travels_on_a_holiday(settings: DeliverySettings, holiday: str) -> None:
    assert not is_working_day(settings.dispatch, date.fromisoformat(holiday))


def test_a_parcel_arrives_after_working_days_alone(settings: DeliverySettings) -> None:
    # Wednesday morning before Thanksgiving: Friday is the first day on the way.
    first, last = arrival(settings.dispatch, (3, 5), at_the_warehouse("2026-11-25T09:00"))

    assert (first, last) == (date(2026, 12, 1), date(2026, 12, 3))
