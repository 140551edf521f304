"""The embedded engine: searches with tantivy in the function itself."""

import random
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import tantivy
from tantivy import Query

from services.search.document import ProductDocument, index_name, is_current_version
from services.search.embedded.query_builder import TantivyQueryBuilder
from services.search.embedded.results import facets, page
from services.search.embedded.s3_index_store import (
    ConcurrentUpdateError,
    IndexManifest,
    IndexState,
    MissingFilesError,
)
from services.search.embedded.schema import OpenIndex
from services.search.engine import (
    EngineUnavailableError,
    Facets,
    IndexEntry,
    NotBuildingError,
    OutdatedIndexError,
    SearchRequest,
    SearchResult,
)
from services.search.learnt_synonyms import evidence_prefix
from services.search.relevance import TextQuery, WordCounts

MAX_ATTEMPTS = 8
"""Attempts to read or change an index that others change at the same time."""
HEAP_BYTES = 32_000_000
EMPTY = SearchResult([], 0, Facets())


class IndexStore(Protocol):
    """Keeps the files of the indexes; ``S3IndexStore`` has the description of each method."""

    def state(self, *, fresh: bool = False) -> IndexState:
        """Return the indexes that are stored."""

    def fetch(self, manifest: IndexManifest) -> Path:
        """Return a new folder with the files of an index."""

    def upload(self, before: IndexManifest, folder: Path) -> IndexManifest:
        """Store the files that were added to a folder since it was fetched; return the changed index."""

    def replace_state(self, before: IndexState, after: IndexState) -> None:
        """Replace the state, if it is still the one that was read."""

    def sweep(self) -> None:
        """Delete the files that belong to no index."""


class IndexReader:
    """A snapshot of an index.

    Parameters:
        manifest: manifest of the index.
        folder: local copy of its files.
    """

    def __init__(self, manifest: IndexManifest, folder: Path) -> None:
        self.manifest = manifest
        opened = OpenIndex(folder)
        self.schema = opened.schema
        self.searcher = opened.index.searcher()
        self.query_builder = TantivyQueryBuilder(opened, self.searcher)


