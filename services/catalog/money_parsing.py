"""Parsing of amounts as people and other shops write them, without a float or a Decimal on the way."""

import re

_AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?")
_TOO_FINE = re.compile(r"[0-9]+\.[0-9]{3,}")
_QUOTED_LENGTH = 40


def parse_dollars(amount: str | int) -> int:
    """Return the cents of an amount in dollars: ``"12.5"`` is 1250, ``12`` is 1200. Never rounds.

    Parameters:
        amount: digits with at most two decimals after a point, or whole dollars.

    Raises ValueError, whose text says what is wrong.
    """
    text = str(amount).strip()
    if match := _AMOUNT.fullmatch(text):
        dollars, decimals = match.groups()
        return int(dollars) * 100 + int((decimals or "").ljust(2, "0"))
    quoted = repr(text if len(text) <= _QUOTED_LENGTH else f"{text[:_QUOTED_LENGTH]}…")
    if text.startswith("-"):
        raise ValueError(f"{quoted} is negative")
    if _TOO_FINE.fullmatch(text):
        raise ValueError(f"{quoted} has more than two decimals")
    raise ValueError(f"{quoted} is not an amount in dollars such as 12.99")
