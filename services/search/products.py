"""The table of what the index should hold, for the functions that keep it."""

from functools import cache

from bus.clients import dynamodb
from services.search.store import SearchProducts, StoreSettings


@cache
def search_products() -> SearchProducts:
    """Return the table of what the index should hold."""
    return SearchProducts(dynamodb(), StoreSettings.load().search_products_table)
