"""Finds products in the function itself, with tantivy."""

import random
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import tantivy
from tantivy import Query

from services.search.document import Document, index_name, is_known
from services.search.embedded.query_builder import Rendering
from services.search.embedded.results import facets, page
from services.search.embedded.s3_index_store import Manifest, MissingFilesError, OvertakenError, Shelf, State
from services.search.embedded.schema import OpenIndex
from services.search.engine import (
    Asked,
    EngineUnavailableError,
    Facets,
    Found,
    Indexed,
    NotBuildingError,
    OutdatedIndexError,
)
from services.search.relevance import Match

ATTEMPTS = 8
HEAP_BYTES = 32_000_000
NOTHING = Found([], 0, Facets())


class Reader:
    """An index as it was at one moment.

    Parameters:
        manifest: what it is made of.
        folder: this process's copy of its files.
    """

    def __init__(self, manifest: Manifest, folder: Path) -> None:
        self.manifest = manifest
        opened = OpenIndex(folder)
        self.schema = opened.schema
        self.searcher = opened.index.searcher()
        self.rendering = Rendering(opened)


class EmbeddedEngine:
    """The engine of the laptop and of the small shop.

    Parameters:
        shelf: the indexes' files.
        clock: tells the moment that a first index is named after; replaced in tests.
        pause: waits that many seconds where somebody else wrote first; replaced in tests.
    """

    def __init__(
        self,
        shelf: Shelf,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._shelf = shelf
        self._clock = clock
        self._pause = pause
        self._known: Reader | None = None

    def find(self, asked: Asked) -> Found:
        """Return a page."""
        reader = self._live()
        if reader is None:
            return NOTHING
        query = reader.rendering.query(asked.match)
        narrowed = reader.rendering.narrowed(query, asked.filters)
        hits, total = page(reader.searcher, reader.rendering, narrowed, asked)
        counts = facets(reader.searcher, reader.rendering, query, asked.filters) if asked.facets else Facets()
        return Found(hits, total, counts)

    def completions(self, prefix: str, within: Match, limit: int) -> list[str]:
        """Return words and phrases that begin so."""
        reader = self._live()
        if reader is None:
            return []
        found = reader.searcher.terms_with_prefix("completions", prefix, reader.rendering.query(within), limit)
        return [phrase for phrase, count in found if count]

    def write(self, documents: Sequence[Document]) -> None:
        """Put documents into the live index and into one that is being built."""
        self._changed(lambda state: self._with_documents(state, documents))

    def indexes(self) -> tuple[str | None, str | None]:
        """Return the names of the live index and of the one that is being built."""
        state = self._shelf.state(fresh=True)
        return state.live.name if state.live else None, state.building.name if state.building else None

    def begin(self, name: str) -> None:
        """Make an empty index beside the live one."""
        self._changed(lambda state: replace(state, building=Manifest(name)))

    def fill(self, name: str, documents: Sequence[Document]) -> None:
        """Put documents into the index that is being built."""

        def filled(state: State) -> State:
            return replace(state, building=self._extended(_built(state, name), documents))

        self._changed(filled)

    def go_live(self, name: str) -> None:
        """Answer from the index that was built."""

        def swapped(state: State) -> State:
            return replace(state, live=_built(state, name), building=None)

        self._changed(swapped)

    def abandon(self, name: str) -> None:
        """Delete an index that is being built."""

        def without(state: State) -> State:
            is_it = state.building is not None and state.building.name == name
            return replace(state, building=None) if is_it else state

        self._changed(without)

    def sweep(self) -> None:
        """Delete files that are of no index any more."""
        self._shelf.sweep()

    def indexed(self, name: str, product_ids: Sequence[str]) -> dict[str, Indexed]:
        """Return what an index holds of these products."""
        reader = self._named(name)
        found = {}
        for product_id in product_ids:
            if address := _address(reader, product_id):
                revision, sequence, shown = (
                    reader.searcher.fast_field_values(field, [address])[0]
                    for field in ("revision", "sequence", "shown")
                )
                found[product_id] = Indexed(product_id, int(sequence or 0), int(revision or 0), bool(shown))
        return found

    def _live(self) -> Reader | None:
        for _ in range(ATTEMPTS):
            state = self._shelf.state()
            try:
                return self._reader(state.live) if state.live else None
            except MissingFilesError:
                # Its files went while they were fetched: there is a newer one.
                self._shelf.state(fresh=True)
        raise EngineUnavailableError("the index changes faster than it can be read")

    def _named(self, name: str) -> Reader:
        indexes = self._shelf.state(fresh=True).indexes()
        manifest = next((found for found in indexes if found.name == name), None)
        if manifest is None:
            raise NotBuildingError(name)
        return self._reader(manifest)

    def _reader(self, manifest: Manifest) -> Reader:
        _check_version(manifest)
        if self._known is None or self._known.manifest != manifest:
            folder = self._shelf.fetched(manifest)
            self._known = Reader(manifest, folder)
            # What is open stays readable without its names in a folder.
            shutil.rmtree(folder, ignore_errors=True)
        return self._known

    def _changed(self, change: Callable[[State], State]) -> None:
        for attempt in range(ATTEMPTS):
            state = self._shelf.state(fresh=True)
            try:
                wanted = change(state)
                if wanted != state:
                    self._shelf.change(state, wanted)
            except (OvertakenError, MissingFilesError):
                self._pause(random.uniform(0, 0.05 * 2**attempt))  # noqa: S311
            else:
                return
        raise EngineUnavailableError("others change the index all the time")

    def _with_documents(self, state: State, documents: Sequence[Document]) -> State:
        live = state.live or Manifest(index_name(time.strftime("%Y%m%d%H%M%S", time.gmtime(self._clock()))))
        _check_version(live)
        building = state.building
        if building and is_known(building.name):
            building = self._extended(building, documents)
        return replace(state, live=self._extended(live, documents), building=building)

    def _extended(self, manifest: Manifest, documents: Sequence[Document]) -> Manifest:
        """Return an index with documents in it, those that are newer than what it holds."""
        folder = self._shelf.fetched(manifest)
        try:
            opened = OpenIndex(folder)
            newer = _newer(Reader(manifest, folder), documents)
            if not newer and manifest.meta:
                return manifest
            writer = opened.index.writer(heap_size=HEAP_BYTES, num_threads=1)
            for document in newer:
                writer.delete_documents_by_term("product_id", document.product_id)
                writer.add_document(opened.document(document))
            writer.commit()
            writer.wait_merging_threads()
            return self._shelf.stored(manifest, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _built(state: State, name: str) -> Manifest:
    """Return the index that is being built; raises NotBuildingError where it is none of that name, or of other code."""
    if state.building is None or state.building.name != name or not is_known(name):
        raise NotBuildingError(name)
    return state.building


def _check_version(manifest: Manifest) -> None:
    if not is_known(manifest.name):
        raise OutdatedIndexError(f"{manifest.name} is of another version than this code")


def _newer(reader: Reader, documents: Sequence[Document]) -> list[Document]:
    """Return the last of each product's documents, where it is newer than what the index holds."""
    last = {document.product_id: document for document in sorted(documents, key=lambda found: found.revision)}
    return [document for document in last.values() if _revision(reader, document.product_id) < document.revision]


def _revision(reader: Reader, product_id: str) -> int:
    address = _address(reader, product_id)
    held = reader.searcher.fast_field_values("revision", [address]) if address else []
    return int(held[0] or 0) if held else 0


def _address(reader: Reader, product_id: str) -> tantivy.DocAddress | None:
    query = Query.term_query(reader.schema, "product_id", product_id)
    hits = reader.searcher.search(query, 1, count=False).hits
    return hits[0][1] if hits else None
