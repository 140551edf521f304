"""Searches: for all words of a text as typed; if few products have them all, for those that have most.

If a word is in no product, it may be the beginning of one, or misspelt.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
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
from services.search.interpretation import InterpretedText, interpret
from services.search.learnt_synonyms import MAX_TOGETHER, likely_synonyms
from services.search.relevance import (
    MAX_RARITY,
    MAX_WORDS,
    NOTHING_LEARNT,
    UNKNOWN,
    LearntSynonyms,
    TextQuery,
    Tolerance,
    WordCounts,
    countable_stems,
    have_both,
    parse_query,
    rarities,
)
from services.search.spelling import spelling_suggestion

ENOUGH = 10
"""Products that have all words of a text; if there are fewer, those that have most of them follow."""
SPELLING_HITS = 10
"""Products from whose words a spelling suggestion is made."""
MAX_LEARNT = 4
"""Synonyms of a word that are learnt from the catalogue."""
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
        is_thing: whether the last word of the text has to name what a product is, rather than what it goes with.
        most_words: whether products that have most of the words follow, if few or none have all of them.
        as_typed: whether no word is taken for a misspelt one.
    """

    text: str
    filters: Filters = NO_FILTERS
    sort: Sort = Sort.RELEVANCE
    limit: int = 24
    cursor: str | None = None
    is_thing: bool = False
    most_words: bool = True
    as_typed: bool = False

    @property
    def digest(self) -> str:
        """A digest of text, filters and sort: a cursor belongs to one list only."""
        identity = json.dumps([self.text, asdict(self.filters), self.sort, self.is_thing, self.as_typed])
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
        interpreted: the text, with the words that were taken for filters or an order.
    """

    hits: list[SearchHit]
    query: TextQuery
    total: int
    facets: Facets
    cursor: str | None
    did_you_mean: str | None
    interpreted: InterpretedText


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
    page = None
    for reading, is_thing in _readings(engine, parameters):
        page = _search_as(engine, parameters, reading, is_thing=is_thing) or page
        if page is not None and page.total:
            break
    if page is None:
        raise InvalidCursorError(parameters.cursor)
    return page


def _readings(engine: Engine, parameters: SearchParameters) -> Iterator[tuple[InterpretedText, bool]]:
    """Yield the ways to read a text, and whether the thing itself is wanted; each is tried if the others find nothing.

    Who wants the cheapest laptop wants no sleeve. What words may not mean is at last taken as words.
    """
    interpreted = interpret(
        parameters.text, lambda: _categories(engine), may_choose_category=not parameters.filters.categories
    )
    for reading in dict.fromkeys([interpreted, interpreted.certain()]):
        if reading.sort in (Sort.PRICE_ASC, Sort.PRICE_DESC) and parameters.sort is Sort.RELEVANCE:
            yield reading, True
        yield reading, False


def _as_read(asked: SearchParameters, reading: InterpretedText, *, is_thing: bool = False) -> SearchParameters:
    sort = reading.sort if reading.sort and asked.sort is Sort.RELEVANCE else asked.sort
    return replace(
        asked,
        text=reading.remaining,
        filters=reading.narrowed(asked.filters),
        sort=sort,
        is_thing=is_thing,
        # A colour alone is not what is wanted: a black tripod is no black cable.
        most_words=asked.most_words and reading == reading.certain(),
    )


def _categories(engine: Engine) -> list[str]:
    """Return the keys of the categories that have products."""
    return list(engine.search(SearchRequest(parse_query(""), limit=0)).facets.category)


def _search_as(
    engine: Engine, asked: SearchParameters, reading: InterpretedText, *, is_thing: bool
) -> ResultPage | None:
    """Return a page of a search, whose text is read in one way; None if the cursor belongs to another list."""
    parameters = _as_read(asked, reading, is_thing=is_thing)
    if parameters.cursor and _decoded(parameters.cursor)["list"] != parameters.digest:
        return None
    if parameters.text.strip() and not parse_query(parameters.text).words:
        # A text without a word, such as "?!", matches nothing rather than everything.
        return ResultPage([], parse_query(parameters.text), 0, Facets(), None, None, reading)
    fetch = _next_page if parameters.cursor else _first_page
    step, request, result = fetch(engine, parameters)
    hits = result.hits[: parameters.limit]
    may_be_misspelt = step.tolerance.edits and UNKNOWN in step.rarity and not parameters.as_typed
    is_misspelt = result.total and may_be_misspelt and not parameters.cursor
    return ResultPage(
        hits=hits,
        query=request.query,
        total=result.total,
        facets=result.facets,
        cursor=_cursor(parameters, step, hits[-1].position) if len(result.hits) > parameters.limit else None,
        did_you_mean=_did_you_mean(engine, parameters, request.query) if is_misspelt else None,
        interpreted=reading,
    )


def search_any_half(engine: Engine, parameters: SearchParameters) -> ResultPage:
    """Return the first page of the products that match half of a text's words, as they are spelt.

    For callers that present the products as near matches. Raises EngineUnavailableError.
    """
    for reading, _ in _readings(engine, parameters):
        asked = _as_read(parameters, reading)
        rarity, learnt = _statistics(engine, asked.text)
        query = parse_query(asked.text, rarity=rarity, learnt=learnt)
        half = replace(query, required=(len(query.words) + 1) // 2)
        # Where a category is asked for, its other products are nearer than those of others.
        for near in (half, parse_query("")) if reading != reading.certain() else (half,):
            result = engine.search(SearchRequest(near, asked.filters, asked.sort, asked.limit))
            page = ResultPage(result.hits, near, result.total, result.facets, None, None, reading)
            if page.total:
                return page
    return page


def suggest(engine: Engine, text: str) -> Suggestions:
    """Return suggestions for a text that is being typed; raises EngineUnavailableError."""
    if not parse_query(text).words:
        return Suggestions([], [])
    rarity, learnt = _statistics(engine, text)
    hits: list[SearchHit] = []
    for tolerance in (Tolerance.PREFIX, Tolerance.ONE_TYPO, Tolerance.TWO_TYPOS):
        query = parse_query(text, tolerance, rarity, learnt)
        hits = engine.search(SearchRequest(query, limit=MAX_SUGGESTIONS, facets=False)).hits
        if hits or UNKNOWN not in rarity:
            break
    return Suggestions([hit.product for hit in hits], _completed_queries(engine, text))


@dataclass(frozen=True, slots=True)
class _Step:
    """How a text is searched for; all pages of a list are read in the same way.

    Attributes:
        tolerance: how far a product may differ from the text.
        rarity: how rare each of its words was when the first page was read.
        learnt: the synonyms that the catalogue had for them then.
    """

    tolerance: Tolerance
    rarity: tuple[int, ...]
    learnt: LearntSynonyms = field(default_factory=dict)


def _first_page(engine: Engine, parameters: SearchParameters) -> tuple[_Step, SearchRequest, SearchResult]:
    """Return the first page: with all words as typed, or with the least tolerance at which anything matches."""
    rarity, learnt = _statistics(engine, parameters.text)
    step = _Step(Tolerance.NONE, rarity, learnt)
    request, result, matching = _read(engine, parameters, step)
    if not matching:
        for tolerance in _tolerances(rarity, parameters):
            step = _Step(tolerance, rarity, learnt)
            request, result, matching = _read(engine, parameters, step)
            if matching:
                break
    elif matching < ENOUGH and len(rarity) > 1 and parameters.most_words and parameters.sort is Sort.RELEVANCE:
        step = _Step(Tolerance.MOST_WORDS, rarity, learnt)
        request, result, _ = _read(engine, parameters, step)
    return step, request, result


def _tolerances(rarity: Sequence[int], parameters: SearchParameters) -> list[Tolerance]:
    """Return the steps of a text that nothing matches as typed. Words that products have are not misspelt."""
    misspelt = [Tolerance.ONE_TYPO, Tolerance.TWO_TYPOS] if UNKNOWN in rarity and not parameters.as_typed else []
    return [Tolerance.PREFIX, *misspelt, *([Tolerance.MOST_WORDS] if parameters.most_words else [])]


def _read(engine: Engine, parameters: SearchParameters, step: _Step) -> tuple[SearchRequest, SearchResult, int]:
    """Return the request and result of a first page, and how many products match the text, whatever the filters."""
    request = _request(parameters, _parsed(parameters, step))
    result = engine.search(request)
    matching = result.total
    if matching < ENOUGH and parameters.filters != NO_FILTERS:
        matching = engine.search(SearchRequest(request.query, limit=0, facets=False)).total
    return request, result, matching


def _next_page(engine: Engine, parameters: SearchParameters) -> tuple[_Step, SearchRequest, SearchResult]:
    """Return a page after the first, read in the way that its cursor holds."""
    values = _decoded(parameters.cursor or "")
    if values["tolerance"] not in list(Tolerance):
        raise InvalidCursorError(parameters.cursor)
    step = _Step(Tolerance(values["tolerance"]), _parse_rarities(values["rarity"]), _parse_learnt(values["learnt"]))
    request = _request(parameters, _parsed(parameters, step), values["after"])
    return step, request, engine.search(request)


def _parsed(parameters: SearchParameters, step: _Step) -> TextQuery:
    return parse_query(
        parameters.text,
        step.tolerance,
        step.rarity,
        step.learnt,
        is_thing=parameters.is_thing,
        as_typed=parameters.as_typed,
    )


def _statistics(engine: Engine, text: str) -> tuple[tuple[int, ...], LearntSynonyms]:
    """Return how rare the words of a text are, and the synonyms that the catalogue has for them."""
    stems = countable_stems(text)
    if not stems:
        return (), NOTHING_LEARNT
    counts = engine.word_counts(stems)
    learnt = {stem: _learnt_synonyms(engine, stem, counts) for stem in stems}
    return rarities(text, counts), {stem: others for stem, others in learnt.items() if others}


def _learnt_synonyms(engine: Engine, stem: str, counts: WordCounts) -> list[str]:
    """Return the words that take a word's place in the catalogue, without those that often stand beside it."""
    likely = list(likely_synonyms(counts.evidence.get(stem, ())))[:MAX_LEARNT]
    if not likely:
        return []
    by_stem = {**engine.word_counts(likely).by_stem, stem: counts.by_stem.get(stem, 0)}

    def share_together(other: str) -> float:
        together = engine.search(SearchRequest(have_both(stem, other), limit=0, facets=False)).total
        return together / max(1, min(by_stem[stem], by_stem[other]))

    return [other for other in likely if share_together(other) <= MAX_TOGETHER]


