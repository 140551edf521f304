"""The stores and clients of the search functions, created once a process and shared by all invocations.

Imports are made by the functions that need them: a function that only writes to a table does not load an engine,
and the library of only one engine is loaded.
"""

from functools import cache
from typing import TYPE_CHECKING

from bus.clients import client, dynamodb
from bus.settings import Settings

if TYPE_CHECKING:
    from services.search.catalog_reader import CatalogReader
    from services.search.engine import Engine
    from services.search.parking_queue import ParkingQueue
    from services.search.store import SearchProductStore


class EngineSettings(Settings):
    """Where the engine is.

    Attributes:
        opensearch_url: URL of the OpenSearch domain or node; without one, the embedded engine is used.
        search_bucket: bucket of the embedded engine's index files; empty with OpenSearch.
    """

    opensearch_url: str | None = None
    search_bucket: str = ""


@cache
def engine() -> "Engine":
    """Return the engine that the settings name."""
    settings = EngineSettings.load()
    if settings.opensearch_url:
        from services.search.opensearch.client import create_client
        from services.search.opensearch.engine import OpenSearchEngine

        return OpenSearchEngine(create_client(settings.opensearch_url))
    from services.search.embedded.engine import TantivyEngine
    from services.search.embedded.s3_index_store import S3IndexStore

    return TantivyEngine(S3IndexStore(client("s3"), settings.search_bucket))


@cache
def search_products() -> "SearchProductStore":
    """Return the SearchProducts table; raises MissingSettingError without ``SEARCH_PRODUCTS_TABLE``."""
    from services.search.store import SearchProductStore, SearchStoreSettings

    return SearchProductStore(dynamodb(), SearchStoreSettings.load().search_products_table)


@cache
def catalog() -> "CatalogReader":
    """Return the catalog's Products table; raises MissingSettingError without ``PRODUCTS_TABLE``."""
    from services.search.catalog_reader import CatalogReader, CatalogReaderSettings

    return CatalogReader(dynamodb(), CatalogReaderSettings.load().products_table)


@cache
def parking_queue() -> "ParkingQueue":
    """Return the parking queue of the function's stream; raises MissingSettingError without ``PARKING_QUEUE_URL``."""
    from services.search.parking_queue import ParkingQueue, ParkingQueueSettings

    return ParkingQueue(client("sqs"), ParkingQueueSettings.load().parking_queue_url)
