"""Builds an index anew, and compares the live one with the catalog, in steps that each take some seconds.

The command line asks for one step after the other and shows how far it is; every step may be repeated.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Literal

from pydantic import Field

from bus.clients import dynamodb
from bus.command import command
from schemas.contract import Contract
from services.search.catalog_reader import Catalogue, CatalogueSettings, Listed
from services.search.dependencies import engine, search_products
from services.search.document import Document, index_name
from services.search.engine import (
    Asked,
    Engine,
    EngineUnavailableError,
    NotBuildingError,
    OutdatedIndexError,
    Sort,
)
from services.search.relevance import match_of
from services.search.store import SearchProducts

PAGE = 500
"""Products of a step: what a Query of DynamoDB reads, and an index takes in some seconds."""

Action = Literal["begin", "fill", "go-live", "sweep", "abandon", "compare", "strays"]


class Step(Contract):
    """A step that is asked for."""

    action: Action
    index: str | None = Field(default=None, description="That is being built; absent, the live one is meant.")
    cursor: str | None = Field(default=None, description="Where a step of many goes on.")
    repair: bool = True


class Report(Contract):
    """What a step came to."""

    outcome: Literal["DONE", "SUPERSEDED", "OUTDATED", "UNAVAILABLE"] = "DONE"
    index: str | None = None
    cursor: str | None = Field(default=None, description="Of the step after; absent after the last.")
    seen: int = Field(default=0, description="Products that were looked at.")
    expected: int = Field(default=0, description="Products that the live index shows.")
    missing: list[str] = Field(default=[], description="Products that the index lacked.")
    outdated: list[str] = Field(default=[], description="Products that it held in an older form.")
    strays: list[str] = Field(default=[], description="Products that it showed and the catalog does not.")


@dataclass(frozen=True, slots=True)
class Maintenance:
    """What the steps work on: the catalog, the table of what the index should hold, and the engine."""

    catalogue: Catalogue
    products: SearchProducts
    engine: Engine

    def run(self, step: Step) -> Report:
        """Take a step. That somebody else builds, that the index is of other code, or the engine away, are outcomes."""
        try:
            return self._taken(step)
        except NotBuildingError:
            return Report(outcome="SUPERSEDED", index=step.index)
        except OutdatedIndexError:
            return Report(outcome="OUTDATED", index=step.index)
        except EngineUnavailableError:
            return Report(outcome="UNAVAILABLE", index=step.index)

    def _taken(self, step: Step) -> Report:
        match step.action:
            case "begin":
                return self._begin()
            case "fill":
                return self._fill(step)
            case "compare":
                return self._compare(step)
            case "strays":
                return self._strays(step)
            case "go-live":
                self.engine.go_live(step.index or "")
            case "sweep":
                self.engine.sweep()
            case "abandon":
                self.engine.abandon(step.index or "")
        return Report(index=step.index)

    def _begin(self) -> Report:
        # Finer than a second: another index may have been begun in the same one.
        name = index_name(datetime.now(UTC).strftime("%Y%m%d%H%M%S%f"))
        self.engine.begin(name)
        try:
            expected = self._shown()
        except OutdatedIndexError:
            expected = 0
        return Report(index=name, expected=expected)

    def _fill(self, step: Step) -> Report:
        listed, following = self.catalogue.page(step.cursor, PAGE)
        self.engine.fill(step.index or "", self._documents(listed))
        return Report(index=step.index, cursor=following, seen=len(listed))

    def _compare(self, step: Step) -> Report:
        """Look for what an index lacks of a page of the catalog, or holds in an older form."""
        # Where nothing was ever indexed there is none, and everything is missing.
        name = step.index or self.engine.indexes()[0]
        listed, following = self.catalogue.page(step.cursor, PAGE)
        documents = self._documents(listed)
        held = self.engine.indexed(name, [each.product_id for each in documents]) if name else {}
        missing = [each for each in documents if each.product_id not in held]
        outdated = [
            each for each in documents if each not in missing and held[each.product_id].revision < each.revision
        ]
        if step.repair:
            self._put(step.index, [*missing, *outdated])
        return Report(
            index=step.index, cursor=following, seen=len(listed), missing=_ids(missing), outdated=_ids(outdated)
        )

    def _strays(self, step: Step) -> Report:
        """Look for what a page of the live index shows and the catalog does not."""
        asked = Asked(match_of(""), sort=Sort.NEWEST, limit=PAGE, after=step.cursor, facets=False)
        found = self.engine.find(asked)
        ids = [hit.product["productId"] for hit in found.hits]
        records = self.catalogue.records(ids)
        strays = [each for each in ids if each not in records or records[each].product is None]
        if step.repair and strays:
            held = self.engine.indexed(self.engine.indexes()[0] or "", strays)
            hidden = [
                self.products.hide(each, records[each].sequence if each in records else held[each].sequence + 1)
                for each in strays
                if each in held
            ]
            self._put(None, hidden)
        following = found.hits[-1].position if len(found.hits) == PAGE else None
        return Report(cursor=following, seen=len(ids), strays=strays)

    def _documents(self, listed: Sequence[Listed]) -> list[Document]:
        """Return what the index should hold of products; the table learns what it has not heard yet."""
        known = self.products.documents([each.product_id for each in listed])
        found = []
        for each in listed:
            document = known.get(each.product_id)
            if document is None or document.sequence < each.sequence:
                document = (
                    self.products.show(each.product, each.sequence)
                    if each.product
                    else self.products.hide(each.product_id, each.sequence)
                )
            found.append(document)
        return found

    def _shown(self) -> int:
        return self.engine.find(Asked(match_of(""), limit=0, facets=False)).total

    def _put(self, building: str | None, documents: Sequence[Document]) -> None:
        if documents and building:
            self.engine.fill(building, documents)
        elif documents:
            self.engine.write(documents)


@cache
def _maintenance() -> Maintenance:
    return Maintenance(Catalogue(dynamodb(), CatalogueSettings.load().products_table), search_products(), engine())


def _ids(documents: Iterable[Document]) -> list[str]:
    return [each.product_id for each in documents]


maintain = command(lambda step: _maintenance().run(step), Step)
"""Lambda entry: one step of a rebuild or a comparison."""
