"""The store of the catalog functions, created once a process and shared by all invocations."""

from functools import cache
from typing import TYPE_CHECKING

from bus.clients import client, dynamodb
from services.catalog.store import CatalogSettings, CatalogStore

if TYPE_CHECKING:
    from services.catalog.pictures import PictureStore


@cache
def store() -> CatalogStore:
    """Return the catalog's tables; raises MissingSettingError if the environment does not name them."""
    return CatalogStore(dynamodb(), CatalogSettings.load())


@cache
def pictures() -> "PictureStore":
    """Return the bucket of pictures; raises MissingSettingError if the environment does not name it."""
    # Imported late: the functions that read have none.
    from services.catalog.pictures import PictureSettings, PictureStore

    return PictureStore(cache(lambda: client("s3")), PictureSettings.load())
