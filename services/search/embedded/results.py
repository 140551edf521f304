"""A page of what tantivy finds, and the numbers beside it."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tantivy import DocAddress, Order, Query, Searcher, SearchResult

from bus.cursor import InvalidCursorError
from services.search.embedded.query_builder import Rendering
from services.search.embedded.schema import source_of
from services.search.engine import LARGEST_FACET, PRICE_BOUNDS, Asked, Facets, Filters, Hit, Sort

SORTED = {
    Sort.PRICE_ASC: ("price_rank", True),
    Sort.PRICE_DESC: ("price_rank", False),
    Sort.NEWEST: ("newest_rank", False),
}
SPARE = 32
"""Hits beyond a page that are looked at: what scores the same as its last one is put in order too."""
DEEPEST = 10_000
"""Hits that a list by relevance goes on for."""

Ranked = tuple[float, int, DocAddress]


def page(searcher: Searcher, rendering: Rendering, query: Query, asked: Asked) -> tuple[list[Hit], int]:
    """Return the products of a page, and how many fit in all; raises InvalidCursorError."""
    if asked.limit == 0:
        return [], _count(searcher.search(query, 1))
    if asked.sort is Sort.RELEVANCE:
        return _best(searcher, query, asked)
    field, ascending = SORTED[asked.sort]
    total = _count(searcher.search(query, 1))
    if asked.after is not None:
        query = rendering.beyond(query, field, _rank_of(asked.after), ascending=ascending)
    order = Order.Asc if ascending else Order.Desc
    hits = searcher.search(query, asked.limit, count=False, order_by_field=field, order=order).hits
    return [_hit(searcher, address, str(rank)) for rank, address in hits], total


def facets(searcher: Searcher, rendering: Rendering, query: Query, filters: Filters) -> Facets:
    """Return the counts of the facets, each of what fits the other ones' selections."""

    def buckets(narrowing: Filters, aggregation: dict[str, Any]) -> list[dict[str, Any]]:
        answer = searcher.aggregate(rendering.narrowed(query, narrowing), {"counts": aggregation})
        found: list[dict[str, Any]] = answer["counts"]["buckets"]
        return found

    def values(field: str, narrowing: Filters) -> dict[str, int]:
        terms = {"terms": {"field": field, "size": LARGEST_FACET, "segment_size": 10 * LARGEST_FACET}}
        return {bucket["key"]: int(bucket["doc_count"]) for bucket in buckets(narrowing, terms)}

    ranges = [
        {"from": low} | ({} if high is None else {"to": high})
        for low, high in zip((0, *PRICE_BOUNDS), (*PRICE_BOUNDS, None), strict=True)
    ]
    prices = buckets(replace(filters, min_price=None, max_price=None), {"range": {"field": "price", "ranges": ranges}})
    return Facets(
        values("category_key", replace(filters, categories=())),
        values("brand_key", replace(filters, brands=())),
        {int(bucket["from"]): int(bucket["doc_count"]) for bucket in prices if "from" in bucket},
    )


def _best(searcher: Searcher, query: Query, asked: Asked) -> tuple[list[Hit], int]:
    """Return the best hits after a position. What comes before it is skipped, by its score and its rank."""
    seen, last = _position(asked.after)
    reach = seen + asked.limit + SPARE
    while True:
        result = searcher.search(query, reach, weight_by_field="tie")
        left = _after(searcher, result.hits, last)
        if len(result.hits) < reach or _is_complete(left[: asked.limit], asked.limit, result.hits[-1][0]):
            break
        reach *= 2
    hits = [
        _hit(searcher, address, json.dumps([seen + number, score, rank]))
        for number, (score, rank, address) in enumerate(left[: asked.limit], start=1)
    ]
    return hits, _count(result)


def _after(searcher: Searcher, hits: Sequence[tuple[Any, DocAddress]], last: tuple[float, int] | None) -> list[Ranked]:
    scored = [(float(score), address) for score, address in hits if last is None or score <= last[0]]
    ranks = searcher.fast_field_values("price_rank", [address for _, address in scored]) if scored else []
    ranked = [(score, int(rank or 0), address) for (score, address), rank in zip(scored, ranks, strict=True)]
    ranked.sort(key=_order)
    return [hit for hit in ranked if last is None or _order(hit) > (-last[0], last[1])]


def _is_complete(hits: Sequence[Ranked], limit: int, worst: float) -> bool:
    """Say whether nothing that was not looked at can belong on the page: it scores the worst at the most."""
    return len(hits) == limit and hits[-1][0] > worst


def _order(hit: Ranked) -> tuple[float, int]:
    return -hit[0], hit[1]


def _hit(searcher: Searcher, address: DocAddress, position: str) -> Hit:
    source = source_of(searcher.doc(address))
    return Hit(source["product"], source["available"], position)


def _count(result: SearchResult) -> int:
    count: int = result.count  # type: ignore[attr-defined]
    return count


def _rank_of(after: str) -> int:
    try:
        rank = int(after)
    except ValueError:
        raise InvalidCursorError(after) from None
    if not 0 <= rank < 1 << 63:
        raise InvalidCursorError(after)
    return rank


def _position(after: str | None) -> tuple[int, tuple[float, int] | None]:
    """Return how many products were seen, and the score and rank of the last."""
    if after is None:
        return 0, None
    try:
        seen, score, rank = json.loads(after)
        position = int(seen), (float(score), int(rank))
    except (ValueError, TypeError, OverflowError):
        raise InvalidCursorError(after) from None
    if not 0 <= position[0] <= DEEPEST:
        raise InvalidCursorError(after)
    return position
