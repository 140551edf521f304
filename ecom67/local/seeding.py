"""Fills the local shop with its catalogue, through the shop's own import API, as its staff do."""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx

from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT
from ecom67.local import aws
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection

PRODUCTS = ROOT / "content" / "catalogue" / "products.json"
# Kept with the data that it tells of.
SEEDED = "runner/catalogue"
BATCH = 100
IMPORT_SECONDS = 60
SETTLE_SECONDS = 60.0
POLL_SECONDS = 0.2


def load_products(file: Path = PRODUCTS, count: int | None = None) -> list[dict[str, Any]]:
    """Return the products of the catalogue; of a part, every n-th, so that all kinds are in it."""
    if not file.exists():
        return []
    products: list[dict[str, Any]] = json.loads(file.read_text())
    if count is None or count >= len(products):
        return products
    return products[:: len(products) // count][:count] if count else []


def seed(connection: Connection, products: list[dict[str, Any]], on_progress: Callable[[str], None]) -> int:
    """Import the products unless this very selection has been; return how many were imported.

    Raises CliError where the shop refuses one, or where its events do not arrive.
    """
    digest = hashlib.sha256(json.dumps(products, sort_keys=True).encode()).hexdigest()
    published = connection.published()
    if not products or "catalog/image-bucket" not in published or published.get(SEEDED) == digest:
        return 0
    headers = {"Authorization": f"Bearer {connection.token(STAFF, staff=True)}"}
    with httpx.Client(
        base_url=f"{connection.shop_url}/api", headers=headers, timeout=IMPORT_SECONDS, trust_env=False
    ) as shop:
        for start in range(0, len(products), BATCH):
            _import(shop, products[start : start + BATCH])
            on_progress(f"{min(start + BATCH, len(products))}/{len(products)}")
        _await_stock(shop, products, has_inventory="inventory/reserve-arn" in published)
        _await_quiet(connection)
        if "search/find-arn" in published:
            _await_search(shop, {product["productId"] for product in products}, on_progress)
    aws.publish(connection.paths, SEEDED, digest)
    return len(products)


def _import(shop: httpx.Client, batch: list[dict[str, Any]]) -> None:
    answer = shop.post("/products/import", json=batch)
    if not answer.is_success:
        raise CliError(f"The shop refused the catalogue's import ({answer.status_code}): {answer.text[:500]}")
    if rejected := answer.json()["rejected"]:
        raise CliError(f"The shop refused {len(rejected)} products of the catalogue; the first: {rejected[0]}")


def _await_stock(shop: httpx.Client, products: list[dict[str, Any]], has_inventory: bool) -> None:
    """Wait until the last product has a stock: its event has come through the relay and over the bus by then."""
    stocked = [product["productId"] for product in products if product.get("stock")]
    deadline = time.monotonic() + SETTLE_SECONDS
    while has_inventory and stocked and shop.get(f"/stock/{stocked[-1]}").status_code != httpx.codes.OK:
        _sleep_until(
            deadline, "The catalogue was imported, but its stock does not arrive. See `ecom67 logs inventory`."
        )


def _await_search(shop: httpx.Client, wanted: set[str], on_progress: Callable[[str], None]) -> None:
    """Wait until search finds every product."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while missing := wanted - set(_found(shop)):
        known = f"search knows {len(wanted) - len(missing)} of {len(wanted)} products"
        on_progress(known)
        _sleep_until(deadline, f"The catalogue was imported, but {known}. See `ecom67 logs search`.")


def _found(shop: httpx.Client) -> Iterator[str]:
    """Yield the ids of what search finds; of nothing where it does not answer yet."""
    said = {"sort": "newest", "limit": "100"}
    while True:
        answer = shop.get("/search", params=said)
        if not answer.is_success:
            return
        page = answer.json()
        yield from (item["productId"] for item in page["items"])
        if "nextCursor" not in page:
            return
        said["cursor"] = page["nextCursor"]


def _await_quiet(connection: Connection) -> None:
    """Wait until no consumer has anything left to do: the cart knows every product then."""
    sqs = connection.client("sqs")
    queues = [url for url in sqs.list_queues().get("QueueUrls", []) if not url.endswith("-dlq")]
    deadline = time.monotonic() + SETTLE_SECONDS
    while any(_waiting(sqs, url) for url in queues):
        _sleep_until(deadline, "The catalogue was imported, but its events are not consumed. See `ecom67 logs`.")


def _waiting(sqs: Any, url: str) -> int:
    attributes = sqs.get_queue_attributes(
        QueueUrl=url,
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )["Attributes"]
    return sum(int(count) for count in attributes.values())


def _sleep_until(deadline: float, complaint: str) -> None:
    if time.monotonic() > deadline:
        raise CliError(complaint)
    time.sleep(POLL_SECONDS)
