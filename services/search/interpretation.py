"""Reads what words of a text ask for beside products: ``under 50 dollars``, ``red``, ``for a gardener``, ``cheapest``.

Such words become a filter or the order of the list. Each of these says which words it stands for, so that a shopper
can remove it.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from services.search import text_analysis
from services.search.colours import colour_of
from services.search.engine import Filters, Sort

MAX_AMOUNT = 10**9
"""Highest price in major units that is read as one."""
MINOR_UNITS = 100
_CURRENCY = r"(?:[$€£]|dollars?|bucks|usd|euros?|eur|pounds?|gbp)"
_AMOUNT = rf"(?:[$€£]\s?)?(\d[\d,]*(?:\.\d\d?)?)(?:\s?{_CURRENCY}(?!\w))?"
# A number with a unit is a measure: "under 5 kg", "over 40 inches".
_NO_MEASURE = (
    r"(?![\d.,]*\d)(?!\s?(?:kgs?|g|grams?|lbs?|oz|cm|mm|m|km|inch(?:es)?|in|ft|feet|\"|''|%|w|watts?|volts?|v|gb|tb|mb|mah|"
    r"g?hz|dpi|ml|cl|l|lit(?:er|re)s?|years?|months?|days?|hours?|people|persons?|pieces?|pcs|cups?)(?!\w))"
)
_PRICE = re.compile(
    rf"\bbetween\s+{_AMOUNT}\s+and\s+{_AMOUNT}{_NO_MEASURE}"
    rf"|[$€£]\s?(\d[\d,]*(?:\.\d\d?)?)\s?[-–]\s?[$€£]?(\d[\d,]*(?:\.\d\d?)?)"
    r"|\b(?:under|below|less than|cheaper than|up to|at most|(?:not|no) more than|max(?:imum)?)"
    rf"\s+{_AMOUNT}{_NO_MEASURE}"
    rf"|\b(?:over|above|more than|at least|min(?:imum)?)\s+{_AMOUNT}{_NO_MEASURE}",
    re.IGNORECASE,
)
_CHEAPEST = re.compile(r"\b(?:cheapest|least expensive|lowest price[ds]?)\b", re.IGNORECASE)
_DEAREST = re.compile(r"\b(?:most expensive|highest price[ds]?)\b", re.IGNORECASE)
_NEWEST = re.compile(r"\b(?:newest|latest)\b", re.IGNORECASE)
_FOR = re.compile(r"\bfor\s+(?:(?:an?|the|my|our|your)\s+)?([^\W\d_]+)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_SPACES = re.compile(r"\s+")


class InterpretationKind(StrEnum):
    """What words are taken for."""

    MIN_PRICE = "min-price"
    MAX_PRICE = "max-price"
    CATEGORY = "category"
    COLOUR = "colour"
    SORT = "sort"


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A filter, or an order, that stands for words of a text.

    Attributes:
        kind: what the words are taken for.
        value: key of the category, name of the colour, or name of the order; empty for a price.
        amount: the price in minor units; 0 for the others.
        start, end: where the words stand in the text.
    """

    kind: InterpretationKind
    start: int
    end: int
    value: str = ""
    amount: int = 0


@dataclass(frozen=True, slots=True)
class InterpretedText:
    """A text, and what some of its words are taken for.

    Attributes:
        text: the text as typed.
        interpretations: what words are taken for, in the order of the words.
    """

    text: str
    interpretations: tuple[Interpretation, ...] = ()

    @property
    def remaining(self) -> str:
        """The text to search for: without the words of filters and orders. Colours are searched for, too."""
        spans = {(each.start, each.end) for each in self.interpretations if each.kind is not InterpretationKind.COLOUR}
        return _without(self.text, spans)

    @property
    def sort(self) -> Sort | None:
        """The order that words ask for."""
        return next((Sort(each.value) for each in self.interpretations if each.kind is InterpretationKind.SORT), None)

    def words(self, interpretation: Interpretation) -> str:
        """Return the words of an interpretation, as typed."""
        return self.text[interpretation.start : interpretation.end].strip()

    def text_without(self, interpretation: Interpretation) -> str:
        """Return the text without the words of an interpretation."""
        return _without(self.text, {(interpretation.start, interpretation.end)})

    def narrowed(self, filters: Filters) -> Filters:
        """Return filters narrowed by what the words ask for."""
        for each in self.interpretations:
            match each.kind:
                case InterpretationKind.MIN_PRICE:
                    filters = replace(filters, min_price=max(each.amount, filters.min_price or 0))
                case InterpretationKind.MAX_PRICE:
                    highest = each.amount if filters.max_price is None else min(each.amount, filters.max_price)
                    filters = replace(filters, max_price=highest)
                case InterpretationKind.CATEGORY:
                    filters = replace(filters, categories=(each.value,))
                case InterpretationKind.COLOUR:
                    filters = replace(filters, colours=(*filters.colours, each.value))
        return filters

    def certain(self) -> "InterpretedText":
        """Return the text with those interpretations alone that can only be meant: prices and orders."""
        guesses = (InterpretationKind.CATEGORY, InterpretationKind.COLOUR)
        return replace(self, interpretations=tuple(each for each in self.interpretations if each.kind not in guesses))


