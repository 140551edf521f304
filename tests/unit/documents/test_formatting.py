"""How amounts, dates and foreign texts are written."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from documents.formatting import format_date_time, format_days, format_money, single_line
from schemas.contract import Money

PAGES_SAMPLES = Path("frontend/src/components/dates.samples.json")


@pytest.mark.parametrize(
    ("money", "written"),
    [
        (Money(amount=0), "$0.00"),
        (Money(amount=5), "$0.05"),
        (Money(amount=129900), "$1,299.00"),
        (Money(amount=123456789), "$1,234,567.89"),
        (Money(amount=1050, currency="EUR"), "€10.50"),
        (Money(amount=1050, currency="GBP"), "£10.50"),
        (Money(amount=1050, currency="JPY"), "¥1,050"),
        (Money(amount=1050, currency="CHF"), "10.50 CHF"),
        (Money(amount=1050, currency="KRW"), "1,050 KRW"),
        (Money(amount=1050, currency="KWD"), "1.050 KWD"),
    ],
)
def test_amounts(money: Money, written: str) -> None:
    assert format_money(money) == written


def test_an_e_mail_names_a_time_in_the_shops_zone_as_the_pages_show_it() -> None:
    # The pages' own test reads the same samples.
    samples = json.loads(PAGES_SAMPLES.read_text())

    written = [format_date_time(datetime.fromisoformat(sample["timestamp"])) for sample in samples]

    assert written == [sample["dateTime"] for sample in samples]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("  Blue   cup ", "Blue cup"),
        ("Cup\r\nTotal: $0.00", "Cup Total: $0.00"),
        ("a\u2028b\u0000c\u202ed", "a b c d"),
        ("Tasse à café ☕ 杯", "Tasse à café ☕ 杯"),
    ],
)
def test_a_foreign_text_stays_in_its_line(text: str, written: str) -> None:
    assert single_line(text) == written


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        ("2026-12-03", "2026-12-05", "December 3–5"),
        ("2026-11-30", "2026-12-02", "November 30–December 2"),
        ("2026-12-31", "2027-01-04", "December 31, 2026–January 4, 2027"),
        ("2026-12-03", "2026-12-03", "December 3"),
    ],
)
def test_the_days_of_a_delivery_are_written_as_on_the_pages(first: str, last: str, written: str) -> None:
    assert format_days(first, last) == written
