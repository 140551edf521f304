"""The OpenSearch engine."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError, RequestError

from bus.cursor import InvalidCursorError
from services.search.document import VERSION, ProductDocument, index_name, is_current_version
from services.search.engine import (
    DocumentRejectedError,
    EngineUnavailableError,
    Facets,
    IndexEntry,
    NotBuildingError,
    OutdatedIndexError,
    SearchHit,
    SearchRequest,
    SearchResult,
    Sort,
)
from services.search.learnt_synonyms import evidence_prefix
from services.search.opensearch.client import translate_errors
from services.search.opensearch.mapping import document_body, index_body
from services.search.opensearch.query_builder import completions_body, search_body, word_counts_body
from services.search.relevance import TextQuery, WordCounts

LIVE = f"products-live-v{VERSION}"
"""Alias of the live index. An index of another version never has it, so it is never searched."""
BUILDING = f"products-building-v{VERSION}"
"""Alias of the index that is being built."""
BUILDING_PREFIX = "products-building"
"""Part of that alias in every version."""
FIRST = index_name("0")
"""Name of the index that a first write creates."""
COUNTS_SECONDS = 60
"""Seconds for which the numbers of products with a word are used: how rare a word is changes slowly."""
CONFLICT = 409
BAD_REQUEST = 400
NOT_FOUND = 404
EMPTY: dict[str, Any] = {"hits": {"hits": [], "total": {"value": 0}}}


class OpenSearchEngine:
    """The engine of large shops.

    Parameters:
        client: client of a domain or node.
        prefix: prefix of all names of indexes and aliases, so that several shops can share a node.
        now: monotonic time in seconds; replaced in tests.
    """

    def __init__(self, client: OpenSearch, prefix: str = "", *, now: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._prefix = prefix
        self._now = now
        self._counts = WordCounts(0, {})
        self._counted_at = now()

    def search(self, request: SearchRequest) -> SearchResult:
        """Return a page of products."""
        answer = self._search_live(search_body(request, _parse_position(request)))
        hits = [
            SearchHit(
                hit["_source"]["source"]["product"], hit["_source"]["source"]["available"], json.dumps(hit["sort"])
            )
            for hit in answer["hits"]["hits"]
        ]
        return SearchResult(hits, answer["hits"]["total"]["value"], _facets(answer.get("aggregations", {})))

    def word_counts(self, stems: Sequence[str]) -> WordCounts:
        """Return the counts of stems, and the evidence for their synonyms; they may be a minute old."""
        if self._now() - self._counted_at > COUNTS_SECONDS:
            self._counts, self._counted_at = WordCounts(0, {}), self._now()
        unknown = [stem for stem in stems if stem not in self._counts.by_stem]
        if unknown:
            answer = self._search_live(word_counts_body(unknown))
            found = _word_counts(answer)
            # A word that no product has yet is looked for again: it may be in the next.
            kept = {**self._counts.by_stem, **{stem: count for stem, count in found.by_stem.items() if count}}
            evidence = {**self._counts.evidence, **found.evidence}
            self._counts = WordCounts(found.total, kept, evidence)
            return WordCounts(found.total, {**kept, **found.by_stem}, evidence)
        return self._counts

    def completions(self, prefix: str, within: TextQuery, limit: int) -> list[str]:
        """Return the words and phrases with a prefix."""
        answer = self._search_live(completions_body(prefix, within, limit))
        buckets = answer.get("aggregations", {}).get("phrases", {"buckets": []})["buckets"]
        return [bucket["key"] for bucket in buckets]

    def write(self, documents: Sequence[ProductDocument]) -> None:
        """Write documents to the live index and to one that is being built. They can be found when this returns."""
        live, building = self.indexes()
        if live is None:
            self._create_first()
        elif not is_current_version(live):
            raise _outdated(live)
        writable = building is not None and is_current_version(building)
        self._bulk([LIVE, BUILDING] if writable else [LIVE], documents, refresh=True)

    def indexes(self) -> tuple[str | None, str | None]:
        """Return the names of the live index, of whatever version, and of the one that is being built."""
        aliases_by_index = self._aliases()
        building = [
            name for name, aliases in aliases_by_index.items() if any(BUILDING_PREFIX in alias for alias in aliases)
        ]
        live = [name for name, aliases in aliases_by_index.items() if aliases and name not in building]
        # Prefer one of this version.
        return max(live, key=is_current_version, default=None), max(building, key=is_current_version, default=None)

    def begin(self, name: str) -> None:
        """Create an empty index beside the live one."""
        _, other = self.indexes()
        if other:
            self.abandon(other)
        with translate_errors():
            self._client.indices.create(index=self._named(name), body=index_body([self._named(BUILDING)]))

    def fill(self, name: str, documents: Sequence[ProductDocument]) -> None:
        """Write documents to the index that is being built alone."""
        self._check_building(name)
        self._bulk([BUILDING], documents, refresh=False)

    def go_live(self, name: str) -> None:
        """Make the index that was built the live one; one call moves both aliases."""
        self._check_building(name)
        old, _ = self.indexes()
        actions = [
            {"remove": {"index": self._named(name), "alias": self._named(BUILDING)}},
            {"add": {"index": self._named(name), "alias": self._named(LIVE)}},
        ]
        if old:
            actions.append({"remove": {"index": self._named(old), "alias": "*"}})
        with translate_errors():
            self._client.indices.refresh(index=self._named(name))
            self._client.indices.update_aliases(body={"actions": actions})

    def abandon(self, name: str) -> None:
        """Delete the index that is being built, if it still has this name."""
        if self.indexes()[1] == name:
            with translate_errors():
                self._client.indices.delete(index=self._named(name))

    def sweep(self) -> None:
        """Delete indexes that are neither live nor being built."""
        for name, aliases in self._aliases().items():
            if not aliases:
                with translate_errors():
                    self._client.indices.delete(index=self._named(name))

    def entries(self, name: str, product_ids: Sequence[str]) -> dict[str, IndexEntry]:
        """Return what an index holds of these products."""
        if not is_current_version(name):
            raise _outdated(name)
        if not product_ids:
            return {}
        with translate_errors():
            answer = self._client.mget(
                index=self._named(name),
                body={"ids": list(product_ids)},
                _source_includes=["sequence", "revision", "shown"],
            )
        return {
            found["_id"]: IndexEntry(found["_id"], **found["_source"]) for found in answer["docs"] if found.get("found")
        }

    def _search_live(self, body: dict[str, Any]) -> dict[str, Any]:
        with translate_errors():
            try:
                answer: dict[str, Any] = self._client.search(
                    index=self._named(LIVE), body=body, params={"allow_partial_search_results": "false"}
                )
            except NotFoundError:
                live, _ = self.indexes()
                if live and not is_current_version(live):
                    raise _outdated(live) from None
                # Nothing was ever written.
                return EMPTY
        return answer

    def _bulk(self, aliases: Sequence[str], documents: Sequence[ProductDocument], *, refresh: bool) -> None:
        lines = list(_operations([self._named(alias) for alias in aliases], documents))
        if not lines:
            return
        # Without an alias of that name OpenSearch would create an index.
        params = {"refresh": str(refresh).lower(), "require_alias": "true"}
        with translate_errors():
            answer = self._client.bulk(body=lines, params=params)
        if answer["errors"]:
            _raise_errors([item["index"] for item in answer["items"]], building=self._named(BUILDING))

    def _create_first(self) -> None:
        """Create the first index, unless another writer has just done so."""
        with translate_errors():
            try:
                self._client.indices.create(index=self._named(FIRST), body=index_body([self._named(LIVE)]))
            except RequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise

    def _aliases(self) -> dict[str, set[str]]:
        """Return the aliases of each index, by its name without the prefix."""
        with translate_errors():
            answer = self._client.indices.get_alias(index=self._named("products-v*"))
        return {name.removeprefix(self._prefix): set(index["aliases"]) for name, index in answer.items()}

    def _check_building(self, name: str) -> None:
        if self.indexes()[1] != name or not is_current_version(name):
            raise NotBuildingError(name)

    def _named(self, name: str) -> str:
        return self._prefix + name


def _outdated(name: str) -> OutdatedIndexError:
    return OutdatedIndexError(f"{name} is of another version than this code")


def _operations(aliases: Sequence[str], documents: Sequence[ProductDocument]) -> Iterator[dict[str, Any]]:
    for document in documents:
        for alias in aliases:
            # OpenSearch itself rejects a document that is not newer than the indexed one.
            version = {"version": document.revision, "version_type": "external"}
            yield {"index": {"_index": alias, "_id": document.product_id, **version}}
            yield document_body(document)


def _raise_errors(items: Sequence[dict[str, Any]], building: str) -> None:
    """Raise for the first item that failed; an unavailable engine takes precedence over a rejected document."""
    failed = [
        item
        for item in items
        # The index that was being built may be live by now, and has the document by its other alias.
        if "error" in item
        and item["status"] != CONFLICT
        and not (item["status"] == NOT_FOUND and item["_index"] == building)
    ]
    for item in failed:
        if item["status"] != BAD_REQUEST:
            raise EngineUnavailableError(json.dumps(item["error"]))
    for item in failed:
        raise DocumentRejectedError(item["_id"], json.dumps(item["error"]))


def _word_counts(answer: dict[str, Any]) -> WordCounts:
    """Return the counts, and the evidence for synonyms, of an answer to ``word_counts_body``."""
    found = answer.get("aggregations", {})
    counts = found.get("stems", {"buckets": {}})["buckets"]
    evidence = {
        stem: [term["key"] for term in bucket["terms"]["buckets"] if term["key"].startswith(evidence_prefix(stem))]
        for stem, bucket in found.get("evidence", {"buckets": {}})["buckets"].items()
    }
    by_stem = {stem: bucket["doc_count"] for stem, bucket in counts.items()}
    return WordCounts(answer["hits"]["total"]["value"], by_stem, evidence)


def _facets(aggregations: dict[str, Any]) -> Facets:
    def buckets(facet: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = aggregations.get(facet, {}).get("counts", {}).get("buckets", [])
        return found

    return Facets(
        {bucket["key"]: bucket["doc_count"] for bucket in buckets("category")},
        {bucket["key"]: bucket["doc_count"] for bucket in buckets("brand")},
        {int(bucket["from"]): bucket["doc_count"] for bucket in buckets("price")},
    )


def _parse_position(request: SearchRequest) -> list[Any] | None:
    """Return the value of ``search_after`` for a page; raises InvalidCursorError."""
    if request.after is None:
        return None
    kinds: tuple[type | tuple[type, ...], ...] = ((int, float), int) if request.sort is Sort.RELEVANCE else (int,)
    try:
        found = json.loads(request.after)
    except ValueError:
        raise InvalidCursorError(request.after) from None
    if not isinstance(found, list) or len(found) != len(kinds):
        raise InvalidCursorError(request.after)
    for value, kind in zip(found, kinds, strict=True):
        if not isinstance(value, kind) or (isinstance(value, int) and abs(value) >= 1 << 63):
            raise InvalidCursorError(request.after)
    return found
