"""Searches: a text as typed first; if nothing matches, with typos tolerated, and at last with half of its words."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from bus.attribute_values import from_item, to_item
from bus.cursor import InvalidCursorError, decode_cursor, encode_cursor
from services.search import text_analysis
from services.search.engine import (
    NO_FILTERS,
    Engine,
    Facets,
    Filters,
    SearchHit,
    SearchRequest,
    SearchResult,
    Sort,
)
from services.search.relevance import MAX_WORDS, TextQuery, Tolerance, parse_query
from services.search.spelling import spelling_suggestion

SPELLING_HITS = 10
"""Products from whose words a spelling suggestion is made."""
MAX_SUGGESTIONS = 5
"""Suggested products, and suggested queries."""


@dataclass(frozen=True, slots=True)
class SearchParameters:
    """A search as the caller asks for it.

    Attributes:
        text: the text as typed; every product matches an empty one.
        filters: filters of the search.
        sort: order of the products.
        limit: products on a page.
        cursor: cursor of this page; None for the first.
    """

    text: str
    filters: Filters = NO_FILTERS
    sort: Sort = Sort.RELEVANCE
    limit: int = 24
    cursor: str | None = None

    @property
    def digest(self) -> str:
        """A digest of text, filters and sort: a cursor belongs to one list only."""
        narrowing = [self.filters.categories, self.filters.brands, self.filters.min_price, self.filters.max_price]
        identity = json.dumps([self.text, *narrowing, self.filters.in_stock, self.sort])
        return hashlib.blake2b(identity.encode(), digest_size=9).hexdigest()


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A page of a search.

    Attributes:
        hits: products of the page.
        query: the query that found them, from which highlights are made.
        total: number of products that match.
        facets: counts of the facets over all products that match.
        cursor: cursor of the next page; None on the last.
        did_you_mean: a spelling suggestion, if nothing matches the text as typed.
    """

    hits: list[SearchHit]
    query: TextQuery
    total: int
    facets: Facets
    cursor: str | None
    did_you_mean: str | None


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Suggestions for a text that is being typed.

    Attributes:
        products: products that match it, with JSON field names.
        queries: completions of the text.
    """

    products: list[dict[str, Any]]
    queries: list[str]


def search(engine: Engine, parameters: SearchParameters) -> ResultPage:
    """Return a page of a search.

    Parameters:
        engine: the engine to search in.
        parameters: the search.

    Raises:
        InvalidCursorError: the cursor belongs to another list.
        EngineUnavailableError: the engine does not answer, or its index is outdated.
    """
    if parameters.text.strip() and not parse_query(parameters.text).words:
        # A text without a word, such as "?!", matches nothing rather than everything.
        return ResultPage([], parse_query(parameters.text), 0, Facets(), None, None)
    fetch = _next_page if parameters.cursor else _first_page
    tolerance, request, result = fetch(engine, parameters)
    hits = result.hits[: parameters.limit]
    is_tolerant = result.total and tolerance.edits and not parameters.cursor
    return ResultPage(
        hits=hits,
        query=request.query,
        total=result.total,
        facets=result.facets,
        cursor=_cursor(parameters, tolerance, hits[-1].position) if len(result.hits) > parameters.limit else None,
        did_you_mean=_did_you_mean(engine, parameters, request.query) if is_tolerant else None,
    )


def search_any_half(engine: Engine, parameters: SearchParameters) -> ResultPage:
    """Return the first page of the products that match half of a text's words, as they are spelt.

    For callers that present the products as near matches. Raises EngineUnavailableError.
    """
    query = parse_query(parameters.text)
    half = replace(query, required=(len(query.words) + 1) // 2)
    result = engine.search(SearchRequest(half, parameters.filters, parameters.sort, parameters.limit))
    return ResultPage(result.hits, half, result.total, result.facets, None, None)


def suggest(engine: Engine, text: str) -> Suggestions:
    """Return suggestions for a text that is being typed; raises EngineUnavailableError."""
    if not parse_query(text).words:
        return Suggestions([], [])
    hits: list[SearchHit] = []
    for _, query in _queries(text, Tolerance.PREFIX, Tolerance.TWO_TYPOS):
        hits = engine.search(SearchRequest(query, limit=MAX_SUGGESTIONS, facets=False)).hits
        if hits:
            break
    return Suggestions([hit.product for hit in hits], _completed_queries(engine, text))


def _first_page(engine: Engine, parameters: SearchParameters) -> tuple[Tolerance, SearchRequest, SearchResult]:
    """Return the first page, with the lowest tolerance at which anything matches."""
    last = None
    for tolerance, query in _queries(parameters.text, Tolerance.NONE, Tolerance.HALF_OF_WORDS):
        request = _request(parameters, query)
        last = tolerance, request, engine.search(request)
        if last[2].total or (parameters.filters != NO_FILTERS and _matches_any(engine, query)):
            break
    if last is None:
        raise AssertionError("unreachable: there is always a query without tolerance")
    return last


def _next_page(engine: Engine, parameters: SearchParameters) -> tuple[Tolerance, SearchRequest, SearchResult]:
    """Return a page after the first, with the tolerance that its cursor holds."""
    values = from_item(decode_cursor(parameters.cursor or "", list=str, tolerance=int, after=str))
    if values["list"] != parameters.digest or values["tolerance"] not in list(Tolerance):
        raise InvalidCursorError(parameters.cursor)
    tolerance = Tolerance(values["tolerance"])
    request = _request(parameters, parse_query(parameters.text, tolerance), values["after"])
    return tolerance, request, engine.search(request)


def _request(parameters: SearchParameters, query: TextQuery, after: str | None = None) -> SearchRequest:
    # One product more than the page holds shows whether there is a next page.
    return SearchRequest(query, parameters.filters, parameters.sort, parameters.limit + 1, after)


def _queries(text: str, lowest: Tolerance, highest: Tolerance) -> Iterator[tuple[Tolerance, TextQuery]]:
    """Yield the queries of a text with rising tolerance, without repeating equal ones."""
    before = None
    for tolerance in Tolerance:
        query = parse_query(text, tolerance)
        if lowest <= tolerance <= highest and query != before:
            before = query
            yield tolerance, query


def _matches_any(engine: Engine, query: TextQuery) -> bool:
    return engine.search(SearchRequest(query, limit=0, facets=False)).total > 0


def _cursor(parameters: SearchParameters, tolerance: Tolerance, position: str) -> str:
    return encode_cursor(to_item({"list": parameters.digest, "tolerance": int(tolerance), "after": position}))


def _did_you_mean(engine: Engine, parameters: SearchParameters, query: TextQuery) -> str | None:
    best = engine.search(SearchRequest(query, limit=SPELLING_HITS, facets=False)).hits
    return spelling_suggestion(parameters.text, [hit.product for hit in best])


def _completed_queries(engine: Engine, text: str) -> list[str]:
    """Return completions of a text as a whole phrase, and then of its last word."""
    typed = text_analysis.tokenize(text)
    if len(typed) > MAX_WORDS:
        return []
    phrase, previous, last = " ".join(typed), typed[:-1], typed[-1]
    queries = engine.completions(phrase, parse_query(""), MAX_SUGGESTIONS + 1)
    if previous:
        within = parse_query(" ".join(previous))
        words = engine.completions(last, within, MAX_SUGGESTIONS + 1)
        queries += [" ".join([*previous, word]) for word in words]
    return [query for query in dict.fromkeys(queries) if query != phrase][:MAX_SUGGESTIONS]
