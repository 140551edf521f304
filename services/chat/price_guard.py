"""Lets no price through that nobody has told: every amount in an answer is one that a service or a document names.

A language model can name a figure that is nowhere in what it was given. Amounts are therefore held
back while the text streams until they are whole, compared, and left out where nobody has told them.
"""

import re
from collections.abc import Iterable

UNTOLD = "(see the product for its price)"
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?:US\$|\$|USD\s?|€|EUR\s?|£|GBP\s?)\s?({_NUMBER})|({_NUMBER})\s?(?:dollars?|USD|bucks|euros?|EUR|€|£|pounds?)\b",
    re.IGNORECASE,
)
# What may still become an amount, or its end, when more text comes: the last words, a number before them, and its sign.
_UNFINISHED = re.compile(r"(?:(?:\bUSD|\bEUR|\bGBP|US\$|[$€£])\s*)?(?:\S*\d\S*\s+(?:\S+\s+)?)?\S*\Z", re.IGNORECASE)


def amounts_in(text: str) -> set[int]:
    """Return the amounts of money that a text names, in cents."""
    return {_cents(match[1] or match[2]) for match in _AMOUNT.finditer(text)}


def _cents(number: str) -> int:
    whole, _, fraction = number.replace(",", "").partition(".")
    return int(whole) * 100 + int((fraction + "00")[:2])


class Figures:
    """The amounts that an answer may name, and its text as far as it may be shown.

    Parameters:
        told: texts by which amounts are known from the beginning: passages, the question, what was said before.
    """

    def __init__(self, told: Iterable[str] = ()) -> None:
        self._known: set[int] = set()
        self._held = ""
        self.left_out = 0
        for text in told:
            self.learn(text)

    def learn(self, text: str) -> None:
        """Know the amounts of a text from now on: what a tool has answered."""
        self._known |= amounts_in(text)

    def pass_on(self, piece: str) -> str:
        """Return what can be shown after the next piece of the answer; the rest is held until it is clear."""
        text = self._held + piece
        unfinished = _UNFINISHED.search(text)
        self._held = unfinished[0] if unfinished else ""
        return self._checked(text[: len(text) - len(self._held)])

    def rest(self) -> str:
        """Return what is left at the end of the answer."""
        text, self._held = self._held, ""
        return self._checked(text)

    def _checked(self, text: str) -> str:
        return _AMOUNT.sub(self._replaced, text)

    def _replaced(self, match: re.Match[str]) -> str:
        if _cents(match[1] or match[2]) in self._known:
            return match[0]
        self.left_out += 1
        return UNTOLD
