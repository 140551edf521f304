"""Starts the functions between a product's change and the search that shows it, before anybody waits for them.

The emulator reads all streams in one thread, so there they start one after the other, and the first change after a
start of the stage would take seconds. It keeps a function's first process for as long as it runs itself.
"""

from concurrent.futures import ThreadPoolExecutor

import httpx

from ecom67.base.stage_names import LOCAL
from ecom67.local.connection import Connection

READERS = ("catalog-products-relay", "search-projector", "search-indexer")
"""Of the streams on the way."""
SECONDS = 20


def warm_up_search(connection: Connection) -> None:
    """Call the streams' readers with nothing to read, and search once."""
    functions = connection.client("lambda")

    def read_nothing(reader: str) -> None:
        functions.invoke(FunctionName=f"ecom67-{LOCAL}-{reader}", Payload=b'{"Records": []}')

    with ThreadPoolExecutor() as pool:
        searched = pool.submit(httpx.get, f"{connection.shop_url}/api/search?limit=1", timeout=SECONDS, trust_env=False)
        list(pool.map(read_nothing, READERS))
        searched.result()