class TantivyEngine:
    """The engine of the local stage and of small shops.

    Parameters:
        store: store of the index files.
        clock: current time in seconds since the epoch, from which a first index gets its name; replaced in tests.
        pause: sleeps for some seconds before another attempt; replaced in tests.
    """

    def __init__(
        self,
        store: IndexStore,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._clock = clock
        self._pause = pause
        self._open_reader: IndexReader | None = None

    def search(self, request: SearchRequest) -> SearchResult:
        """Return a page of products."""
        reader = self._live_reader()
        if reader is None:
            return EMPTY
        query = reader.query_builder.query(request.query)
        filtered = reader.query_builder.filtered(query, request.filters)
        hits, total = page(reader.searcher, reader.query_builder, filtered, request)
        counts = facets(reader.searcher, reader.query_builder, query, request.filters) if request.facets else Facets()
        return SearchResult(hits, total, counts)

    def word_counts(self, stems: Sequence[str]) -> WordCounts:
        """Return how many products the live index has, and how many have each stem."""
        reader = self._live_reader()
        if reader is None:
            return WordCounts(0, {})
        counts = {stem: reader.searcher.doc_freq("stems", stem) for stem in stems}
        evidence = {
            stem: [term for term, _ in reader.searcher.terms_with_prefix("synonym_evidence", evidence_prefix(stem))]
            for stem in stems
        }
        return WordCounts(reader.searcher.num_docs, counts, evidence)

    def completions(self, prefix: str, within: TextQuery, limit: int) -> list[str]:
        """Return the words and phrases with a prefix."""
        reader = self._live_reader()
        if reader is None:
            return []
        query = reader.query_builder.query(within)
        counts = reader.searcher.terms_with_prefix("completions", prefix, query, limit)
        return [phrase for phrase, count in counts if count]

    def write(self, documents: Sequence[ProductDocument]) -> None:
        """Write documents to the live index and to one that is being built."""
        self._update(lambda state: self._with_documents(state, documents))

    def indexes(self) -> tuple[str | None, str | None]:
        """Return the names of the live index and of the one that is being built."""
        state = self._store.state(fresh=True)
        return state.live.name if state.live else None, state.building.name if state.building else None

    def begin(self, name: str) -> None:
        """Create an empty index beside the live one."""
        self._update(lambda state: replace(state, building=IndexManifest(name)))

    def fill(self, name: str, documents: Sequence[ProductDocument]) -> None:
        """Write documents to the index that is being built alone."""

        def filled(state: IndexState) -> IndexState:
            return replace(state, building=self._extended(_building(state, name), documents))

        self._update(filled)

    def go_live(self, name: str) -> None:
        """Make the index that was built the live one."""

        def swapped(state: IndexState) -> IndexState:
            return replace(state, live=_building(state, name), building=None)

        self._update(swapped)

    def abandon(self, name: str) -> None:
        """Delete the index that is being built, if it still has this name."""

        def without(state: IndexState) -> IndexState:
            matches = state.building is not None and state.building.name == name
            return replace(state, building=None) if matches else state

        self._update(without)

    def sweep(self) -> None:
        """Delete the files that belong to no index."""
        self._store.sweep()

    def entries(self, name: str, product_ids: Sequence[str]) -> dict[str, IndexEntry]:
        """Return what an index holds of these products."""
        reader = self._named_reader(name)
        entries = {}
        for product_id in product_ids:
            if address := _address(reader, product_id):
                revision, sequence, shown = (
                    reader.searcher.fast_field_values(field, [address])[0]
                    for field in ("revision", "sequence", "shown")
                )
                entries[product_id] = IndexEntry(product_id, int(sequence or 0), int(revision or 0), bool(shown))
        return entries

    def _live_reader(self) -> IndexReader | None:
        for _ in range(MAX_ATTEMPTS):
            state = self._store.state()
            try:
                return self._reader(state.live) if state.live else None
            except MissingFilesError:
                # A newer index has replaced this one while its files were being fetched.
                self._store.state(fresh=True)
        raise EngineUnavailableError("the index changes faster than it can be read")

    def _named_reader(self, name: str) -> IndexReader:
        indexes = self._store.state(fresh=True).indexes()
        manifest = next((index for index in indexes if index.name == name), None)
        if manifest is None:
            raise NotBuildingError(name)
        return self._reader(manifest)

    def _reader(self, manifest: IndexManifest) -> IndexReader:
        _check_version(manifest)
        if self._open_reader is None or self._open_reader.manifest != manifest:
            folder = self._store.fetch(manifest)
            self._open_reader = IndexReader(manifest, folder)
            # Open files stay readable after they are unlinked.
            shutil.rmtree(folder, ignore_errors=True)
        return self._open_reader

    def _update(self, change: Callable[[IndexState], IndexState]) -> None:
        for attempt in range(MAX_ATTEMPTS):
            state = self._store.state(fresh=True)
            try:
                changed = change(state)
                if changed != state:
                    self._store.replace_state(state, changed)
            except (ConcurrentUpdateError, MissingFilesError):
                self._pause(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311
            else:
                return
        raise EngineUnavailableError("others change the index all the time")

    def _with_documents(self, state: IndexState, documents: Sequence[ProductDocument]) -> IndexState:
        live = state.live or IndexManifest(index_name(time.strftime("%Y%m%d%H%M%S", time.gmtime(self._clock()))))
        _check_version(live)
        building = state.building
        if building and is_current_version(building.name):
            building = self._extended(building, documents)
        return replace(state, live=self._extended(live, documents), building=building)

    def _extended(self, manifest: IndexManifest, documents: Sequence[ProductDocument]) -> IndexManifest:
        """Return an index with those documents added that are newer than what it holds."""
        folder = self._store.fetch(manifest)
        try:
            opened = OpenIndex(folder)
            newer = _newer(IndexReader(manifest, folder), documents)
            if not newer and manifest.meta:
                return manifest
            writer = opened.index.writer(heap_size=HEAP_BYTES, num_threads=1)
            for document in newer:
                writer.delete_documents_by_term("product_id", document.product_id)
                writer.add_document(opened.document(document))
            writer.commit()
            writer.wait_merging_threads()
            return self._store.upload(manifest, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _building(state: IndexState, name: str) -> IndexManifest:
    """Return the index that is being built; raises NotBuildingError if it has another name or version."""
    if state.building is None or state.building.name != name or not is_current_version(name):
        raise NotBuildingError(name)
    return state.building


def _check_version(manifest: IndexManifest) -> None:
    if not is_current_version(manifest.name):
        raise OutdatedIndexError(f"{manifest.name} is of another version than this code")


def _newer(reader: IndexReader, documents: Sequence[ProductDocument]) -> list[ProductDocument]:
    """Return the last document of each product, if it is newer than what the index holds."""
    last = {document.product_id: document for document in sorted(documents, key=lambda each: each.revision)}
    return [document for document in last.values() if _revision(reader, document.product_id) < document.revision]


def _revision(reader: IndexReader, product_id: str) -> int:
    address = _address(reader, product_id)
    revisions = reader.searcher.fast_field_values("revision", [address]) if address else []
    return int(revisions[0] or 0) if revisions else 0


def _address(reader: IndexReader, product_id: str) -> tantivy.DocAddress | None:
    query = Query.term_query(reader.schema, "product_id", product_id)
    hits = reader.searcher.search(query, 1, count=False).hits
    return hits[0][1] if hits else None
