"""Warm-up of the functions between a change of a product and the search.

The emulator reads all streams in one thread, so that these functions would start one after the other, and the first
change after a start of the stage would take seconds. A started function stays warm as long as the emulator runs.
"""

from concurrent.futures import ThreadPoolExecutor

import httpx

from ecom67.base.stage_names import LOCAL, resource_prefix
from ecom67.local.connection import Connection

STREAM_READERS = ("catalog-products-relay", "search-projector", "search-indexer")
"""Functions that read the streams."""
TIMEOUT_SECONDS = 60


def warm_up_search(connection: Connection) -> None:
    """Invoke the stream readers without records, and search once."""
    functions = connection.client("lambda")

    def invoke(function: str) -> None:
        functions.invoke(FunctionName=f"{resource_prefix(LOCAL)}{function}", Payload=b'{"Records": []}')

    with ThreadPoolExecutor() as pool:
        search = pool.submit(
            httpx.get, f"{connection.shop_url}/api/search?limit=1", timeout=TIMEOUT_SECONDS, trust_env=False
        )
        list(pool.map(invoke, STREAM_READERS))
        search.result()
