"""What search answers over HTTP."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from schemas.catalog import ProductSnapshot
from schemas.contract import Contract, Money
from services.search.engine import PRICE_BOUNDS, Facets, Filters, Hit
from services.search.highlight import marked
from services.search.relevance import Match
from services.search.search_service import Result, Suggestions


class Highlights(Contract):
    """Where a product fits: HTML whose only markup is ``<mark>`` around the words that do."""

    name: str | None = None
    description: str | None = Field(default=None, description="A fragment, where the description is long.")


class FoundProduct(ProductSnapshot):
    """A product that fits."""

    available: int = Field(ge=0, description="Units that can be bought.")
    highlights: Highlights | None = None


class ValueCount(Contract):
    """A value of a facet, and how many products have it."""

    value: str
    count: int


class PriceCount(Contract):
    """A range of prices in minor units, and how many products are in it."""

    min: int
    max: int | None = Field(default=None, description="Included, as min is; absent in the last range.")
    count: int


class FacetCounts(Contract):
    """How many products fit by value. A facet is not narrowed by its own selection."""

    category: list[ValueCount]
    brand: list[ValueCount]
    price: list[PriceCount]


class SearchPage(Contract):
    """A page of what was found."""

    items: list[FoundProduct]
    total: int
    facets: FacetCounts
    next_cursor: str | None = None
    took_ms: int = Field(description="What the search took in the function.")
    did_you_mean: str | None = Field(default=None, description="Where nothing fits what was typed.")


class SuggestedProduct(Contract):
    """A product that is suggested."""

    product_id: str
    name: str
    image_url: str
    price: Money


class SuggestionList(Contract):
    """What a shopper may be about to type."""

    products: list[SuggestedProduct]
    queries: list[str]


def page_of(result: Result, filters: Filters, took_ms: int) -> SearchPage:
    """Return the answer of a search."""
    return SearchPage(
        items=[_product(hit, result.match) for hit in result.hits],
        total=result.total,
        facets=_facets(result.facets, filters),
        next_cursor=result.cursor,
        took_ms=took_ms,
        did_you_mean=result.meant,
    )


def suggestions_of(found: Suggestions) -> SuggestionList:
    """Return the answer of suggestions."""
    products = [SuggestedProduct.model_validate(product, extra="ignore") for product in found.products]
    return SuggestionList(products=products, queries=found.queries)


def _product(hit: Hit, match: Match) -> FoundProduct:
    found = Highlights(name=marked(hit.product["name"], match), description=marked(hit.product["description"], match))
    highlights = found if found.name or found.description else None
    return FoundProduct.model_validate(
        {**hit.product, "available": hit.available, "highlights": highlights}, extra="ignore"
    )


def _facets(facets: Facets, filters: Filters) -> FacetCounts:
    bounds = (0, *PRICE_BOUNDS)
    ends = [*(bound - 1 for bound in PRICE_BOUNDS), None]
    return FacetCounts(
        category=_values(facets.category, filters.categories),
        brand=_values(facets.brand, filters.brands),
        price=[
            PriceCount(min=low, max=high, count=facets.price[low])
            for low, high in zip(bounds, ends, strict=True)
            if facets.price.get(low)
        ],
    )


def _values(counts: Mapping[str, int], selected: Iterable[str]) -> list[ValueCount]:
    # What is selected can be given up, also where nothing has it any more.
    shown: dict[str, Any] = {**dict.fromkeys(selected, 0), **counts}
    ordered = sorted(shown.items(), key=lambda pair: (-pair[1], pair[0]))
    return [ValueCount(value=value, count=count) for value, count in ordered if value]
