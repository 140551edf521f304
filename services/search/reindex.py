"""Rebuilds the index, and compares the live index with the catalog, in steps of some seconds each.

The command line asks for one step after the other and shows the progress; every step may be repeated.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from schemas.contract import Contract
from services.search.catalog_reader import CatalogReader, CatalogRecord
from services.search.document import ProductDocument, index_name
from services.search.engine import (
    Engine,
    EngineUnavailableError,
    NotBuildingError,
    OutdatedIndexError,
    SearchRequest,
    Sort,
)
from services.search.relevance import parse_query
from services.search.store import SearchProductStore

PAGE = 500
"""Products of a step: one Query of DynamoDB reads them, and an index takes them in some seconds."""

Action = Literal["begin", "fill", "go-live", "sweep", "abandon", "compare", "orphans"]


class ReindexStep(Contract):
    """A step to run."""

    action: Action
    index: str | None = Field(default=None, description="The index that is being built; the live one if absent.")
    cursor: str | None = Field(default=None, description="Page of the catalog or of the index; the first if absent.")
    repair: bool = True


class ReindexReport(Contract):
    """The result of a step."""

    outcome: Literal["DONE", "SUPERSEDED", "OUTDATED", "UNAVAILABLE"] = "DONE"
    index: str | None = None
    cursor: str | None = Field(default=None, description="The next page; absent after the last.")
    seen: int = Field(default=0, description="Products read.")
    expected: int = Field(default=0, description="Products that the live index shows.")
    missing: list[str] = Field(default=[], description="Products that the index lacked.")
    outdated: list[str] = Field(default=[], description="Products of which the index held an older revision.")
    orphans: list[str] = Field(default=[], description="Products that the index showed and the catalog does not.")


@dataclass(frozen=True, slots=True)
class Reindexer:
    """Runs the steps of a rebuild or a comparison.

    Attributes:
        catalog: the catalog's products.
        products: the SearchProducts table.
        engine: the engine with the index.
    """

    catalog: CatalogReader
    products: SearchProductStore
    engine: Engine

    def run(self, step: ReindexStep) -> ReindexReport:
        """Run a step.

        Returns:
            The report. Its outcome is SUPERSEDED if another index is being built by now, OUTDATED if the live index
            has another version than this code, and UNAVAILABLE if the engine does not answer.
        """
        try:
            return self._run(step)
        except NotBuildingError:
            return ReindexReport(outcome="SUPERSEDED", index=step.index)
        except OutdatedIndexError:
            return ReindexReport(outcome="OUTDATED", index=step.index)
        except EngineUnavailableError:
            return ReindexReport(outcome="UNAVAILABLE", index=step.index)

    def _run(self, step: ReindexStep) -> ReindexReport:
        match step.action:
            case "begin":
                return self._begin()
            case "fill":
                return self._fill(step)
            case "compare":
                return self._compare(step)
            case "orphans":
                return self._find_orphans(step)
            case "go-live":
                self.engine.go_live(step.index or "")
            case "sweep":
                self.engine.sweep()
            case "abandon":
                self.engine.abandon(step.index or "")
        return ReindexReport(index=step.index)

    def _begin(self) -> ReindexReport:
        # With microseconds: two rebuilds may begin in the same second.
        name = index_name(datetime.now(UTC).strftime("%Y%m%d%H%M%S%f"))
        self.engine.begin(name)
        try:
            expected = self._count_shown()
        except OutdatedIndexError:
            expected = 0
        return ReindexReport(index=name, expected=expected)

    def _fill(self, step: ReindexStep) -> ReindexReport:
        records, next_cursor = self.catalog.page(step.cursor, PAGE)
        self.engine.fill(step.index or "", self._documents(records))
        return ReindexReport(index=step.index, cursor=next_cursor, seen=len(records))

    def _compare(self, step: ReindexStep) -> ReindexReport:
        """Find, and repair, what an index lacks of a page of the catalog or holds in an older revision."""
        # There is no live index before the first write; then every product is missing.
        name = step.index or self.engine.indexes()[0]
        records, next_cursor = self.catalog.page(step.cursor, PAGE)
        documents = self._documents(records)
        entries = self.engine.entries(name, _ids(documents)) if name else {}
        missing = [document for document in documents if document.product_id not in entries]
        outdated = [
            document
            for document in documents
            if document.product_id in entries and entries[document.product_id].revision < document.revision
        ]
        if step.repair:
            self._write(step.index, [*missing, *outdated])
        return ReindexReport(
            index=step.index, cursor=next_cursor, seen=len(records), missing=_ids(missing), outdated=_ids(outdated)
        )

    def _find_orphans(self, step: ReindexStep) -> ReindexReport:
        """Find, and repair, what a page of the live index shows and the catalog does not."""
        request = SearchRequest(parse_query(""), sort=Sort.NEWEST, limit=PAGE, after=step.cursor, facets=False)
        hits = self.engine.search(request).hits
        ids = [hit.product["productId"] for hit in hits]
        records = self.catalog.records(ids)
        orphans = [product_id for product_id in ids if product_id not in records or records[product_id].product is None]
        if step.repair and orphans:
            entries = self.engine.entries(self.engine.indexes()[0] or "", orphans)
            hidden = [
                self.products.hide(
                    product_id,
                    records[product_id].sequence if product_id in records else entries[product_id].sequence + 1,
                )
                for product_id in orphans
                if product_id in entries
            ]
            self._write(None, hidden)
        next_cursor = hits[-1].position if len(hits) == PAGE else None
        return ReindexReport(cursor=next_cursor, seen=len(ids), orphans=orphans)

    def _documents(self, records: Sequence[CatalogRecord]) -> list[ProductDocument]:
        """Return the documents of catalog records; the table is updated where it is older than the catalog."""
        stored = self.products.documents([record.product_id for record in records])
        documents = []
        for record in records:
            document = stored.get(record.product_id)
            if document is None or document.sequence < record.sequence:
                document = (
                    self.products.show(record.product, record.sequence)
                    if record.product
                    else self.products.hide(record.product_id, record.sequence)
                )
            documents.append(document)
        return documents

    def _count_shown(self) -> int:
        return self.engine.search(SearchRequest(parse_query(""), limit=0, facets=False)).total

    def _write(self, building: str | None, documents: Sequence[ProductDocument]) -> None:
        if documents and building:
            self.engine.fill(building, documents)
        elif documents:
            self.engine.write(documents)


def _ids(documents: Iterable[ProductDocument]) -> list[str]:
    return [document.product_id for document in documents]
