"""The store of the catalog functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import dynamodb
from services.catalog.store import CatalogSettings, CatalogStore


@cache
def store() -> CatalogStore:
    """Return the catalog's tables; raises MissingSettingError if the environment does not name them."""
    return CatalogStore(dynamodb(), CatalogSettings.load())
