"""The command of search: which products answer to some words, for another service."""

from typing import Literal

from pydantic import Field

from bus.command import command
from schemas.contract import Contract, Identifier
from services.search.dependencies import engine
from services.search.engine import Filters, Sort
from services.search.search_service import Search, nearest, search


class FindInput(Contract):
    """What is looked for. Prices are in minor units of the shop's currency, bounds included."""

    text: str = Field(default="", max_length=1000)
    category: str | None = Field(default=None, max_length=64)
    min_price: int | None = Field(default=None, ge=0)
    max_price: int | None = Field(default=None, ge=0)
    limit: int = Field(default=6, ge=1, le=20)


class Found(Contract):
    """The products, the best first. Their prices and stocks are for catalog and inventory to tell."""

    outcome: Literal["FOUND"] = "FOUND"
    product_ids: list[Identifier]
    did_you_mean: str | None = Field(default=None, description="What was probably meant, where nothing fits the words.")


def _find(given: FindInput) -> Found:
    filters = Filters((given.category,) if given.category else (), (), given.min_price, given.max_price, False)
    wanted = Search(given.text, filters, Sort.RELEVANCE, given.limit, None)
    result = search(engine(), wanted)
    if not result.hits and result.match.words:
        result = nearest(engine(), wanted)
    return Found(product_ids=[hit.product["productId"] for hit in result.hits], did_you_mean=result.meant)


find = command(_find, FindInput)
