"""Searches: as it was typed; where nothing fits, with typos; where still nothing does, with fewer words."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bus.attribute_values import from_item, to_item
from bus.cursor import InvalidCursorError, decode_cursor, encode_cursor
from services.search import text_analysis as analysis
from services.search.engine import NO_FILTERS, Asked, Engine, Facets, Filters, Found, Hit, Sort
from services.search.relevance import MAX_WORDS, Match, Tolerance, match_of
from services.search.spelling import corrected

NEAR = 10
"""Products by which it is judged what a shopper meant."""
SUGGESTED = 5
"""Products, and queries, that are suggested."""


@dataclass(frozen=True, slots=True)
class Search:
    """What a shopper searches for.

    Attributes:
        text: as it was typed; empty finds everything.
        filters: what narrows it.
        sort: in which order.
        limit: products on a page.
        cursor: of the page before.
    """

    text: str
    filters: Filters = NO_FILTERS
    sort: Sort = Sort.RELEVANCE
    limit: int = 24
    cursor: str | None = None

    @property
    def digest(self) -> str:
        """Return what tells this list from others: a cursor is of one list only."""
        narrowing = [self.filters.categories, self.filters.brands, self.filters.min_price, self.filters.max_price]
        said = json.dumps([self.text, *narrowing, self.filters.in_stock, self.sort])
        return hashlib.blake2b(said.encode(), digest_size=9).hexdigest()


@dataclass(frozen=True, slots=True)
class Result:
    """A page of what was found.

    Attributes:
        hits: the products.
        match: for which they were found; it tells what to highlight.
        total: how many products fit.
        facets: of all that fit.
        cursor: of the page after; None where there is none.
        meant: what the shopper probably meant, where nothing fits what was typed.
    """

    hits: list[Hit]
    match: Match
    total: int
    facets: Facets
    cursor: str | None
    meant: str | None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a shopper may be about to type.

    Attributes:
        products: that fit what there is of it.
        queries: that begin so.
    """

    products: list[dict[str, Any]]
    queries: list[str]


def search(engine: Engine, wanted: Search) -> Result:
    """Return a page of what fits.

    Raises bus.cursor.InvalidCursorError for a cursor of another list, and EngineUnavailableError.
    """
    if wanted.text.strip() and not match_of(wanted.text).words:
        # Signs without a word in them: nothing fits, rather than everything.
        return Result([], match_of(wanted.text), 0, Facets(), None, None)
    tolerance, asked, found = _following(engine, wanted) if wanted.cursor else _first(engine, wanted)
    hits = found.hits[: wanted.limit]
    return Result(
        hits=hits,
        match=asked.match,
        total=found.total,
        facets=found.facets,
        cursor=_cursor(wanted, tolerance, hits[-1].position) if len(found.hits) > wanted.limit else None,
        meant=_meant(engine, wanted, asked.match) if found.total and tolerance.edits and not wanted.cursor else None,
    )


def nearest(engine: Engine, wanted: Search) -> Result:
    """Return what fits half of a text's words, as they are spelt: for who can say that it is not quite what was meant.

    The first page alone. Raises EngineUnavailableError.
    """
    match = match_of(wanted.text)
    fewer = replace(match, required=(len(match.words) + 1) // 2)
    found = engine.find(Asked(fewer, wanted.filters, wanted.sort, wanted.limit))
    return Result(found.hits, fewer, found.total, found.facets, None, None)


def suggest(engine: Engine, text: str) -> Suggestions:
    """Return what a shopper may be about to type; raises EngineUnavailableError."""
    if not match_of(text).words:
        return Suggestions([], [])
    found: list[Hit] = []
    for _, match in _steps(text, Tolerance.BEGINNING, Tolerance.TWO_TYPOS):
        found = engine.find(Asked(match, limit=SUGGESTED, facets=False)).hits
        if found:
            break
    return Suggestions([hit.product for hit in found], _queries(engine, text))


def _first(engine: Engine, wanted: Search) -> tuple[Tolerance, Asked, Found]:
    """Return the first page, with no more tolerance than it takes for anything to fit."""
    last = None
    for tolerance, match in _steps(wanted.text, Tolerance.NONE, Tolerance.SOME_WORDS):
        asked = _asked(wanted, match)
        last = tolerance, asked, engine.find(asked)
        if last[2].total or (wanted.filters != NO_FILTERS and _fits(engine, match)):
            break
    if last is None:
        raise AssertionError("unreachable: the first step is always there")
    return last


def _following(engine: Engine, wanted: Search) -> tuple[Tolerance, Asked, Found]:
    """Return a page after the first, which tells how tolerant the list is."""
    values = from_item(decode_cursor(wanted.cursor or "", list=str, tolerance=int, after=str))
    if values["list"] != wanted.digest or values["tolerance"] not in list(Tolerance):
        raise InvalidCursorError(wanted.cursor)
    tolerance = Tolerance(values["tolerance"])
    asked = _asked(wanted, match_of(wanted.text, tolerance), values["after"])
    return tolerance, asked, engine.find(asked)


def _asked(wanted: Search, match: Match, after: str | None = None) -> Asked:
    # One more than the page holds tells whether there is a next one.
    return Asked(match, wanted.filters, wanted.sort, wanted.limit + 1, after)


def _steps(text: str, least: Tolerance, most: Tolerance) -> Iterator[tuple[Tolerance, Match]]:
    """Yield what a text looks for, with ever more tolerance; without steps that change nothing."""
    before = None
    for tolerance in Tolerance:
        match = match_of(text, tolerance)
        if least <= tolerance <= most and match != before:
            before = match
            yield tolerance, match


def _fits(engine: Engine, match: Match) -> bool:
    return engine.find(Asked(match, limit=0, facets=False)).total > 0


def _cursor(wanted: Search, tolerance: Tolerance, position: str) -> str:
    return encode_cursor(to_item({"list": wanted.digest, "tolerance": int(tolerance), "after": position}))


def _meant(engine: Engine, wanted: Search, match: Match) -> str | None:
    best = engine.find(Asked(match, limit=NEAR, facets=False)).hits
    return corrected(wanted.text, [hit.product for hit in best])


def _queries(engine: Engine, text: str) -> list[str]:
    """Return the text completed: as a phrase from its beginning, and by its last word."""
    typed = analysis.words(text)
    if len(typed) > MAX_WORDS:
        return []
    whole, before, last = " ".join(typed), typed[:-1], typed[-1]
    found = engine.completions(whole, match_of(""), SUGGESTED + 1)
    if before:
        within = match_of(" ".join(before))
        found += [" ".join([*before, phrase]) for phrase in engine.completions(last, within, SUGGESTED + 1)]
    return [query for query in dict.fromkeys(found) if query != whole][:SUGGESTED]
