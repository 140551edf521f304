"""Formats amounts and dates for a person, and texts from outside for one line."""

from datetime import datetime

from schemas.contract import Money

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


def format_date(moment: datetime) -> str:
    """Return a day such as ``1 March 2026``."""
    return f"{moment.day} {moment:%B %Y}"


def single_line(text: str) -> str:
    """Return a text without line ends, control characters and changes of direction.

    A product's name with a line end could otherwise add lines to an e-mail.
    """
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
