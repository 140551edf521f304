"""What the functions of search are made of: the engine, and the table of what it should hold."""

from functools import cache

from bus.clients import client, dynamodb
from bus.settings import Settings
from services.search.engine import Engine
from services.search.store import SearchProducts, StoreSettings


class EngineSettings(Settings):
    """What the stack tells the functions that talk to the engine.

    Attributes:
        search_bucket: holds the indexes' files.
    """

    search_bucket: str


@cache
def engine() -> Engine:
    """Return the engine. Its library is imported by the functions that use it alone."""
    from services.search.embedded.engine import EmbeddedEngine
    from services.search.embedded.shelf import Shelf

    return EmbeddedEngine(Shelf(client("s3"), EngineSettings.load().search_bucket))


@cache
def search_products() -> SearchProducts:
    """Return the table of what the index should hold."""
    return SearchProducts(dynamodb(), StoreSettings.load().search_products_table)
