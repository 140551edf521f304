"""Builds the bodies of OpenSearch requests."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from services.search.engine import MAX_BRANDS, MAX_CATEGORIES, PRICE_BOUNDS, Filters, SearchRequest, Sort
from services.search.learnt_synonyms import evidence_prefix
from services.search.relevance import Clause, ClauseKind, QueryWord, TextQuery

Dsl = dict[str, Any]

MAX_EXPANSIONS = 200
"""Terms of the index that a mistyped word may match."""
MAX_EVIDENCE = 1000
"""Terms of the evidence for synonyms that are read."""
SORTS: dict[Sort, list[Dsl]] = {
    Sort.RELEVANCE: [{"_score": "desc"}, {"tie_rank": "desc"}],
    Sort.PRICE_ASC: [{"price_rank": "asc"}],
    Sort.PRICE_DESC: [{"price_rank": "desc"}],
    Sort.NEWEST: [{"newest_rank": "desc"}],
}


def search_body(request: SearchRequest, after: list[Any] | None) -> Dsl:
    """Return the body of a search.

    Parameters:
        request: the request.
        after: value of ``search_after``, the position of the last hit of the previous page.
    """
    body: Dsl = {
        "query": text_query(request.query),
        "size": request.limit,
        "sort": SORTS[request.sort],
        "track_total_hits": True,
        "_source": ["source"],
    }
    if after is not None:
        body["search_after"] = after
    if request.facets:
        # A post filter narrows the hits, but not the aggregations.
        body |= {"post_filter": _all_of(request.filters), "aggs": _facets(request.filters)}
    else:
        body["query"] = {"bool": {"must": [body["query"]], "filter": _conditions(request.filters)}}
    return body


def text_query(query: TextQuery) -> Dsl:
    """Return a query for the products that shoppers see and that match, with their scores."""
    shown = {"term": {"shown": True}}
    if not query.words:
        return {"constant_score": {"filter": shown, "boost": 1.0}}
    is_strict = query.required == len(query.words)
    counted = [_word(word) for word in query.words if is_strict or not word.is_number]
    numbers = [_word(word) for word in query.words if not is_strict and word.is_number]
    matching: Dsl = {"should": counted, "minimum_should_match": query.required}
    return {
        "bool": {
            "filter": [shown],
            "must": [{"bool": matching}],
            "should": [*numbers, *(_clause(clause) for clause in query.bonuses)],
        }
    }


def word_counts_body(stems: Sequence[str]) -> Dsl:
    """Return the body of a request for the number of products, of those with each stem, and its synonyms' evidence."""
    counts = {stem: {"term": {"stems": {"value": stem}}} for stem in stems}
    evidence = {stem: {"prefix": {"synonym_evidence": {"value": evidence_prefix(stem)}}} for stem in stems}
    prefixes = "|".join(f"{_escape(evidence_prefix(stem))}(.*)" for stem in stems)
    terms = {"terms": {"field": "synonym_evidence", "include": prefixes, "size": MAX_EVIDENCE}}
    body: Dsl = {"query": {"term": {"shown": True}}, "size": 0, "track_total_hits": True}
    aggregations = {
        "stems": {"filters": {"filters": counts}},
        "evidence": {"filters": {"filters": evidence}, "aggs": {"terms": terms}},
    }
    return body | {"aggs": aggregations} if stems else body


def completions_body(prefix: str, within: TextQuery, limit: int) -> Dsl:
    """Return the body of a request for the completions of a prefix."""
    terms = {"field": "completions", "include": f"{_escape(prefix)}(.*)", "size": limit}
    return {"query": text_query(within), "size": 0, "aggs": {"phrases": {"terms": terms}}}


def _word(word: QueryWord) -> Dsl:
    return {"dis_max": {"queries": [_clause(clause) for clause in word.clauses]}}


def _clause(clause: Clause) -> Dsl:
    return {"constant_score": {"filter": _unscored_clause(clause), "boost": clause.score}}


def _unscored_clause(clause: Clause) -> Dsl:
    first = clause.terms[0]
    match clause.kind:
        case ClauseKind.PREFIX:
            return {"prefix": {clause.field: {"value": first}}}
        case ClauseKind.TYPO:
            typo = {"value": first, "fuzziness": clause.edits, "max_expansions": MAX_EXPANSIONS}
            return {"fuzzy": {clause.field: typo}}
        case ClauseKind.PHRASE if len(clause.terms) > 1:
            return {"match_phrase": {clause.field: " ".join(clause.terms)}}
    return {"term": {clause.field: {"value": first}}}


def _conditions(filters: Filters) -> list[Dsl]:
    conditions: list[Dsl] = []
    if filters.categories:
        conditions.append({"terms": {"category_key": list(filters.categories)}})
    if filters.brands:
        conditions.append({"terms": {"brand_key": list(filters.brands)}})
    if filters.colours:
        conditions.append({"terms": {"colours": list(filters.colours)}})
    bounds = {
        name: value for name, value in (("gte", filters.min_price), ("lte", filters.max_price)) if value is not None
    }
    if bounds:
        conditions.append({"range": {"price": bounds}})
    if filters.in_stock:
        conditions.append({"term": {"in_stock": True}})
    return conditions


def _all_of(filters: Filters) -> Dsl:
    return {"bool": {"filter": _conditions(filters)}}


def _facets(filters: Filters) -> Dsl:
    ranges = [
        {"from": low} | ({} if high is None else {"to": high})
        for low, high in zip((0, *PRICE_BOUNDS), (*PRICE_BOUNDS, None), strict=True)
    ]

    def counted(narrowing: Filters, aggregation: Dsl) -> Dsl:
        return {"filter": _all_of(narrowing), "aggs": {"counts": aggregation}}

    def values(field: str, size: int) -> Dsl:
        return {"terms": {"field": field, "size": size}}

    return {
        "category": counted(replace(filters, categories=()), values("category_key", MAX_CATEGORIES)),
        "brand": counted(replace(filters, brands=()), values("brand_key", MAX_BRANDS)),
        "price": counted(
            replace(filters, min_price=None, max_price=None), {"range": {"field": "price", "ranges": ranges}}
        ),
    }


def _escape(prefix: str) -> str:
    return "".join(letter if letter.isalnum() or letter == " " else f"\\{letter}" for letter in prefix)
