"""HTTP routes of search, open to anyone."""

import time
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from bus.cursor import InvalidCursorError
from bus.http import ANYONE, Api, Problem
from bus.log import logger
from services.search.dependencies import engine
from services.search.engine import EngineUnavailableError, Filters, OutdatedIndexError, Sort
from services.search.responses import SearchPage, SuggestionList, search_page, suggestion_list
from services.search.search_service import SearchParameters, search, suggest

api = Api()
app = api.app

MAX_TEXT = 6000
"""Characters of a text. Long ones are accepted, as shoppers paste text; only the first words are searched for."""
MAX_PRICE = 10**12
"""Highest price in a filter, in minor units."""
Selected = Annotated[list[str], Query(max_length=50)]


@app.get("/api/search", tags=["search"], security=ANYONE)
def search_products(
    q: Annotated[str, Query(max_length=MAX_TEXT)] = "",
    category: Selected = [],  # noqa: B006 - Powertools copies it
    brand: Selected = [],  # noqa: B006
    min_price: Annotated[int | None, Query(alias="minPrice", ge=0, le=MAX_PRICE)] = None,
    max_price: Annotated[int | None, Query(alias="maxPrice", ge=0, le=MAX_PRICE)] = None,
    in_stock: Annotated[bool, Query(alias="inStock")] = False,
    sort: Sort = Sort.RELEVANCE,
    limit: Annotated[int, Query(ge=1, le=100)] = 24,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
    as_typed: Annotated[bool, Query(alias="asTyped", description="Take no word for a misspelt one.")] = False,
) -> SearchPage:
    """Search products, with typos, plurals and synonyms; without a text, list all."""
    if min_price is not None and max_price is not None and min_price > max_price:
        raise Problem(422, "VALIDATION", "minPrice is higher than maxPrice.")
    filters = Filters(tuple(category), tuple(brand), min_price, max_price, in_stock)
    started = time.perf_counter()
    try:
        page = search(engine(), SearchParameters(q, filters, sort, limit, cursor, as_typed=as_typed))
    except InvalidCursorError:
        raise Problem(422, "VALIDATION", "This cursor is not one of this list.") from None
    except EngineUnavailableError as error:
        raise _unavailable(error) from None
    return search_page(page, filters, round((time.perf_counter() - started) * 1000))


@app.get("/api/search/suggest", tags=["search"], security=ANYONE)
def suggest_products(q: Annotated[str, Query(max_length=MAX_TEXT)] = "") -> SuggestionList:
    """Suggest products and queries for a text that is being typed."""
    try:
        return suggestion_list(suggest(engine(), q))
    except EngineUnavailableError as error:
        raise _unavailable(error) from None


def _unavailable(error: EngineUnavailableError) -> Problem:
    if isinstance(error, OutdatedIndexError):
        logger.error("the search index is outdated: run `ecom67 search rebuild`", reason=str(error))
        return Problem(503, "SEARCH_OUTDATED", "Search is being made anew. Please try again in a few minutes.")
    logger.warning("the search engine does not answer", reason=str(error))
    return Problem(503, "SEARCH_UNAVAILABLE", "Search is not available right now. Please try again in a moment.")
