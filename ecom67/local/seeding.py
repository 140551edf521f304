"""Import of the product catalogue into the local shop, through the shop's own API."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx

from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT
from ecom67.local import emulator
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection

PRODUCTS = ROOT / "content" / "catalogue" / "products.json"
# A parameter on the emulator, so that it shares the lifetime of the data.
SEEDED_CATALOGUE = "runner/catalogue"
BATCH = 100
IMPORT_TIMEOUT_SECONDS = 60
SETTLE_TIMEOUT_SECONDS = 180.0
POLL_SECONDS = 0.2


def load_products(file: Path = PRODUCTS, count: int | None = None) -> list[dict[str, Any]]:
    """Return the products of the catalogue, or a sample of every n-th product, which covers all categories.

    Parameters:
        file: the catalogue; an empty list is returned where it does not exist.
        count: size of the sample; None returns all products.
    """
    if not file.exists():
        return []
    products: list[dict[str, Any]] = json.loads(file.read_text())
    if count is None or count >= len(products):
        return products
    return products[:: len(products) // count][:count] if count else []


def seed(connection: Connection, products: list[dict[str, Any]], on_progress: Callable[[str], None]) -> int:
    """Import the products unless exactly these are imported already; return the number of imported products.

    Raises CliError where the shop rejects a product, or where its events do not arrive in time.
    """
    digest = hashlib.sha256(json.dumps(products, sort_keys=True).encode()).hexdigest()
    published = connection.published()
    if not products or "catalog/image-bucket" not in published or published.get(SEEDED_CATALOGUE) == digest:
        return 0
    headers = {"Authorization": f"Bearer {connection.token(STAFF, staff=True)}"}
    with httpx.Client(
        base_url=f"{connection.shop_url}/api", headers=headers, timeout=IMPORT_TIMEOUT_SECONDS, trust_env=False
    ) as shop:
        for start in range(0, len(products), BATCH):
            _import(shop, products[start : start + BATCH])
            on_progress(f"{min(start + BATCH, len(products))}/{len(products)}")
        _await_stock(shop, products, has_inventory="inventory/reserve-arn" in published)
        _await_empty_queues(connection)
        if "search/find-arn" in published:
            _await_search(shop, {product["productId"] for product in products}, on_progress)
    emulator.put_parameter(connection.paths, SEEDED_CATALOGUE, digest)
    return len(products)


def _import(shop: httpx.Client, batch: list[dict[str, Any]]) -> None:
    answer = shop.post("/products/import", json=batch)
    if not answer.is_success:
        raise CliError(f"The shop refused the catalogue's import ({answer.status_code}): {answer.text[:500]}")
    if rejected := answer.json()["rejected"]:
        raise CliError(f"The shop refused {len(rejected)} products of the catalogue; the first: {rejected[0]}")


def _await_stock(shop: httpx.Client, products: list[dict[str, Any]], has_inventory: bool) -> None:
    """Wait until the last product has stock: then its event has passed the relay and the bus."""
    stocked = [product["productId"] for product in products if product.get("stock")]
    deadline = time.monotonic() + SETTLE_TIMEOUT_SECONDS
    while has_inventory and stocked and shop.get(f"/stock/{stocked[-1]}").status_code != httpx.codes.OK:
        _poll_until(deadline, "The catalogue was imported, but its stock does not arrive. See `ecom67 logs inventory`.")


def _await_search(shop: httpx.Client, wanted: set[str], on_progress: Callable[[str], None]) -> None:
    """Wait until search finds every product."""
    deadline = time.monotonic() + SETTLE_TIMEOUT_SECONDS
    while missing := wanted - set(_searchable_ids(shop)):
        progress = f"search knows {len(wanted) - len(missing)} of {len(wanted)} products"
        on_progress(progress)
        _poll_until(deadline, f"The catalogue was imported, but {progress}. See `ecom67 logs search`.")


def _searchable_ids(shop: httpx.Client) -> Iterator[str]:
    """Yield the ids of all products that search returns; nothing while it does not answer."""
    query = {"sort": "newest", "limit": "100"}
    while True:
        answer = shop.get("/search", params=query)
        if not answer.is_success:
            return
        page = answer.json()
        yield from (item["productId"] for item in page["items"])
        if "nextCursor" not in page:
            return
        query["cursor"] = page["nextCursor"]


def _await_empty_queues(connection: Connection) -> None:
    """Wait until the queues of all consumers are empty: then the cart knows every product."""
    sqs = connection.client("sqs")
    queues = [url for url in sqs.list_queues().get("QueueUrls", []) if not url.endswith("-dlq")]
    deadline = time.monotonic() + SETTLE_TIMEOUT_SECONDS
    while any(_queue_depth(sqs, url) for url in queues):
        _poll_until(deadline, "The catalogue was imported, but its events are not consumed. See `ecom67 logs`.")


def _queue_depth(sqs: Any, url: str) -> int:
    attributes = sqs.get_queue_attributes(
        QueueUrl=url,
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )["Attributes"]
    return sum(int(count) for count in attributes.values())


def _poll_until(deadline: float, timeout_message: str) -> None:
    if time.monotonic() > deadline:
        raise CliError(timeout_message)
    time.sleep(POLL_SECONDS)