def interpret(
    text: str, categories: Callable[[], Iterable[str]], *, may_choose_category: bool = True
) -> InterpretedText:
    """Return a text with what its words are taken for. A text with quotes is taken as it is.

    Parameters:
        text: the text as typed.
        categories: returns the keys of the categories; called if words may name one.
        may_choose_category: whether a category may be read from the text.
    """
    if '"' in text:
        return InterpretedText(text)
    found = [*_prices(text), *_orders(text)]
    if may_choose_category:
        found += _category(text, categories)
    found += _colours(text)
    taken: list[Interpretation] = []
    for each in found:
        if not any(_overlap(each, other) for other in taken):
            taken.append(each)
    return InterpretedText(text, tuple(sorted(taken, key=lambda each: (each.start, each.kind))))


def _prices(text: str) -> Iterator[Interpretation]:
    for found in _PRICE.finditer(text):
        between_low, between_high, range_low, range_high, highest, lowest = map(_amount, found.groups())
        low = between_low or range_low or lowest
        high = between_high or range_high or highest
        if low and high and low > high:
            continue
        if low:
            yield Interpretation(InterpretationKind.MIN_PRICE, *found.span(), amount=low)
        if high:
            yield Interpretation(InterpretationKind.MAX_PRICE, *found.span(), amount=high)


def _orders(text: str) -> Iterator[Interpretation]:
    orders = ((_CHEAPEST, Sort.PRICE_ASC), (_DEAREST, Sort.PRICE_DESC), (_NEWEST, Sort.NEWEST))
    for pattern, sort in orders:
        if found := pattern.search(text):
            yield Interpretation(InterpretationKind.SORT, *found.span(), value=sort)
            return


def _category(text: str, categories: Callable[[], Iterable[str]]) -> Iterator[Interpretation]:
    """Yield the category that the word after "for" names, or those belong to it: a gardener is of the garden."""
    found = _FOR.search(text)
    if found is None:
        return
    stems = set(text_analysis.stems(found[1]))
    for category in sorted(categories()):
        names = set(text_analysis.stems(category.replace("-", " "))) - text_analysis.STOP_WORDS
        if stems & names:
            yield Interpretation(InterpretationKind.CATEGORY, *found.span(), value=category)
            return


def _colours(text: str) -> Iterator[Interpretation]:
    """Yield the colour of a text that names one; of several, any may be meant."""
    named = [(found, colour) for found in _WORD.finditer(text) if (colour := colour_of(text_analysis.fold(found[0])))]
    if len(named) == 1:
        found, colour = named[0]
        yield Interpretation(InterpretationKind.COLOUR, *found.span(), value=colour)


def _amount(digits: str | None) -> int:
    """Return a price in minor units; 0 if it is none."""
    major = float((digits or "0").replace(",", ""))
    return round(major * MINOR_UNITS) if major <= MAX_AMOUNT else 0


def _overlap(one: Interpretation, other: Interpretation) -> bool:
    """Return whether two interpretations share words, but not all: the bounds of a range share all of theirs."""
    if (one.start, one.end) == (other.start, other.end):
        return False
    return one.start < other.end and other.start < one.end


def _without(text: str, spans: Iterable[tuple[int, int]]) -> str:
    if not spans:
        return text
    kept: list[str] = []
    at = 0
    for start, end in sorted(spans):
        kept.append(text[at:start])
        at = end
    return _SPACES.sub(" ", " ".join([*kept, text[at:]])).strip()
