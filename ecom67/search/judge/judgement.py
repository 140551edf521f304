"""Judges search by rated queries, beside BM25 in the same run."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ecom67.search.judge.bm25 import Bm25
from ecom67.search.judge.files import Product, Ratings
from ecom67.search.judge.metrics import interval_of_mean, ndcg, percentiles, recall
from services.search.document import ProductDocument, index_name
from services.search.engine import Engine
from services.search.reindex import PAGE
from services.search.responses import search_page
from services.search.search_service import SearchParameters, search

OURS, PLAIN, BOOSTED = "search", "BM25", "BM25, name × 3, brand × 2"
SHOWN = 10
"""Products of a ranking that a report shows."""
MAX_RANKED = 5000
"""Products of a ranking that are read; an engine answers no more than 10,000 at once."""
Ranking = Callable[[str], tuple[list[str], int]]
"""Returns the ids of the products found for a query, best first, and how many there are."""


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What one way of searching finds for a query.

    Attributes:
        found: ids of the first products, best first.
        total: number of products that match.
        ndcg: NDCG@10, where a product without a rating is wrong; None if no product was rated above 0.
        ndcg_rated: NDCG@10 of the rated products alone, in the order in which they are found.
        recall: share of the right products among the first ten.
    """

    found: list[str]
    total: int
    ndcg: float | None
    ndcg_rated: float | None
    recall: float | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The results of all ways of searching.

    Attributes:
        results: results by way of searching, then by query.
        times: milliseconds of each query's first page with its facets, as the function takes them, without HTTP.
        build_seconds: seconds that the index took.
        product_count: number of products in the index.
        names: name of each product.
        ratings: the ratings.
    """

    results: Mapping[str, Mapping[str, QueryResult]]
    times: Sequence[float]
    build_seconds: float
    product_count: int
    names: Mapping[str, str] = field(repr=False)
    ratings: Ratings = field(repr=False)

    @property
    def judged(self) -> list[str]:
        """The queries for which any product was rated above 0; without one, no ranking is better than another."""
        return [query for query, rated in self.ratings.items() if any(rated.values())]

    def values(self, way: str, measure: str) -> list[float]:
        """Return a measure of each judged query, for a way of searching."""
        return [getattr(self.results[way][query], measure) for query in self.judged]

    def mean(self, way: str, measure: str) -> float:
        """Return the mean of a measure over the judged queries."""
        return statistics.fmean(self.values(way, measure))

    def nothing_found(self, way: str) -> float:
        """Return the share of all queries that find nothing."""
        results = self.results[way].values()
        return sum(result.total == 0 for result in results) / len(results)

    def difference(self, other: str, measure: str) -> tuple[float, float, float]:
        """Return by how much search exceeds another way, and the 95 % interval of that."""
        pairs = zip(self.values(OURS, measure), self.values(other, measure), strict=True)
        differences = [ours - theirs for ours, theirs in pairs]
        return statistics.fmean(differences), *interval_of_mean(differences)

    def worst(self, count: int) -> list[str]:
        """Return the judged queries with the lowest NDCG, the worst first."""
        ours = self.results[OURS]
        return sorted(self.judged, key=lambda query: (ours[query].ndcg or 0, ours[query].ndcg_rated or 0))[:count]

    def wanted(self, query: str) -> list[str]:
        """Return the ids of the best products by rating."""
        rated = self.ratings[query]
        return [each for each in sorted(rated, key=lambda each: -rated[each]) if rated[each]][:SHOWN]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures, and those of every query, for a program."""
        median, p95 = percentiles(self.times)
        return {
            "products": self.product_count,
            "queries": len(self.ratings),
            "judged": len(self.judged),
            "milliseconds": {"p50": median, "p95": p95},
            "ways": {
                way: {
                    "ndcg": self.mean(way, "ndcg"),
                    "ndcgRated": self.mean(way, "ndcg_rated"),
                    "recall": self.mean(way, "recall"),
                    "nothingFound": self.nothing_found(way),
                }
                for way in self.results
            },
            "differences": {
                other: {measure: self.difference(other, measure) for measure in ("ndcg", "ndcg_rated")}
                for other in self.results
                if other != OURS
            },
            "byQuery": {
                query: {"ndcg": result.ndcg, "ndcgRated": result.ndcg_rated, "found": result.found}
                for query, result in self.results[OURS].items()
            },
        }


def judge(engine: Engine, products: Sequence[Product], ratings: Ratings) -> Judgement:
    """Fill an empty engine with products, search for every query, and judge what is found.

    Parameters:
        engine: an engine without products.
        products: the products.
        ratings: the ratings; those of unknown products are ignored.
    """
    known = {product.id for product in products}
    ratings = {query: {each: rated[each] for each in rated if each in known} for query, rated in ratings.items()}
    started = time.perf_counter()
    _fill(engine, products)
    build_seconds = time.perf_counter() - started
    ways: dict[str, Ranking] = {
        PLAIN: _bm25({product.id: product.text() for product in products}),
        BOOSTED: _bm25({product.id: product.text(name=3, brand=2) for product in products}),
        OURS: lambda query: _all_found(engine, query),
    }
    results = {way: {query: _result(*rank(query), ratings[query]) for query in ratings} for way, rank in ways.items()}
    times = [_timed(engine, query) for query in ratings]
    names = {product.id: product.name for product in products}
    return Judgement(results, times, build_seconds, len(products), names, ratings)


def _fill(engine: Engine, products: Sequence[Product]) -> None:
    """Build an index of the products and make it the live one, as a rebuild does."""
    name = index_name("1")
    documents = [ProductDocument(product.id, 1, product.snapshot(), product.stock, 1) for product in products]
    engine.begin(name)
    for start in range(0, len(documents), PAGE):
        engine.fill(name, documents[start : start + PAGE])
    engine.go_live(name)


def _result(found: list[str], total: int, rated: Mapping[str, int]) -> QueryResult:
    if not any(rated.values()):
        return QueryResult(found[:SHOWN], total, None, None, None)
    among_rated = [each for each in found if each in rated]
    return QueryResult(found[:SHOWN], total, ndcg(found, rated), ndcg(among_rated, rated), recall(found, rated))


def _bm25(texts: Mapping[str, str]) -> Ranking:
    index = Bm25(texts)

    def rank(query: str) -> tuple[list[str], int]:
        found = index.search(query)
        return found, len(found)

    return rank


def _all_found(engine: Engine, query: str) -> tuple[list[str], int]:
    page = search(engine, SearchParameters(query, limit=MAX_RANKED))
    return [hit.product["productId"] for hit in page.hits], page.total


def _timed(engine: Engine, query: str) -> float:
    started = time.perf_counter()
    parameters = SearchParameters(query)
    search_page(search(engine, parameters), parameters.filters, 0)
    return (time.perf_counter() - started) * 1000
