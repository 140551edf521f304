"""The command ``find``: searches products for another service."""

from typing import Literal

from pydantic import Field

from bus.command import command
from schemas.contract import Contract, Identifier
from services.search.dependencies import engine
from services.search.engine import Filters, Sort
from services.search.search_service import SearchParameters, search, search_any_half


class FindInput(Contract):
    """A search. Prices are in minor units of the shop's currency, bounds included."""

    text: str = Field(default="", max_length=1000)
    category: str | None = Field(default=None, max_length=64)
    min_price: int | None = Field(default=None, ge=0)
    max_price: int | None = Field(default=None, ge=0)
    limit: int = Field(default=6, ge=1, le=20)


class FindOutput(Contract):
    """The ids of the products found, best first. Prices and stock are read from catalog and inventory."""

    outcome: Literal["FOUND"] = "FOUND"
    product_ids: list[Identifier]
    did_you_mean: str | None = Field(default=None, description="A spelling suggestion, if nothing matches the words.")


def _find(request: FindInput) -> FindOutput:
    filters = Filters((request.category,) if request.category else (), (), request.min_price, request.max_price, False)
    parameters = SearchParameters(request.text, filters, Sort.RELEVANCE, request.limit, most_words=False)
    page = search(engine(), parameters)
    if not page.hits and page.query.words:
        page = search_any_half(engine(), parameters)
    return FindOutput(product_ids=[hit.product["productId"] for hit in page.hits], did_you_mean=page.did_you_mean)


find = command(_find, FindInput)
