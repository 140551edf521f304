"""How amounts and dates are written to a person, and what must not get into a written line."""

from datetime import datetime

from schemas.contract import Money

SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}
WITHOUT_MINOR_UNIT = frozenset(
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
WITH_THREE_DIGITS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
"""Currencies whose minor unit is not a hundredth, by ISO 4217."""


def amount(money: Money) -> str:
    """Return an amount as a person reads it: ``$1,299.00``, or ``1,299.00 CHF`` for a currency without a sign."""
    digits = 0 if money.currency in WITHOUT_MINOR_UNIT else 3 if money.currency in WITH_THREE_DIGITS else 2
    major, minor = divmod(money.amount, 10**digits)
    figure = f"{major:,}" + (f".{minor:0{digits}}" if digits else "")
    sign = SIGNS.get(money.currency)
    return f"{sign}{figure}" if sign else f"{figure} {money.currency}"


def date(moment: datetime) -> str:
    """Return a day, such as ``1 March 2026``."""
    return f"{moment.day} {moment:%B %Y}"


def one_line(text: str) -> str:
    """Return a text without line ends, control characters and changes of direction.

    A product's name with a line end in it could otherwise write lines of its own into a mail.
    """
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
