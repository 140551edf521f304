"""A whole import: truthful about each row, and the same rows again change nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from schemas.catalog import ProductCreated, ProductUpdated
from schemas.event import Envelope
from services.catalog.bulk_import import MAX_ROWS, parse_body
from services.catalog.import_report import ImportInterruptedError, ImportReport, InvalidImportError
from services.catalog.product_file.rows import FileRow
from services.catalog.store import MAX_CHANGES, CatalogStore
from tests.unit.catalog.conftest import NOW, events, import_rows

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def row(name: str, **said: Any) -> dict[str, Any]:
    return {"name": name, "category": "lighting", "price": "24.50"} | said


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, len(report.rejected)


def test_rows_are_created_updated_left_alone_or_rejected(store: CatalogStore) -> None:
    # Given two products
    import_rows(store, [row("Lamp"), row("Lantern")], NOW)
    # When one of them comes again as it is, one changed, one new, and one that is wrong
    rows = [row("Lamp"), row("Lantern", price="30"), row("Torch"), row("Candle", price="dear")]
    report = import_rows(store, rows, NOW + timedelta(hours=1))
    # Then each row is told of
    assert counts(report) == (1, 1, 1, 1)
    assert [(entry.row, entry.product_id, entry.outcome) for entry in report.imported] == [
        (1, "lamp", "UNCHANGED"),
        (2, "lantern", "UPDATED"),
        (3, "torch", "CREATED"),
    ]
    assert (report.rejected[0].row, report.rejected[0].product_id) == (4, "candle")
    assert report.rejected[0].errors == ["price: 'dear' is not an amount in dollars such as 12.99"]


def test_the_same_rows_again_change_nothing_and_raise_nothing(store: CatalogStore, dynamodb: "DynamoDBClient") -> None:
    rows = [row("Lamp", stock=7, tags=["desk"], id=5)]
    import_rows(store, rows, NOW)
    before = dynamodb.get_item(TableName="Products", Key={"productId": {"S": "lamp-5"}})["Item"]
    assert counts(import_rows(store, rows, NOW + timedelta(days=1))) == (0, 0, 1, 0)
    assert dynamodb.get_item(TableName="Products", Key={"productId": {"S": "lamp-5"}})["Item"] == before


def test_stock_goes_out_with_the_creation_only(store: CatalogStore, dynamodb: "DynamoDBClient") -> None:
    import_rows(store, [row("Lamp", stock=7)], NOW)
    assert Envelope[ProductCreated].read(events(dynamodb, "lamp")[0]).data.initial_stock == 7
    # Another figure later is no change of the product
    assert counts(import_rows(store, [row("Lamp", stock=9)], NOW)) == (0, 0, 1, 0)
    import_rows(store, [row("Lamp", stock=9, brand="Fen")], NOW)
    assert Envelope[ProductUpdated].read(events(dynamodb, "lamp")[0]).data.product.brand == "Fen"


def test_an_import_does_not_show_what_is_hidden(store: CatalogStore) -> None:
    import_rows(store, [row("Lamp", status="HIDDEN")], NOW)
    import_rows(store, [row("Lamp", brand="Fen")], NOW)
    assert store.get_visible("lamp") is None


def test_a_product_twice_in_a_request_counts_once(store: CatalogStore) -> None:
    report = import_rows(store, [row("Lamp", price="1"), row("LAMP", price="2"), row("Lamp", productId="lamp")], NOW)
    assert counts(report) == (1, 0, 0, 2)
    assert [(entry.row, entry.errors) for entry in report.rejected] == [
        (2, ["productId: row 1 is the same product"]),
        (3, ["productId: row 1 is the same product"]),
    ]
    shown = store.get_visible("lamp")
    assert shown is not None
    assert shown.price.amount == 100


def test_a_rejected_row_does_not_stand_in_the_way_of_a_later_one(store: CatalogStore) -> None:
    assert counts(import_rows(store, [row("Lamp", price="dear"), row("Lamp")], NOW)) == (1, 0, 0, 1)


def test_what_means_nothing_is_told_of_once(store: CatalogStore) -> None:
    report = import_rows(store, [row("Lamp", rating=4), row("Torch", rating=5, prize="9"), row("", prise="1")], NOW)
    assert report.ignored_fields == ["prise", "prize", "rating"]


def test_a_dry_run_tells_the_same_and_writes_nothing(store: CatalogStore) -> None:
    import_rows(store, [row("Lamp")], NOW)
    rows = [row("Lamp"), row("Torch"), row("Candle", price="x")]
    dry = import_rows(store, rows, NOW, dry_run=True)
    assert store.get_visible("torch") is None
    assert dry == import_rows(store, rows, NOW)


def test_counts_of_categories_come_out_right(store: CatalogStore) -> None:
    rows = [row(f"P {number}", category=("tea", "desk", "garden")[number % 3]) for number in range(60)]
    import_rows(store, rows, NOW)
    import_rows(store, rows, NOW)
    assert [(entry.category, entry.product_count) for entry in store.list_categories()] == [
        ("desk", 20),
        ("garden", 20),
        ("tea", 20),
    ]


@pytest.mark.slow("writes five hundred products")
def test_few_calls_for_many_rows(
    store: CatalogStore, dynamodb: "DynamoDBClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given somebody who counts the calls
    calls: list[str] = []
    monkeypatch.setattr(dynamodb, "batch_get_item", _noted(calls, dynamodb.batch_get_item))
    monkeypatch.setattr(dynamodb, "transact_write_items", _noted(calls, dynamodb.transact_write_items))
    # When 120 rows are imported, and then again
    rows = [row(f"P {number}") for number in range(120)]
    import_rows(store, rows, NOW)
    assert calls == ["batch_get_item"] * 2 + ["transact_write_items"] * 5
    calls.clear()
    import_rows(store, rows, NOW)
    assert calls == ["batch_get_item"] * 2


def test_an_interrupted_import_tells_what_was_written_and_can_be_sent_again(
    store: CatalogStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given a table that fails after the first group
    write, groups = store.write_changes, iter(range(10))

    def failing(changes: Any) -> None:
        if next(groups) == 1:
            raise ClientError({"Error": {"Code": "InternalServerError", "Message": "down"}}, "TransactWriteItems")
        write(changes)

    monkeypatch.setattr(store, "write_changes", failing)
    rows = [row(f"P {number:02}") for number in range(MAX_CHANGES + 5)] + [row("Wrong", price="x")]
    # When rows are imported
    with pytest.raises(ImportInterruptedError) as interrupted:
        import_rows(store, rows, NOW)
    # Then the report has what is there, and the same rows again do the rest
    report = interrupted.value.report
    assert counts(report) == (MAX_CHANGES, 0, 0, 1)
    assert all(store.get_visible(entry.product_id) for entry in report.imported)
    assert counts(import_rows(store, rows, NOW)) == (5, 0, MAX_CHANGES, 1)


def test_no_rows_are_no_fault(store: CatalogStore) -> None:
    assert counts(import_rows(store, [], NOW)) == (0, 0, 0, 0)


def test_no_float_exists_in_the_rows() -> None:
    body = b'[{"price": 19.99, "stock": 7, "weight": 1e400, "width": NaN, "depth": -Infinity}]'
    (read,) = parse_body(body).rows()
    assert isinstance(read, FileRow)
    assert read.values == {"price": "19.99", "stock": 7, "weight": "1e400", "width": "NaN", "depth": "-Infinity"}


@pytest.mark.parametrize("body", ["{", "[1,", "[1 2]", "[" * 100_000, f"[{'9' * 5000}]"])
def test_what_is_not_json_is_refused(body: str) -> None:
    with pytest.raises(InvalidImportError, match="not JSON"):
        parse_body(body.encode())


@pytest.mark.parametrize("body", ["", "null", "{}", '"rows"', "5"])
def test_what_has_no_rows_is_refused(body: str) -> None:
    with pytest.raises(InvalidImportError, match="The body cannot be read"):
        parse_body(body.encode())


def test_too_many_rows_are_refused() -> None:
    assert len(list(parse_body(f"[{','.join(['{}'] * MAX_ROWS)}]".encode()).rows())) == MAX_ROWS
    with pytest.raises(InvalidImportError, match="These are more than 500 rows; send at most 500 at once"):
        parse_body(f"[{','.join(['{}'] * (MAX_ROWS + 1))}]".encode())


def _noted(calls: list[str], method: Callable[..., Any]) -> Callable[..., Any]:
    def called(**arguments: Any) -> Any:
        calls.append(method.__name__)
        return method(**arguments)

    return called
