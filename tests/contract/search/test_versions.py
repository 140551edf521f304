"""An index that other code has made is never read, says so, and can be built anew; nothing is written to it either."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from services.search import api as routes
from services.search.document import ProductDocument, index_name, is_current_version
from services.search.embedded.engine import TantivyEngine
from services.search.embedded.s3_index_store import FORMAT, STATE, S3IndexStore
from services.search.engine import Engine, NotBuildingError, OutdatedIndexError
from services.search.opensearch.engine import OpenSearchEngine
from services.search.relevance import parse_query
from services.search.search_service import suggest
from tests.contract.search.products import document, found, ids

NEXT = index_name("20261125")
OLD = "products-v0-20251125"
NO_FILES: dict[str, Any] = {"name": OLD, "files": {}, "meta": None}
# Of the embedded engine: what is in its bucket. Of OpenSearch: the alias that the old index has.
WAYS = {
    "its version is another": ({"format": FORMAT, "live": NO_FILES, "building": None}, "products-live-v0"),
    "its form is not known": (
        {"live": {**NO_FILES, "files": [["a.term", "pack", 0, 1]]}, "building": None},
        "products",
    ),
}


@pytest.fixture(params=WAYS)
def outdated(request: pytest.FixtureRequest, engine: Engine) -> Engine:
    """Return an engine whose live index was made by other code."""
    state, alias = WAYS[request.param]
    if isinstance(engine, TantivyEngine):
        store = engine._store
        assert isinstance(store, S3IndexStore)
        store._s3.put_object(Bucket=store._bucket, Key=STATE, Body=json.dumps(state).encode())
    elif isinstance(engine, OpenSearchEngine):
        engine._client.indices.create(index=engine._named(OLD), body={"aliases": {engine._named(alias): {}}})
    return engine


@pytest.mark.parametrize(
    "use",
    [
        lambda engine: found(engine, "mug"),
        lambda engine: suggest(engine, "mu"),
        lambda engine: engine.completions("mu", parse_query(""), 5),
        lambda engine: engine.write([document("mug")]),
        lambda engine: engine.entries(engine.indexes()[0], ["mug"]),
    ],
    ids=["find", "suggest", "completions", "write", "entries"],
)
def test_it_is_neither_read_nor_written(outdated: Engine, use: Callable[[Engine], object]) -> None:
    with pytest.raises(OutdatedIndexError):
        use(outdated)


def test_a_new_one_takes_its_place(outdated: Engine) -> None:
    live, building = outdated.indexes()
    assert live
    assert not is_current_version(live)
    assert building is None

    outdated.begin(NEXT)
    outdated.fill(NEXT, [document("mug")])
    with pytest.raises(OutdatedIndexError):
        found(outdated, "mug")
    outdated.go_live(NEXT)
    outdated.sweep()

    assert outdated.indexes() == (NEXT, None)
    outdated.write([document("cup", name="Cup")])
    assert sorted(ids(found(outdated, ""))) == ["cup", "mug"]


def test_one_that_other_code_builds_is_left_alone(engine: Engine) -> None:
    engine.write([document("mug")])
    engine.begin(OLD)
    engine.write([document("cup", name="Cup")])

    with pytest.raises(NotBuildingError):
        engine.fill(OLD, [document("jug")])
    with pytest.raises(NotBuildingError):
        engine.go_live(OLD)
    assert sorted(ids(found(engine, ""))) == ["cup", "mug"]
    engine.begin(NEXT)
    assert engine.indexes()[1] == NEXT


def test_shoppers_are_told_in_a_sentence(outdated: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "engine", lambda: outdated)

    for path in ("/api/search", "/api/search/suggest"):
        status, problem = ask(path, "q=mug")
        assert (status, problem["code"]) == (503, "SEARCH_OUTDATED")
        assert problem["detail"] == "Search is being made anew. Please try again in a few minutes."


@pytest.mark.parametrize("new_index", ["tantivy"], indirect=True)
def test_files_of_another_tantivy_are_not_read(engine: Engine) -> None:
    assert isinstance(engine, TantivyEngine)
    engine.write([ProductDocument("mug", 1, None, 0, 1)])
    store = engine._store
    assert isinstance(store, S3IndexStore)
    state = json.loads(store.state(fresh=True).to_json())
    state["live"]["meta"] = json.dumps({"index_settings": "of another time"})
    store._s3.put_object(Bucket=store._bucket, Key=STATE, Body=json.dumps(state).encode())

    with pytest.raises(OutdatedIndexError, match="another tantivy"):
        found(engine, "mug")


def ask(path: str, query: str) -> tuple[int, dict[str, Any]]:
    """Send a request as the shared API does."""
    event = {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": query,
        "headers": {},
        "requestContext": {"http": {"method": "GET", "path": path}, "stage": "$default"},
        "isBase64Encoded": False,
    }
    answer = routes.api(event, None)
    return answer["statusCode"], json.loads(answer["body"])
