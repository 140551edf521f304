"""A page that is asked for as a request of OpenSearch's."""

from dataclasses import replace
from typing import Any

from services.search.engine import LARGEST_FACET, PRICE_BOUNDS, Asked, Filters, Sort
from services.search.relevance import Clause, Kind, Match, Word

Dsl = dict[str, Any]

MOST_EXPANSIONS = 200
"""Words of the index that a word with typos may stand for."""
SORTS: dict[Sort, list[Dsl]] = {
    Sort.RELEVANCE: [{"_score": "desc"}, {"tie": "desc"}, {"product_id": "asc"}],
    Sort.PRICE_ASC: [{"price_rank": "asc"}],
    Sort.PRICE_DESC: [{"price_rank": "desc"}],
    Sort.NEWEST: [{"newest_rank": "desc"}],
}


def request_of(asked: Asked, after: list[Any] | None) -> Dsl:
    """Return the body of a search.

    Parameters:
        asked: the page.
        after: the position that it begins after, as OpenSearch takes it.
    """
    body: Dsl = {
        "query": query_of(asked.match),
        "size": asked.limit,
        "sort": SORTS[asked.sort],
        "track_total_hits": True,
        "_source": ["source"],
    }
    if after is not None:
        body["search_after"] = after
    if asked.facets:
        # Filters that narrow what is found, and not what the facets count.
        body |= {"post_filter": _all_of(asked.filters), "aggs": _facets(asked.filters)}
    else:
        body["query"] = {"bool": {"must": [body["query"]], "filter": _conditions(asked.filters)}}
    return body


def query_of(match: Match) -> Dsl:
    """Return the query of a match: of what is shown, what fits, with its score."""
    shown = {"term": {"shown": True}}
    if not match.words:
        return {"constant_score": {"filter": shown, "boost": 1.0}}
    fitting: Dsl = {"should": [_word(word) for word in match.words], "minimum_should_match": match.required}
    return {
        "bool": {
            "filter": [shown],
            "must": [{"bool": fitting}],
            "should": [_clause(clause) for clause in match.bonuses],
        }
    }


def completions_of(prefix: str, within: Match, limit: int) -> Dsl:
    """Return the body of a search for phrases that begin so."""
    terms = {"field": "completions", "include": f"{_literal(prefix)}(.*)", "size": limit}
    return {"query": query_of(within), "size": 0, "aggs": {"phrases": {"terms": terms}}}


def _word(word: Word) -> Dsl:
    return {"dis_max": {"queries": [_clause(clause) for clause in word.clauses]}}


def _clause(clause: Clause) -> Dsl:
    return {"constant_score": {"filter": _matching(clause), "boost": clause.score}}


def _matching(clause: Clause) -> Dsl:
    first = clause.terms[0]
    match clause.kind:
        case Kind.PREFIX:
            return {"prefix": {clause.field: {"value": first}}}
        case Kind.TYPO:
            typo = {"value": first, "fuzziness": clause.edits, "max_expansions": MOST_EXPANSIONS}
            return {"fuzzy": {clause.field: typo}}
        case Kind.PHRASE if len(clause.terms) > 1:
            return {"match_phrase": {clause.field: " ".join(clause.terms)}}
    return {"term": {clause.field: {"value": first}}}


def _conditions(filters: Filters) -> list[Dsl]:
    found: list[Dsl] = []
    if filters.categories:
        found.append({"terms": {"category_key": list(filters.categories)}})
    if filters.brands:
        found.append({"terms": {"brand_key": list(filters.brands)}})
    bounds = {
        name: value for name, value in (("gte", filters.min_price), ("lte", filters.max_price)) if value is not None
    }
    if bounds:
        found.append({"range": {"price": bounds}})
    if filters.in_stock:
        found.append({"term": {"in_stock": True}})
    return found


def _all_of(filters: Filters) -> Dsl:
    return {"bool": {"filter": _conditions(filters)}}


def _facets(filters: Filters) -> Dsl:
    ranges = [
        {"from": low} | ({} if high is None else {"to": high})
        for low, high in zip((0, *PRICE_BOUNDS), (*PRICE_BOUNDS, None), strict=True)
    ]

    def counted(narrowing: Filters, aggregation: Dsl) -> Dsl:
        return {"filter": _all_of(narrowing), "aggs": {"counts": aggregation}}

    def values(field: str) -> Dsl:
        return {"terms": {"field": field, "size": LARGEST_FACET}}

    return {
        "category": counted(replace(filters, categories=()), values("category_key")),
        "brand": counted(replace(filters, brands=()), values("brand_key")),
        "price": counted(
            replace(filters, min_price=None, max_price=None), {"range": {"field": "price", "ranges": ranges}}
        ),
    }


def _literal(prefix: str) -> str:
    return "".join(letter if letter.isalnum() or letter == " " else f"\\{letter}" for letter in prefix)
