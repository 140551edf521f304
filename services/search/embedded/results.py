"""Pages and facets of a tantivy search."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tantivy import DocAddress, Order, Query, Searcher
from tantivy import SearchResult as TantivyResult

from bus.cursor import InvalidCursorError
from services.search.embedded.query_builder import TantivyQueryBuilder
from services.search.embedded.schema import decode_source
from services.search.engine import (
    MAX_BRANDS,
    MAX_CATEGORIES,
    PRICE_BOUNDS,
    Facets,
    Filters,
    SearchHit,
    SearchRequest,
    Sort,
)

EVERYTHING = ("tie_rank", False)
"""Field and order of a list without words, in which all products have the same score."""
SORT_FIELDS = {
    Sort.PRICE_ASC: ("price_rank", True),
    Sort.PRICE_DESC: ("price_rank", False),
    Sort.NEWEST: ("newest_rank", False),
}
LOOKAHEAD = 32
"""Hits read beyond a page, so that those with the score of its last one are ordered too."""
GROWTH = 8
"""By how much more hits are read if so many have that score."""
MAX_DEPTH = 10_000
"""Hits after which a list by relevance ends."""

Ranked = tuple[float, int, DocAddress]


def page(
    searcher: Searcher, builder: TantivyQueryBuilder, query: Query, request: SearchRequest
) -> tuple[list[SearchHit], int]:
    """Return the hits of a page, and the number of all that match.

    Parameters:
        searcher: searcher of the index.
        builder: query builder of the index.
        query: query of the request, with its filters.
        request: the request.

    Raises:
        InvalidCursorError: ``request.after`` is no position of such a list.
    """
    if request.limit == 0:
        return [], _count(searcher.search(query, 1))
    if request.sort is Sort.RELEVANCE and request.query.words:
        return _by_relevance(searcher, query, request)
    field, ascending = SORT_FIELDS.get(request.sort, EVERYTHING)
    total = _count(searcher.search(query, 1))
    if request.after is not None:
        query = builder.after(query, field, _parse_rank(request.after), ascending=ascending)
    order = Order.Asc if ascending else Order.Desc
    hits = searcher.search(query, request.limit, count=False, order_by_field=field, order=order).hits
    return [_hit(searcher, address, str(rank)) for rank, address in hits], total


def facets(searcher: Searcher, builder: TantivyQueryBuilder, query: Query, filters: Filters) -> Facets:
    """Return the facets of a query, each narrowed by the filters of the others."""

    def buckets(narrowing: Filters, aggregation: dict[str, Any]) -> list[dict[str, Any]]:
        answer = searcher.aggregate(builder.filtered(query, narrowing), {"counts": aggregation})
        found: list[dict[str, Any]] = answer["counts"]["buckets"]
        return found

    def values(field: str, size: int, narrowing: Filters) -> dict[str, int]:
        terms = {"terms": {"field": field, "size": size, "segment_size": 10 * size}}
        return {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets(narrowing, terms)}

    ranges = [
        {"from": low} | ({} if high is None else {"to": high})
        for low, high in zip((0, *PRICE_BOUNDS), (*PRICE_BOUNDS, None), strict=True)
    ]
    prices = buckets(replace(filters, min_price=None, max_price=None), {"range": {"field": "price", "ranges": ranges}})
    return Facets(
        values("category_key", MAX_CATEGORIES, replace(filters, categories=())),
        values("brand_key", MAX_BRANDS, replace(filters, brands=())),
        {int(bucket["from"]): int(bucket["doc_count"]) for bucket in prices if "from" in bucket},
    )


def _by_relevance(searcher: Searcher, query: Query, request: SearchRequest) -> tuple[list[SearchHit], int]:
    """Return the best hits after a position. Hits before it are skipped by their score and rank."""
    seen, last = _parse_position(request.after)
    depth = seen + request.limit + LOOKAHEAD
    while True:
        result = searcher.search(query, depth, weight_by_field="tie")
        following = _following(searcher, result.hits, last)
        on_page = following[: request.limit]
        if len(result.hits) < depth or _is_complete(on_page, request.limit, result.hits[-1][0]):
            break
        depth *= GROWTH
    hits = [
        _hit(searcher, address, json.dumps([seen + number, score, rank]))
        for number, (score, rank, address) in enumerate(on_page, start=1)
    ]
    return hits, _count(result)


def _following(
    searcher: Searcher, hits: Sequence[tuple[Any, DocAddress]], last: tuple[float, int] | None
) -> list[Ranked]:
    scored = [(float(score), address) for score, address in hits if last is None or score <= last[0]]
    ranks = searcher.fast_field_values("tie_rank", [address for _, address in scored]) if scored else []
    ranked = [(score, int(rank or 0), address) for (score, address), rank in zip(scored, ranks, strict=True)]
    ranked.sort(key=_order)
    return [hit for hit in ranked if last is None or _order(hit) > (-last[0], -last[1])]


def _is_complete(hits: Sequence[Ranked], limit: int, lowest: float) -> bool:
    """Return whether no hit that was not read can belong on the page: its score is the lowest at most."""
    return len(hits) == limit and hits[-1][0] > lowest


def _order(hit: Ranked) -> tuple[float, int]:
    return -hit[0], -hit[1]


def _hit(searcher: Searcher, address: DocAddress, position: str) -> SearchHit:
    source = decode_source(searcher.doc(address))
    return SearchHit(source["product"], source["available"], position)


def _count(result: TantivyResult) -> int:
    count: int = result.count  # type: ignore[attr-defined]
    return count


def _parse_rank(after: str) -> int:
    try:
        rank = int(after)
    except ValueError:
        raise InvalidCursorError(after) from None
    if not 0 <= rank < 1 << 63:
        raise InvalidCursorError(after)
    return rank


def _parse_position(after: str | None) -> tuple[int, tuple[float, int] | None]:
    """Return how many hits come before a page, and the score and rank of the last of them."""
    if after is None:
        return 0, None
    try:
        seen, score, rank = json.loads(after)
        position = int(seen), (float(score), int(rank))
    except (ValueError, TypeError, OverflowError):
        raise InvalidCursorError(after) from None
    if not 0 <= position[0] <= MAX_DEPTH:
        raise InvalidCursorError(after)
    return position
