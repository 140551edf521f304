"""Amounts as people and other shops write them, to cents. No float and no Decimal on the way."""

import re

_AMOUNT = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,2}))?")
_TOO_FINE = re.compile(r"[0-9]+\.[0-9]{3,}")
_SHOWN = 40


def cents_of(amount: str | int) -> int:
    """Return the cents of an amount in dollars: ``"12.5"`` is 1250, ``12`` is 1200.

    Parameters:
        amount: digits with at most two decimals behind a point, or whole dollars.

    Raises ValueError that says what is wrong with it. Nothing is ever rounded.
    """
    text = str(amount).strip()
    if match := _AMOUNT.fullmatch(text):
        dollars, decimals = match.groups()
        return int(dollars) * 100 + int((decimals or "").ljust(2, "0"))
    shown = repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…")
    if text.startswith("-"):
        raise ValueError(f"{shown} is negative")
    if _TOO_FINE.fullmatch(text):
        raise ValueError(f"{shown} has more than two decimals")
    raise ValueError(f"{shown} is not an amount in dollars such as 12.99")
