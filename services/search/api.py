"""HTTP routes of search, for anybody."""

import time
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from bus.cursor import InvalidCursorError
from bus.http import ANYONE, Api, Problem
from bus.log import logger
from services.search.dependencies import engine
from services.search.engine import EngineUnavailableError, Filters, OutdatedIndexError, Sort
from services.search.responses import SearchPage, SuggestionList, page_of, suggestions_of
from services.search.search_service import Search, search, suggest

api = Api()
app = api.app

LONGEST_TEXT = 6000
"""Characters of a text. Only the first words are looked for; what a shopper pasted is no mistake."""
HIGHEST_PRICE = 10**12
Selected = Annotated[list[str], Query(max_length=50)]


@app.get("/api/search", tags=["search"], security=ANYONE)
def search_products(
    q: Annotated[str, Query(max_length=LONGEST_TEXT)] = "",
    category: Selected = [],  # noqa: B006 - Powertools copies it
    brand: Selected = [],  # noqa: B006
    min_price: Annotated[int | None, Query(alias="minPrice", ge=0, le=HIGHEST_PRICE)] = None,
    max_price: Annotated[int | None, Query(alias="maxPrice", ge=0, le=HIGHEST_PRICE)] = None,
    in_stock: Annotated[bool, Query(alias="inStock")] = False,
    sort: Sort = Sort.RELEVANCE,
    limit: Annotated[int, Query(ge=1, le=100)] = 24,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
) -> SearchPage:
    """Search products: with typos, plurals and synonyms; by all of them where nothing is asked for."""
    if min_price is not None and max_price is not None and min_price > max_price:
        raise Problem(422, "VALIDATION", "minPrice is higher than maxPrice.")
    filters = Filters(tuple(category), tuple(brand), min_price, max_price, in_stock)
    started = time.perf_counter()
    try:
        result = search(engine(), Search(q, filters, sort, limit, cursor))
    except InvalidCursorError:
        raise Problem(422, "VALIDATION", "This cursor is not one of this list.") from None
    except EngineUnavailableError as error:
        raise _unavailable(error) from None
    return page_of(result, filters, round((time.perf_counter() - started) * 1000))


@app.get("/api/search/suggest", tags=["search"], security=ANYONE)
def suggest_products(q: Annotated[str, Query(max_length=LONGEST_TEXT)] = "") -> SuggestionList:
    """Suggest products and queries for what is typed so far."""
    try:
        return suggestions_of(suggest(engine(), q))
    except EngineUnavailableError as error:
        raise _unavailable(error) from None


def _unavailable(error: EngineUnavailableError) -> Problem:
    if isinstance(error, OutdatedIndexError):
        logger.error("the search index has to be built anew: `ecom67 search rebuild`", reason=str(error))
        return Problem(503, "SEARCH_OUTDATED", "Search is being made anew. Please try again in a few minutes.")
    logger.warning("the search engine does not answer", reason=str(error))
    return Problem(503, "SEARCH_UNAVAILABLE", "Search is not available right now. Please try again in a moment.")
