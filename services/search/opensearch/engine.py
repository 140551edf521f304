"""Finds products in OpenSearch."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, RequestError

from bus.cursor import InvalidCursorError
from services.search.document import VERSION, Document, index_name, is_known
from services.search.engine import (
    Asked,
    EngineUnavailableError,
    Facets,
    Found,
    Hit,
    Indexed,
    NotBuildingError,
    OutdatedIndexError,
    RefusedDocumentError,
    Sort,
)
from services.search.opensearch.client import available
from services.search.opensearch.mapping import body_of, index_body
from services.search.opensearch.query_builder import completions_of, request_of
from services.search.relevance import Match

LIVE = f"products-live-v{VERSION}"
"""The alias that is answered from. An index of another version never has it, so none is asked."""
BUILDING = f"products-building-v{VERSION}"
"""The alias of an index that is being built."""
BEING_BUILT = "products-building"
"""In that alias, whatever the version."""
FIRST = index_name("0")
CONFLICT = 409
BAD_REQUEST = 400
GONE = 404
NOTHING: dict[str, Any] = {"hits": {"hits": [], "total": {"value": 0}}}


class OpenSearchEngine:
    """The engine of the large shop.

    Parameters:
        client: of a domain or node.
        prefix: before all names of indexes and aliases, so that several shops may share a node.
    """

    def __init__(self, client: OpenSearch, prefix: str = "") -> None:
        self._client = client
        self._prefix = prefix

    def find(self, asked: Asked) -> Found:
        """Return a page."""
        answer = self._searched(request_of(asked, _position(asked)))
        hits = [
            Hit(hit["_source"]["source"]["product"], hit["_source"]["source"]["available"], json.dumps(hit["sort"]))
            for hit in answer["hits"]["hits"]
        ]
        return Found(hits, answer["hits"]["total"]["value"], _facets(answer.get("aggregations", {})))

    def completions(self, prefix: str, within: Match, limit: int) -> list[str]:
        """Return words and phrases that begin so."""
        answer = self._searched(completions_of(prefix, within, limit))
        buckets = answer.get("aggregations", {}).get("phrases", {"buckets": []})["buckets"]
        return [bucket["key"] for bucket in buckets]

    def write(self, documents: Sequence[Document]) -> None:
        """Put documents into the live index and into one that is being built. They are found from then on."""
        live, building = self.indexes()
        if live is None:
            self._first()
        elif not is_known(live):
            raise _outdated(live)
        known = building is not None and is_known(building)
        self._put([LIVE, BUILDING] if known else [LIVE], documents, refresh=True)

    def indexes(self) -> tuple[str | None, str | None]:
        """Return the names of the live index, of whatever version, and of the one that is being built."""
        held = self._held()
        building = [name for name, aliases in held.items() if any(BEING_BUILT in alias for alias in aliases)]
        live = [name for name, aliases in held.items() if aliases and name not in building]
        # One of this version, if it is there.
        return max(live, key=is_known, default=None), max(building, key=is_known, default=None)

    def begin(self, name: str) -> None:
        """Make an empty index beside the live one."""
        _, other = self.indexes()
        if other:
            self.abandon(other)
        with available():
            self._client.indices.create(index=self._named(name), body=index_body([self._named(BUILDING)]))

    def fill(self, name: str, documents: Sequence[Document]) -> None:
        """Put documents into the index that is being built."""
        self._must_be_building(name)
        self._put([BUILDING], documents, refresh=False)

    def go_live(self, name: str) -> None:
        """Answer from the index that was built: one call moves both aliases."""
        self._must_be_building(name)
        old, _ = self.indexes()
        actions = [
            {"remove": {"index": self._named(name), "alias": self._named(BUILDING)}},
            {"add": {"index": self._named(name), "alias": self._named(LIVE)}},
        ]
        if old:
            actions.append({"remove": {"index": self._named(old), "alias": "*"}})
        with available():
            self._client.indices.refresh(index=self._named(name))
            self._client.indices.update_aliases(body={"actions": actions})

    def abandon(self, name: str) -> None:
        """Delete an index that is being built."""
        if self.indexes()[1] == name:
            with available():
                self._client.indices.delete(index=self._named(name))

    def sweep(self) -> None:
        """Delete indexes that are neither live nor being built."""
        for name, aliases in self._held().items():
            if not aliases:
                with available():
                    self._client.indices.delete(index=self._named(name))

    def indexed(self, name: str, product_ids: Sequence[str]) -> dict[str, Indexed]:
        """Return what an index holds of these products."""
        if not is_known(name):
            raise _outdated(name)
        if not product_ids:
            return {}
        with available():
            answer = self._client.mget(
                index=self._named(name),
                body={"ids": list(product_ids)},
                _source_includes=["sequence", "revision", "shown"],
            )
        return {
            found["_id"]: Indexed(found["_id"], **found["_source"]) for found in answer["docs"] if found.get("found")
        }

    def _searched(self, body: dict[str, Any]) -> dict[str, Any]:
        with available():
            try:
                answer: dict[str, Any] = self._client.search(
                    index=self._named(LIVE), body=body, params={"allow_partial_search_results": "false"}
                )
            except NotFoundError:
                live, _ = self.indexes()
                if live and not is_known(live):
                    raise _outdated(live) from None
                # Nothing was ever written, so nothing is found.
                return NOTHING
        return answer

    def _put(self, aliases: Sequence[str], documents: Sequence[Document], *, refresh: bool) -> None:
        lines = list(_operations([self._named(alias) for alias in aliases], documents))
        if not lines:
            return
        # An index that has just gone would be made anew by a write to its name.
        params = {"refresh": str(refresh).lower(), "require_alias": "true"}
        with available():
            answer = self._client.bulk(body=lines, params=params)
        if answer["errors"]:
            _judge([item["index"] for item in answer["items"]], building=self._named(BUILDING))

    def _first(self) -> None:
        """Make the first index, unless somebody else has just done so."""
        with available():
            try:
                self._client.indices.create(index=self._named(FIRST), body=index_body([self._named(LIVE)]))
            except RequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise

    def _held(self) -> dict[str, set[str]]:
        """Return the aliases of each index, by its name without our prefix."""
        with available():
            answer = self._client.indices.get_alias(index=self._named("products-v*"))
        return {name.removeprefix(self._prefix): set(found["aliases"]) for name, found in answer.items()}

    def _must_be_building(self, name: str) -> None:
        if self.indexes()[1] != name or not is_known(name):
            raise NotBuildingError(name)

    def _named(self, name: str) -> str:
        return self._prefix + name


def _outdated(name: str) -> OutdatedIndexError:
    return OutdatedIndexError(f"{name} is of another version than this code")


def _operations(aliases: Sequence[str], documents: Sequence[Document]) -> Iterator[dict[str, Any]]:
    for document in documents:
        for alias in aliases:
            # The engine itself refuses what is not newer than what it has.
            version = {"version": document.revision, "version_type": "external"}
            yield {"index": {"_index": alias, "_id": document.product_id, **version}}
            yield body_of(document)


def _judge(items: Sequence[dict[str, Any]], building: str) -> None:
    """Raise for the first item that failed, first of all where others may have failed for no fault of theirs."""
    failed = [
        item
        for item in items
        # What was being built may be live by now, and has the document by its other name.
        if "error" in item
        and item["status"] != CONFLICT
        and not (item["status"] == GONE and item["_index"] == building)
    ]
    for item in failed:
        if item["status"] != BAD_REQUEST:
            raise EngineUnavailableError(json.dumps(item["error"]))
    for item in failed:
        raise RefusedDocumentError(item["_id"], json.dumps(item["error"]))


def _facets(aggregations: dict[str, Any]) -> Facets:
    def buckets(facet: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = aggregations.get(facet, {}).get("counts", {}).get("buckets", [])
        return found

    return Facets(
        {bucket["key"]: bucket["doc_count"] for bucket in buckets("category")},
        {bucket["key"]: bucket["doc_count"] for bucket in buckets("brand")},
        {int(bucket["from"]): bucket["doc_count"] for bucket in buckets("price")},
    )


def _position(asked: Asked) -> list[Any] | None:
    """Return where a page begins, as OpenSearch takes it; raises InvalidCursorError."""
    if asked.after is None:
        return None
    kinds: tuple[type | tuple[type, ...], ...] = ((int, float), int, str) if asked.sort is Sort.RELEVANCE else (int,)
    try:
        found = json.loads(asked.after)
    except ValueError:
        raise InvalidCursorError(asked.after) from None
    if not isinstance(found, list) or len(found) != len(kinds):
        raise InvalidCursorError(asked.after)
    for value, kind in zip(found, kinds, strict=True):
        if not isinstance(value, kind) or (isinstance(value, int) and abs(value) >= 1 << 63):
            raise InvalidCursorError(asked.after)
    return found
