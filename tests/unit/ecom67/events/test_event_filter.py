"""Times and sources of the command line are parsed, or refused."""

from datetime import UTC, datetime, timedelta

import pytest

from ecom67.base.errors import CliError
from ecom67.events.event_filter import EventFilter, full_source, parse_moment

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("90s", NOW - timedelta(seconds=90)),
        ("30m", NOW - timedelta(minutes=30)),
        ("1h", NOW - timedelta(hours=1)),
        (" 7d ", NOW - timedelta(days=7)),
        ("2026-02-28", datetime(2026, 2, 28, tzinfo=UTC)),
        ("2026-02-28T10:00", datetime(2026, 2, 28, 10, tzinfo=UTC)),
        ("2026-02-28T10:00:00+02:00", datetime(2026, 2, 28, 8, tzinfo=UTC)),
        ("2026-02-28T10:00:00Z", datetime(2026, 2, 28, 10, tzinfo=UTC)),
    ],
)
def test_a_time_is_so_long_ago_or_a_moment(text: str, moment: datetime) -> None:
    assert parse_moment(text, NOW) == moment


@pytest.mark.parametrize("text", ["", "yesterday", "1", "1w", "-1h", "1h30m", "2026-13-01", "9999999d"])
def test_any_other_time_is_refused_with_what_could_be_written(text: str) -> None:
    with pytest.raises(CliError, match="such as 90s, 30m, 1h or 7d"):
        parse_moment(text, NOW)


@pytest.mark.parametrize(
    ("text", "source"), [(None, None), ("orders", "ecom67.orders"), ("ecom67.orders", "ecom67.orders"), ("a.b", "a.b")]
)
def test_a_source_of_ours_goes_by_its_short_name(text: str | None, source: str | None) -> None:
    assert full_source(text) == source


def test_a_filter_is_described_in_words() -> None:
    assert EventFilter().describe() == "everything"
    assert EventFilter(since=NOW, order_id="o-1").describe() == "since 2026-03-01 12:00:00 UTC, about order o-1"
