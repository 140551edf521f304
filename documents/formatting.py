"""Formats amounts, dates and addresses for a person, and texts from outside for one line."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from schemas.commands import ShippingAddress
from schemas.contract import Money
from schemas.time_zone import TIME_ZONE

CURRENCY_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
ZERO_DECIMAL_CURRENCIES = frozenset(
    [
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    ]
)
THREE_DECIMAL_CURRENCIES = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
"""Currencies whose minor unit is not a hundredth, by ISO 4217."""


def format_money(money: Money) -> str:
    """Return an amount such as ``$1,299.00``, or ``1,299.00 CHF`` for a currency without a symbol here."""
    currency = money.currency
    digits = 0 if currency in ZERO_DECIMAL_CURRENCIES else 3 if currency in THREE_DECIMAL_CURRENCIES else 2
    major, minor = divmod(money.amount, 10**digits)
    figure = f"{major:,}" + (f".{minor:0{digits}}" if digits else "")
    symbol = CURRENCY_SYMBOLS.get(currency)
    return f"{symbol}{figure}" if symbol else f"{figure} {currency}"


def format_date_time(moment: datetime) -> str:
    """Return a moment in the shop's time zone, such as ``March 1, 2026 at 7:05 AM EST``, as the pages show it.

    Parameters:
        moment: with a time zone of its own.

    Raises zoneinfo.ZoneInfoNotFoundError where neither the machine nor the package tzdata has the shop's zone.
    """
    there = moment.astimezone(_zone())
    return f"{there:%B} {there.day}, {there.year} at {there.hour % 12 or 12}:{there:%M %p %Z}"


def format_days(first: str, last: str) -> str:
    """Return the days of a delivery, such as ``December 3–5``, as the pages show them.

    Parameters:
        first, last: ISO 8601 days where the shop is.
    """
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    if begin == end:
        return f"{begin:%B} {begin.day}"
    if begin.year != end.year:
        return f"{begin:%B} {begin.day}, {begin.year}–{end:%B} {end.day}, {end.year}"
    month = "" if begin.month == end.month else f"{end:%B} "
    return f"{begin:%B} {begin.day}–{month}{end.day}"


def format_date(moment: datetime) -> str:
    """Return the day of a moment in the shop's time zone, such as ``March 1, 2026``.

    Parameters:
        moment: with a time zone of its own.

    Raises zoneinfo.ZoneInfoNotFoundError as `format_date_time`.
    """
    there = moment.astimezone(_zone())
    return f"{there:%B} {there.day}, {there.year}"


def shop_year(moment: datetime) -> int:
    """Return the year of a moment in the shop's time zone; raises as `format_date`.

    Parameters:
        moment: with a time zone of its own.
    """
    return moment.astimezone(_zone()).year


def format_address(address: ShippingAddress) -> str:
    """Return an address in one line, in the order of the pages; its country is a code, such as ``US``."""
    return ", ".join(address_lines(address))


def address_lines(address: ShippingAddress) -> list[str]:
    """Return an address, a line each, in the order of the pages."""
    town = " ".join(part for part in (address.postal_code, address.city, address.region) if part)
    lines = [address.name, address.line1, address.line2, town, address.country]
    return [line for line in lines if line]


@cache
def _zone() -> ZoneInfo:
    return ZoneInfo(TIME_ZONE)


def single_line(text: str) -> str:
    """Return a text without line ends, control characters and changes of direction.

    A product's name with a line end could otherwise add lines to an e-mail.
    """
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
