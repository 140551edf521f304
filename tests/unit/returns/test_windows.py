"""Until when goods can be given back: to the minute, in the shop's time zone."""

from datetime import UTC, datetime, timedelta

import pytest

from services.returns.windows import reason_at, return_until, withdrawal_until

PLACED = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_the_right_to_withdraw_ends_with_the_fourteenth_day_in_the_shops_time_zone() -> None:
    # 11 pm in New York on the third, which is the fourth elsewhere; summer time begins on the eighth.
    until = withdrawal_until(datetime(2026, 3, 4, 4, tzinfo=UTC))

    assert until == datetime(2026, 3, 18, 4, tzinfo=UTC)


def test_before_delivery_the_right_to_withdraw_is_open() -> None:
    assert withdrawal_until(None) is None
    assert return_until(PLACED, None) is None
    assert reason_at(PLACED + timedelta(days=300), PLACED, None) == "WITHDRAWN"


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (timedelta(), "WITHDRAWN"),
        (timedelta(days=14), "WITHDRAWN"),
        (timedelta(days=15), "RETURNED"),
        (timedelta(days=30), "RETURNED"),
        (timedelta(days=31), None),
    ],
)
def test_after_the_law_the_shop_takes_goods_back_and_then_nobody(after: timedelta, reason: str | None) -> None:
    delivered = datetime(2026, 4, 4, 12, tzinfo=UTC)

    assert reason_at(delivered + after, PLACED, delivered) == reason


def test_the_last_minute_counts() -> None:
    delivered = datetime(2026, 4, 4, 12, tzinfo=UTC)
    until = withdrawal_until(delivered)
    assert until is not None

    assert reason_at(until - MINUTE, PLACED, delivered) == "WITHDRAWN"
    assert reason_at(until, PLACED, delivered) == "RETURNED"


@pytest.mark.parametrize(
    ("placed", "until"),
    [
        (datetime(2026, 11, 1, 12, tzinfo=UTC), datetime(2027, 2, 1, 5, tzinfo=UTC)),
        (datetime(2026, 12, 31, 12, tzinfo=UTC), datetime(2027, 2, 5, 5, tzinfo=UTC)),
        (datetime(2026, 10, 31, 12, tzinfo=UTC), datetime(2026, 12, 6, 5, tzinfo=UTC)),
    ],
)
def test_what_is_bought_before_the_holidays_can_be_returned_in_january(placed: datetime, until: datetime) -> None:
    assert return_until(placed, placed + timedelta(days=5)) == until
