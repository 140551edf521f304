"""OpenSearch stops and starts again: search says so, nothing is lost, and what happened meanwhile is found after."""

import json
from typing import Any

import pytest

from bus.items import to_item
from infra.local.fault import Fault
from infra.local.opensearch.node import missing, node, running, url_of
from infra.local.processes import Process
from infra.local.scratch import free_ports
from services.search import api as routes
from services.search.document import Document
from services.search.engine import RefusedDocumentError
from services.search.indexer import Indexer
from services.search.opensearch.client import opened
from services.search.opensearch.engine import OpenSearchEngine
from tests.contract.search.products import document

pytestmark = pytest.mark.parametrize("kind", ["opensearch"])


@pytest.fixture
def own_node(tmp_path_factory: pytest.TempPathFactory) -> Process:
    """Return a node of this test's own, which has not been started."""
    if lack := missing():
        pytest.skip(lack)
    try:
        return node(tmp_path_factory.mktemp("outage"), free_ports().shop, quick_start=True)
    except Fault as fault:
        pytest.skip(str(fault))


def record(number: int, each: Document) -> dict[str, Any]:
    """Return a record of the SearchProducts table's stream."""
    values = {"productId": each.product_id, "revision": each.revision, "productSequence": each.sequence}
    image = to_item({**values, "available": each.available, "product": each.product})
    return {"dynamodb": {"SequenceNumber": str(number), "NewImage": image}}


def ask(text: str) -> tuple[int, dict[str, Any]]:
    """Send a request as the shared API does."""
    event = {
        "version": "2.0",
        "rawPath": "/api/search",
        "rawQueryString": f"q={text}",
        "headers": {},
        "requestContext": {"http": {"method": "GET", "path": "/api/search"}, "stage": "$default"},
        "isBase64Encoded": False,
    }
    answer = routes.api(event, None)
    return answer["statusCode"], json.loads(answer["body"])


@pytest.mark.timeout(120)
def test_an_outage_loses_nothing(own_node: Process, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parked: list[RefusedDocumentError] = []
    engine = OpenSearchEngine(opened(url_of(own_node)))
    indexer = Indexer(engine, parked.append)
    monkeypatch.setattr(routes, "engine", lambda: engine)
    before = [record(1, document("mug", name="Mug"))]
    meanwhile = [record(2, document("mug", revision=2, name="Changed Mug")), record(3, document("cup", name="Cup"))]

    with running(own_node):
        assert indexer.index(before) == {"batchItemFailures": []}
        assert ask("mug")[1]["total"] == 1

    status, problem = ask("mug")
    assert (status, problem["code"]) == (503, "SEARCH_UNAVAILABLE")
    assert problem["detail"].startswith("Search is not available right now.")
    for _ in range(3):
        assert indexer.index(meanwhile) == {"batchItemFailures": [{"itemIdentifier": "2"}]}

    with running(own_node):
        assert indexer.index(meanwhile) == {"batchItemFailures": []}
        assert ask("changed%20mug")[1]["items"][0]["name"] == "Changed Mug"
        assert ask("")[1]["total"] == 2
    assert parked == []
