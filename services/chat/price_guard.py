"""Removes prices from an answer that no service, document or shopper has named.

A language model can invent a figure. Amounts are therefore held back while the text streams until they are complete,
compared with the known ones, and replaced if they are not among them.
"""

import re
from collections.abc import Iterable

REPLACEMENT = "(see the product for its price)"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?:US\$|\$|USD\s?|€|EUR\s?|£|GBP\s?)\s?({_NUMBER})|({_NUMBER})\s?(?:dollars?|USD|bucks|euros?|EUR|€|£|pounds?)\b",
    re.IGNORECASE,
)
# The end of a text that can still become an amount: the last word, a number before it, and its currency sign.
_INCOMPLETE = re.compile(r"(?:(?:\bUSD|\bEUR|\bGBP|US\$|[$€£])\s*)?(?:\S*\d\S*\s+(?:\S+\s+)?)?\S*\Z", re.IGNORECASE)


def amounts_in(text: str) -> set[int]:
    """Return the amounts of money in a text, in cents."""
    return {_cents(match[1] or match[2]) for match in _AMOUNT.finditer(text)}


def _cents(number: str) -> int:
    whole, _, fraction = number.replace(",", "").partition(".")
    return int(whole) * 100 + int((fraction + "00")[:2])


class PriceGuard:
    """Filters the text of one answer.

    Parameters:
        texts: texts whose amounts are known from the start: passages, the question, the conversation before.

    Attributes:
        removed: number of amounts that were replaced.
    """

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._known: set[int] = set()
        self._held_back = ""
        self.removed = 0
        for text in texts:
            self.allow(text)

    def allow(self, text: str) -> None:
        """Add the amounts of a text, such as a tool's result, to the known ones."""
        self._known |= amounts_in(text)

    def feed(self, piece: str) -> str:
        """Return the text that can be shown after the next piece of the answer; the rest is held back."""
        text = self._held_back + piece
        incomplete = _INCOMPLETE.search(text)
        self._held_back = incomplete[0] if incomplete else ""
        return self._filter(text[: len(text) - len(self._held_back)])

    def flush(self) -> str:
        """Return the text that was held back."""
        text, self._held_back = self._held_back, ""
        return self._filter(text)

    def _filter(self, text: str) -> str:
        return _AMOUNT.sub(self._replace, text)

    def _replace(self, match: re.Match[str]) -> str:
        if _cents(match[1] or match[2]) in self._known:
            return match[0]
        self.removed += 1
        return REPLACEMENT
