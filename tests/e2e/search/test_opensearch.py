"""The stage with a real OpenSearch node, and the shop beside a node that has stopped."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from ecom67.demo.show import a_purchase
from ecom67.local.connection import Connection
from ecom67.local.processes import StageProcess
from ecom67.local.stage_paths import HOST
from ecom67.local.standins.opensearch.node import url_of
from ecom67.search.index import SearchIndex
from services.search.opensearch.engine import LIVE
from tests.e2e.search.shop import at_price, functions_with_an_engine, product, until
from tests.opensearch import Relay


@pytest.fixture(scope="module")
def way_to_the_node(stage: Connection, opensearch: StageProcess) -> Iterator[Relay]:
    """Let the stage search with the run's node; then the stage has its own index again."""
    functions = stage.client("lambda")
    told = functions_with_an_engine(stage)
    relay = Relay(opensearch.port)
    relay.open()
    try:
        for name, variables in told.items():
            switched = variables | {"OPENSEARCH_URL": f"http://{HOST}:{relay.port}"}
            functions.update_function_configuration(FunctionName=name, Environment={"Variables": switched})
        SearchIndex.of(stage).rebuild(silent, grace_seconds=0)
        yield relay
    finally:
        for name, variables in told.items():
            functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
        relay.close()
        # What has changed meanwhile went to the node alone.
        SearchIndex.of(stage).compare(silent, repair=True)


def silent(title: str, seen: int, total: int | None) -> None:
    """Show nothing."""


def added(shop: httpx.Client) -> tuple[str, dict[str, Any]]:
    """Add a product that no other shares a word with; return its id and what it is."""
    given = product(name=f"{uuid4().hex[:12]} {uuid4().hex[:12]}")
    product_id: str = shop.post("/products", json=given).raise_for_status().json()["productId"]
    return product_id, given


@pytest.mark.usefixtures("way_to_the_node")
def test_the_whole_shop_searches_with_a_node(opensearch: StageProcess, stage: Connection, shop: httpx.Client) -> None:
    listed = shop.get("/search", params={"limit": 100}).raise_for_status().json()
    categories = {value["value"]: value["count"] for value in listed["facets"]["category"]}
    assert listed["total"] == sum(categories.values()) == len({item["productId"] for item in listed["items"]})
    assert httpx.get(f"{url_of(opensearch)}/{LIVE}/_count").json()["count"] >= listed["total"]
    assert shop.get("/search/suggest", params={"q": "lam"}).json()["queries"]

    product_id, given = added(shop)
    until(shop, given["name"], lambda items: bool(items))
    shop.put(f"/products/{product_id}", json={**given, "price": {"amount": 2000}}).raise_for_status()
    until(shop, given["name"], at_price(2000))

    found = SearchIndex.of(stage).compare(silent, repair=False)
    assert (found.missing, found.orphans) == ([], [])


def test_the_shop_sells_while_the_node_is_away_and_nothing_is_lost(
    way_to_the_node: Relay, stage: Connection, shop: httpx.Client
) -> None:
    product_id, given = added(shop)
    until(shop, given["name"], lambda items: bool(items))
    way_to_the_node.close()
    try:
        for path in ("/search", "/search/suggest"):
            refused = shop.get(path, params={"q": given["name"]})
            assert (refused.status_code, refused.json()["code"]) == (503, "SEARCH_UNAVAILABLE"), path
            assert refused.headers["content-type"] == "application/problem+json"
            assert refused.json()["detail"].startswith("Search is not available right now.")

        shop.put(f"/products/{product_id}", json={**given, "price": {"amount": 3000}}).raise_for_status()
        assert shop.get(f"/products/{product_id}").json()["price"]["amount"] == 3000
        came_meanwhile, other = added(shop)
        a_purchase(stage)
    finally:
        way_to_the_node.open()

    until(shop, given["name"], at_price(3000))
    until(shop, other["name"], lambda items: [item["productId"] for item in items[:1]] == [came_meanwhile])
    found = SearchIndex.of(stage).compare(silent, repair=False)
    assert (found.missing, found.orphans) == ([], [])
