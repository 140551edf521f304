"""Reads amounts as people write them in tables: decimal commas, separators of thousands, currencies."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.catalog.product_file.rows import RowBuilder, UnreadableFileError
from services.catalog.product_input import CURRENCY

_SYMBOLS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "zł": "PLN", "kr": "SEK", "₹": "INR"}
_UNIT = r"[A-Z]{3}|US\$|[$€£¥₹]|zł|kr"
_AMOUNT = re.compile(rf"(?P<before>{_UNIT})?\s*(?P<number>[0-9][0-9.,'\s]*)\s*(?P<after>{_UNIT})?")
_COMMA_IS_DECIMAL = re.compile(r"[0-9]+,[0-9]{1,2}|[0-9]{1,3}([. '][0-9]{3})+,[0-9]{1,4}")
_POINT_IS_DECIMAL = re.compile(r"[0-9]+\.[0-9]{1,2}|[0-9]{1,3}([, '][0-9]{3})+\.[0-9]{1,4}")
_USUAL = re.compile(r"[0-9]+\.[0-9]{2}")
_EITHER = re.compile(r"[0-9]{1,3},[0-9]{3}")


@dataclass(frozen=True, slots=True)
class Amounts:
    """How the amounts of a file are written.

    Attributes:
        decimal_comma: whether a comma separates the decimals; else a point does.
    """

    decimal_comma: bool = False

    @classmethod
    def of(cls, prices: Iterable[tuple[int, str]]) -> "Amounts":
        """Return how the prices of a file are written, each with the number of its row.

        Raises UnreadableFileError where ``1,234`` may be either a thousand or one, and no other price tells.
        """
        comma = point = False
        either: tuple[int, str] | None = None
        for number, price in prices:
            if price.isdecimal() or _USUAL.fullmatch(price):
                point = point or "." in price
                continue
            text = _number(price)
            comma = comma or bool(_COMMA_IS_DECIMAL.fullmatch(text))
            point = point or bool(_POINT_IS_DECIMAL.fullmatch(text))
            either = either or ((number, price) if _EITHER.fullmatch(text) else None)
        if either and comma == point:
            raise UnreadableFileError(
                f"it cannot be told whether the price {either[1]!r} in line {either[0]} is a thousand or has decimals; "
                "write all prices with two decimals"
            )
        return cls(decimal_comma=comma)

    def parse(self, text: str) -> str | dict[str, object]:
        """Return an amount as ``12.50``, or with its currency where that is another than the shop's.

        Text that is no amount is returned as it is.
        """
        if _USUAL.fullmatch(text):
            return text
        match = _AMOUNT.fullmatch(text.strip())
        if match is None:
            return text
        number = self._plain(_number(text))
        unit = match["before"] or match["after"] or CURRENCY
        currency = _SYMBOLS.get(unit, unit)
        if currency == CURRENCY or not re.fullmatch(r"[0-9]+(\.[0-9]{1,2})?", number):
            return number
        whole, _, decimals = number.partition(".")
        return {"amount": int(whole) * 100 + int(decimals.ljust(2, "0") or 0), "currency": currency}

    def _plain(self, number: str) -> str:
        if _COMMA_IS_DECIMAL.fullmatch(number):
            decimal = ","
        elif _POINT_IS_DECIMAL.fullmatch(number):
            decimal = "."
        else:
            decimal = "," if self.decimal_comma else "."
        thousands = ".' " if decimal == "," else ",' "
        plain = number.translate(dict.fromkeys(map(ord, thousands))).replace(",", ".")
        # Some shops write four decimals of which the last are zeros.
        return re.sub(r"(\.[0-9]{2})0+$", r"\1", plain)


def cents(amount: object) -> int:
    """Return the cents of an amount that was read, for comparing; 0 for what is no amount."""
    whole, _, decimals = str(amount).partition(".")
    if not (whole.isdecimal() and (decimals or "0").isdecimal()):
        return 0
    return int(whole) * 100 + int(decimals[:2].ljust(2, "0"))


def set_compare_at(row: RowBuilder, compare_at: object) -> None:
    """Set the price that is struck through, if there is one and it is higher than the price.

    Parameters:
        row: the product, with its price.
        compare_at: as ``Amounts.parse`` returns it.
    """
    if cents(compare_at) > cents(row.values.get("price")):
        row.set(compareAtPrice=compare_at)
    elif cents(compare_at):
        row.note(f"the former price {compare_at} is left out: it is not higher than the price")


def _number(text: str) -> str:
    match = _AMOUNT.fullmatch(text.strip())
    return re.sub(r"\s+", " ", match["number"]).strip() if match else ""
