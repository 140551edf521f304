"""The engine of the functions that talk to it."""

from functools import cache
from typing import TYPE_CHECKING

from bus.clients import client, dynamodb
from bus.settings import Settings
from services.search.store import SearchProducts, StoreSettings

if TYPE_CHECKING:
    from services.search.engine import Engine


class EngineSettings(Settings):
    """What the stack tells the functions that talk to the engine.

    Attributes:
        opensearch_url: of the domain or node; without it the engine is the embedded one.
        search_bucket: holds the embedded engine's files; there without the other.
    """

    opensearch_url: str | None = None
    search_bucket: str = ""


@cache
def engine() -> "Engine":
    """Return the engine. Only the library of this one is imported."""
    settings = EngineSettings.load()
    if settings.opensearch_url:
        from services.search.opensearch.client import opened
        from services.search.opensearch.engine import OpenSearchEngine

        return OpenSearchEngine(opened(settings.opensearch_url))
    from services.search.embedded.engine import EmbeddedEngine
    from services.search.embedded.s3_index_store import Shelf

    return EmbeddedEngine(Shelf(client("s3"), settings.search_bucket))


@cache
def search_products() -> SearchProducts:
    """Return the table of what the index should hold."""
    return SearchProducts(dynamodb(), StoreSettings.load().search_products_table)
