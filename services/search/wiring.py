"""The engine of the functions that talk to it."""

from functools import cache
from typing import TYPE_CHECKING

from bus.clients import client
from bus.settings import Settings

if TYPE_CHECKING:
    from services.search.engine import Engine


class EngineSettings(Settings):
    """What the stack tells the functions that talk to the engine.

    Attributes:
        search_bucket: holds the indexes' files.
    """

    search_bucket: str


@cache
def engine() -> "Engine":
    """Return the engine. Its library is imported by the functions that use it alone."""
    from services.search.embedded.engine import EmbeddedEngine
    from services.search.embedded.shelf import Shelf

    return EmbeddedEngine(Shelf(client("s3"), EngineSettings.load().search_bucket))
