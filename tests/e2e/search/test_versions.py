"""After a deployment of code that does not know the index: search says so, and the deployment builds it anew."""

import json

import httpx

from ecom67.base.progress import ProgressTree
from ecom67.demo.shopper import eventually
from ecom67.deploy import local
from ecom67.local.connection import Connection
from tests.e2e.search.shop import functions_with_an_engine

OF_OTHER_CODE = {"live": {"name": "products-v1-20251125", "files": [["a.term", "pack", 0, 1]], "meta": "{}"}}


def test_a_deployment_builds_an_index_of_other_code_anew(stage: Connection, shop: httpx.Client) -> None:
    before = shop.get("/search", params={"limit": 1}).raise_for_status().json()["total"]
    bucket = functions_with_an_engine(stage)["ecom67-local-search-api"]["SEARCH_BUCKET"]
    stage.client("s3").put_object(Bucket=bucket, Key="state.json", Body=json.dumps(OF_OTHER_CODE).encode())
    steps = ProgressTree("deploy search")
    try:
        told = eventually("search says so", lambda: _problem(shop.get("/search", params={"q": "lamp"})))
        assert told == (503, "SEARCH_OUTDATED")
    finally:
        local.deploy(stage.paths, "search", steps)

    (looked,) = (step.remark for step in steps.done if step.title == "Look at the search index")
    assert looked.startswith("The index is of another version than the code. It is built anew")
    assert shop.get("/search", params={"limit": 1}).raise_for_status().json()["total"] == before


def _problem(answer: httpx.Response) -> tuple[int, str] | None:
    return None if answer.is_success else (answer.status_code, answer.json()["code"])
