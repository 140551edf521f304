"""The bodies of search's HTTP responses, and how they are made of a search."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from schemas.catalog import ProductSnapshot
from schemas.contract import Contract, Money
from services.search.engine import PRICE_BOUNDS, Facets, Filters, SearchHit
from services.search.highlight import Highlighter
from services.search.interpretation import InterpretationKind
from services.search.search_service import ResultPage, Suggestions


class Highlights(Contract):
    """Texts of a product with ``<mark>`` around the words that match: HTML without any other markup."""

    name: str | None = None
    description: str | None = Field(default=None, description="A fragment, if the description is long.")


class FoundProduct(ProductSnapshot):
    """A product that matches."""

    available: int = Field(ge=0, description="Units that can be bought; of more than 20 it is 20.")
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
    """How many products match, by value. A facet is not narrowed by its own selection."""

    category: list[ValueCount]
    brand: list[ValueCount]
    price: list[PriceCount]


class AppliedInterpretation(Contract):
    """Words of the text that were taken for a filter or an order, and how to search without it."""

    kind: InterpretationKind
    words: str = Field(description="The words, as typed.")
    value: str | None = Field(default=None, description="Key of the category, name of the colour or of the order.")
    amount: int | None = Field(default=None, description="The price in minor units.")
    query_without: str = Field(description="The text without these words.")


class SearchPage(Contract):
    """A page of the products that match."""

    items: list[FoundProduct]
    total: int
    facets: FacetCounts
    next_cursor: str | None = None
    took_ms: int = Field(description="Duration of the search in the function, in milliseconds.")
    did_you_mean: str | None = Field(default=None, description="A spelling suggestion, if nothing matches as typed.")
    interpretations: list[AppliedInterpretation] = Field(
        default_factory=list, description="Filters and orders that words of the text were taken for."
    )


class SuggestedProduct(Contract):
    """A product that is suggested."""

    product_id: str
    name: str
    image_url: str
    price: Money


class SuggestionList(Contract):
    """Suggestions for a text that is being typed."""

    products: list[SuggestedProduct]
    queries: list[str]


def search_page(page: ResultPage, filters: Filters, took_ms: int) -> SearchPage:
    """Return the response of a search.

    Parameters:
        page: page of the search.
        filters: filters of the search; selected values stay in the facets.
        took_ms: duration of the search in milliseconds.
    """
    filters = page.interpreted.narrowed(filters)
    highlighter = Highlighter(page.query)
    return SearchPage(
        items=[_product(hit, highlighter) for hit in page.hits],
        total=page.total,
        facets=_facets(page.facets, filters),
        next_cursor=page.cursor,
        took_ms=took_ms,
        did_you_mean=page.did_you_mean,
        interpretations=[
            AppliedInterpretation(
                kind=each.kind,
                words=page.interpreted.words(each),
                value=each.value or None,
                amount=each.amount or None,
                query_without=page.interpreted.text_without(each),
            )
            for each in page.interpreted.interpretations
        ],
    )


def suggestion_list(suggestions: Suggestions) -> SuggestionList:
    """Return the response with suggestions."""
    products = [SuggestedProduct.model_validate(product, extra="ignore") for product in suggestions.products]
    return SuggestionList(products=products, queries=suggestions.queries)


def _product(hit: SearchHit, highlighter: Highlighter) -> FoundProduct:
    marked = Highlights(
        name=highlighter.highlight(hit.product["name"]),
        description=highlighter.highlight(hit.product["description"]),
    )
    highlights = marked if marked.name or marked.description else None
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
    # A selected value is listed even if no product has it, so that the shopper can deselect it.
    shown: dict[str, Any] = {**dict.fromkeys(selected, 0), **counts}
    ordered = sorted(shown.items(), key=lambda pair: (-pair[1], pair[0]))
    return [ValueCount(value=value, count=count) for value, count in ordered if value]