def _request(parameters: SearchParameters, query: TextQuery, after: str | None = None) -> SearchRequest:
    # One product more than the page holds shows whether there is a next page.
    return SearchRequest(query, parameters.filters, parameters.sort, parameters.limit + 1, after)


def _decoded(cursor: str) -> dict[str, Any]:
    return from_item(decode_cursor(cursor, list=str, tolerance=int, rarity=str, learnt=str, after=str))


def _parse_rarities(text: str) -> tuple[int, ...]:
    """Return the rarities that a cursor holds; raises InvalidCursorError."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidCursorError(text) from None
    if not isinstance(found, list) or not all(
        type(value) is int and (value == UNKNOWN or 0 < value <= MAX_RARITY) for value in found
    ):
        raise InvalidCursorError(text)
    return tuple(found)


def _parse_learnt(text: str) -> LearntSynonyms:
    """Return the learnt synonyms that a cursor holds; raises InvalidCursorError."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise InvalidCursorError(text) from None
    if not isinstance(found, dict) or not all(
        isinstance(others, list) and len(others) <= MAX_LEARNT and all(isinstance(other, str) for other in others)
        for others in found.values()
    ):
        raise InvalidCursorError(text)
    return found


def _cursor(parameters: SearchParameters, step: _Step, position: str) -> str:
    way = {"tolerance": int(step.tolerance), "rarity": json.dumps(step.rarity), "learnt": json.dumps(step.learnt)}
    return encode_cursor(to_item({"list": parameters.digest, **way, "after": position}))


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
