"""Search at scale: both engines with many products, against a look at every product.

A search that reads indexes takes a small part of the time that a plain look through all products takes; one that
scans does not.
"""

import os
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import boto3
import httpx
import pytest
from moto import mock_aws

from ecom67.local.connection import Connection
from ecom67.local.standins.opensearch.node import running, url_of
from services.search.document import ProductDocument
from services.search.embedded.engine import TantivyEngine
from services.search.embedded.s3_index_store import FRESH_SECONDS, S3IndexStore
from services.search.engine import Engine
from services.search.opensearch.client import create_client
from services.search.opensearch.engine import OpenSearchEngine
from tests.bench.conftest import Record
from tests.bench.report import Figure
from tests.bench.search_engines import generated, measured, searches, timed
from tests.e2e.search.shop import at_price, product, staffed, until
from tests.opensearch import node_or_skip

PRODUCTS = int(os.environ.get("BENCH_PRODUCTS", "20000"))
CHANGES = 12
LOOK = "a look at every product"
LIMITS = {
    "tantivy": {"search": 0.8, "suggestion": 0.2, "facets of all": 0.2, "index, per product": 0.1},
    "opensearch": {"search": 3.0, "suggestion": 2.0, "facets of all": 2.0, "index, per product": 0.1},
}
FRESHNESS = 1.9
"""Of the time for which a reader trusts the index, and a write."""


@pytest.fixture(scope="session")
def documents() -> list[ProductDocument]:
    """Return many products."""
    return list(generated(PRODUCTS))


@pytest.fixture(scope="session")
def look(documents: list[ProductDocument]) -> float:
    """Return the milliseconds that it takes to look at every product for the words of a search."""
    texts = [" ".join(str(value) for value in (each.product or {}).values()).lower() for each in documents]

    def find(words: list[str]) -> int:
        return sum(all(word in text for word in words) for text in texts)

    return statistics.median(timed(lambda: find(each.text.split())) for each in searches(30) if each.text)  # noqa: B023 - called at once


@pytest.fixture
def engine(name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Yield an engine without products."""
    if name == "tantivy":
        with mock_aws(), tempfile.TemporaryDirectory() as folder:
            s3 = boto3.client("s3", region_name="us-east-1")
            s3.create_bucket(Bucket="indexes")
            yield TantivyEngine(S3IndexStore(s3, "indexes", Path(folder)))
    else:
        with running(node_or_skip(tmp_path_factory)) as process:
            yield OpenSearchEngine(create_client(url_of(process)))


@pytest.mark.parametrize("name", LIMITS)
def test_a_search_does_not_look_at_every_product(
    name: str, engine: Engine, documents: list[ProductDocument], look: float, record: Record
) -> None:
    found = measured(engine, documents)

    values = {
        "search": statistics.median(found.pages),
        "suggestion": statistics.median(found.suggestions),
        "facets of all": statistics.median(found.facets),
        "index, per product": found.build * 1000 / len(documents),
    }
    assert found.found > len(found.pages) * 0.9
    limits = LIMITS[name]
    record(*(Figure(f"{name}: {what}", value, LOOK, look, "ms", limits[what]) for what, value in values.items()))


def test_a_change_is_found_soon_after_it_was_written(stage: Connection, record: Record) -> None:
    with staffed(stage) as shop:
        name = f"{uuid4().hex[:12]} lamp"
        product_id = shop.post("/products", json=product(name=name)).raise_for_status().json()["productId"]
        until(shop, name, bool)

        def write(price: int) -> httpx.Response:
            changed = product(name=name, price={"amount": price})
            return shop.put(f"/products/{product_id}", json=changed).raise_for_status()

        writes, waits = [], []
        for price in range(2000, 2000 + CHANGES):
            writes.append(timed(lambda price=price: write(price)))  # type: ignore[misc]
            waits.append(1000 * until(shop, name, at_price(price)))

    trusted = 1000 * FRESH_SECONDS + statistics.median(writes)
    wait = statistics.median(waits)
    yardstick = "a write, and the time for which a reader trusts the index"
    record(Figure("a change of a price until search shows it", wait, yardstick, trusted, "ms", FRESHNESS))
