"""The steps of a rebuild and of a comparison, on moto's tables and an engine in memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest

from bus.attribute_values import to_item
from services.search.catalog_reader import LISTING_INDEX, CatalogReader
from services.search.document import ProductDocument
from services.search.engine import (
    Engine,
    EngineUnavailableError,
    Facets,
    IndexEntry,
    NotBuildingError,
    OutdatedIndexError,
    SearchHit,
    SearchRequest,
    SearchResult,
)
from services.search.reindex import Reindexer, ReindexReport, ReindexStep
from services.search.store import SearchProductStore
from tests.unit.search.conftest import plain

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

PRODUCTS = "Products"


@dataclass
class Memory:
    """An engine that holds its documents in dictionaries."""

    live: dict[str, ProductDocument] = field(default_factory=dict)
    building: dict[str, ProductDocument] | None = None
    name: str | None = None
    away: bool = False
    new: bool = False
    outdated: bool = False

    def indexes(self) -> tuple[str | None, str | None]:
        return None if self.new else "live", self.name

    def begin(self, name: str) -> None:
        if self.away:
            raise EngineUnavailableError("no answer")
        self.building, self.name = {}, name

    def fill(self, name: str, documents: Sequence[ProductDocument]) -> None:
        if self.building is None or name != self.name:
            raise NotBuildingError(name)
        self.building |= {each.product_id: each for each in documents}

    def write(self, documents: Sequence[ProductDocument]) -> None:
        self.new = False
        self.live |= {each.product_id: each for each in documents}

    def go_live(self, name: str) -> None:
        if self.building is None or name != self.name:
            raise NotBuildingError(name)
        self.live, self.building, self.name, self.outdated = self.building, None, None, False

    def entries(self, name: str, product_ids: Sequence[str]) -> dict[str, IndexEntry]:
        if name == "live":
            self._check_version()
        held = self.live if name == "live" else self.building or {}
        return {
            each: IndexEntry(each, held[each].sequence, held[each].revision, held[each].product is not None)
            for each in product_ids
            if each in held
        }

    def search(self, request: SearchRequest) -> SearchResult:
        self._check_version()
        shown = sorted((each for each in self.live.values() if each.product), key=lambda each: each.product_id)
        after = [each for each in shown if request.after is None or each.product_id > request.after]
        hits = [SearchHit(dict(each.product or {}), 0, each.product_id) for each in after[: request.limit]]
        return SearchResult(hits, len(shown), Facets())

    def _check_version(self) -> None:
        if self.outdated:
            raise OutdatedIndexError("of another version")


@pytest.fixture
def table(endpoint: "DynamoDBClient") -> Iterator["DynamoDBClient"]:
    attributes = ("productId", "listing", "listedAt")
    endpoint.create_table(
        TableName=PRODUCTS,
        KeySchema=[{"AttributeName": "productId", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in attributes],
        GlobalSecondaryIndexes=[
            {
                "IndexName": LISTING_INDEX,
                "KeySchema": [
                    {"AttributeName": "listing", "KeyType": "HASH"},
                    {"AttributeName": "listedAt", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    yield endpoint
    endpoint.delete_table(TableName=PRODUCTS)


@pytest.fixture
def engine() -> Memory:
    return Memory()


@pytest.fixture
def reindexer(table: "DynamoDBClient", products: SearchProductStore, engine: Memory) -> Reindexer:
    return Reindexer(CatalogReader(table, PRODUCTS), products, cast("Engine", engine))


def put(table: "DynamoDBClient", product_id: str, sequence: int = 1, **said: Any) -> None:
    """Put a product into the catalog as the catalog does; one without ``said`` is shown as it is."""
    product = plain(product_id, **said)
    keys = {"listing": "ACTIVE", "listedAt": product_id} if product["status"] == "ACTIVE" else {}
    values = {"productId": product_id, "sequence": sequence, "product": product, **keys}
    table.put_item(TableName=PRODUCTS, Item=to_item(values))


def delete(table: "DynamoDBClient", product_id: str, sequence: int) -> None:
    table.put_item(TableName=PRODUCTS, Item=to_item({"productId": product_id, "sequence": sequence}))


def step(reindexer: Reindexer, action: str, **said: Any) -> ReindexReport:
    return reindexer.run(ReindexStep.model_validate({"action": action, **said}))


def rebuilt(reindexer: Reindexer) -> str:
    index = step(reindexer, "begin").index or ""
    step(reindexer, "fill", index=index)
    step(reindexer, "go-live", index=index)
    return index


def test_an_index_is_built_from_the_catalog(
    reindexer: Reindexer, table: "DynamoDBClient", engine: Memory, products: SearchProductStore
) -> None:
    put(table, "mug")
    put(table, "hidden", status="HIDDEN")
    delete(table, "gone", 3)
    products.set_available("mug", 4, 1)
    engine.live["stray"] = ProductDocument("stray", 1, plain("stray"), 0, 1)

    rebuilt(reindexer)

    assert engine.live == {"mug": ProductDocument("mug", 2, plain("mug"), 4, 1)}


def test_a_comparison_finds_and_repairs_what_is_missing_or_outdated(
    reindexer: Reindexer, table: "DynamoDBClient", engine: Memory
) -> None:
    for name in ("missing", "outdated", "right"):
        put(table, name)
    rebuilt(reindexer)
    del engine.live["missing"]
    put(table, "outdated", sequence=2, name="Changed")

    dry = step(reindexer, "compare", repair=False)
    assert (dry.seen, dry.missing, dry.outdated) == (3, ["missing"], ["outdated"])
    assert "missing" not in engine.live

    assert step(reindexer, "compare").missing == ["missing"]
    assert (engine.live["outdated"].product or {})["name"] == "Changed"
    assert step(reindexer, "compare") == ReindexReport(seen=3)


def test_a_stock_that_the_index_has_not_heard_of_is_outdated(
    reindexer: Reindexer, table: "DynamoDBClient", engine: Memory, products: SearchProductStore
) -> None:
    put(table, "mug")
    rebuilt(reindexer)
    products.set_available("mug", 7, 1)

    assert step(reindexer, "compare").outdated == ["mug"]
    assert engine.live["mug"].available == 7


def test_what_the_catalog_does_not_show_is_taken_out(
    reindexer: Reindexer, table: "DynamoDBClient", engine: Memory
) -> None:
    for name in ("deleted", "hidden", "expired", "mug"):
        put(table, name)
    rebuilt(reindexer)
    delete(table, "deleted", 2)
    put(table, "hidden", sequence=2, status="HIDDEN")
    table.delete_item(TableName=PRODUCTS, Key=to_item({"productId": "expired"}))

    assert sorted(step(reindexer, "orphans", repair=False).orphans) == ["deleted", "expired", "hidden"]
    step(reindexer, "orphans")

    assert [name for name, each in engine.live.items() if each.product] == ["mug"]
    assert step(reindexer, "orphans") == ReindexReport(seen=1)


def test_the_steps_go_on_where_they_ended(
    reindexer: Reindexer, table: "DynamoDBClient", engine: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.search.reindex.PAGE", 2)
    for number in range(5):
        put(table, f"mug-{number}")
    index = step(reindexer, "begin").index
    seen: list[int] = []
    cursor = None
    while cursor or not seen:
        report = step(reindexer, "fill", index=index, cursor=cursor)
        seen.append(report.seen)
        cursor = report.cursor

    assert sum(seen) == 5
    step(reindexer, "go-live", index=index)
    assert len(engine.live) == 5


def test_what_somebody_else_has_begun_is_left_alone(reindexer: Reindexer, engine: Memory) -> None:
    mine = step(reindexer, "begin").index
    engine.begin("products-v1-theirs")

    assert step(reindexer, "fill", index=mine).outcome == "SUPERSEDED"
    assert step(reindexer, "go-live", index=mine).outcome == "SUPERSEDED"


def test_an_engine_that_is_away_is_an_outcome(reindexer: Reindexer, engine: Memory) -> None:
    engine.away = True

    assert step(reindexer, "begin").outcome == "UNAVAILABLE"


def test_an_index_of_other_code_is_an_outcome_until_it_is_built_anew(
    reindexer: Reindexer, table: "DynamoDBClient", engine: Memory
) -> None:
    put(table, "mug")
    engine.outdated = True
    assert [step(reindexer, action).outcome for action in ("compare", "orphans")] == ["OUTDATED"] * 2

    rebuilt(reindexer)

    assert step(reindexer, "compare") == ReindexReport(seen=1)


def test_where_nothing_was_ever_indexed_everything_is_missing(
    reindexer: Reindexer, table: "DynamoDBClient", engine: Memory
) -> None:
    put(table, "mug")
    engine.new = True

    assert step(reindexer, "compare", repair=False).missing == ["mug"]
    assert engine.new
    assert step(reindexer, "compare").missing == ["mug"]
    assert step(reindexer, "compare") == ReindexReport(seen=1)


def test_two_indexes_never_have_one_name(reindexer: Reindexer) -> None:
    assert step(reindexer, "begin").index != step(reindexer, "begin").index
