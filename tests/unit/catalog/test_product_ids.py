"""Ids of imported rows: a row replaces its own product and never another one."""

from collections.abc import Mapping
from typing import Any

import pytest

from services.catalog.import_report import ImportReport
from services.catalog.store import CatalogStore
from tests.unit.catalog.conftest import NOW, import_rows


def row(name: str, **said: Any) -> dict[str, Any]:
    return {"name": name, "category": "kitchen", "price": "24.50"} | said


def outcomes(report: ImportReport) -> Mapping[str, str]:
    assert report.rejected == []
    return {entry.product_id: entry.outcome for entry in report.imported}


@pytest.mark.parametrize(
    ("first", "second", "ids"),
    [
        ("Чашка 250 мл", "Чайник 250 мл", ("chashka-250-ml", "chaynik-250-ml")),
        ("C# in Depth", "C++ in Depth", ("c-sharp-in-depth", "c-plus-plus-in-depth")),
        ("茶碗 500ml", "急須 500ml", ("chawan-500ml", "jixu-500ml")),
        ("Łopata", "Opata", ("lopata", "opata")),
        ("★★★", "☆☆☆", None),
    ],
)
def test_names_in_any_script_are_products_of_their_own(
    store: CatalogStore, first: str, second: str, ids: tuple[str, str] | None
) -> None:
    created = [*outcomes(import_rows(store, [row(first)], NOW)), *outcomes(import_rows(store, [row(second)], NOW))]
    assert len(set(created)) == 2
    assert ids is None or tuple(created) == ids
    assert [store.get_visible(product_id).name for product_id in created] == [first, second]  # type: ignore[union-attr]


def test_a_product_of_another_name_is_not_replaced(store: CatalogStore) -> None:
    import_rows(store, [row("Lamp")], NOW)
    report = import_rows(store, [row("Lamp!")], NOW)
    assert outcomes(report) == {"lamp-2": "CREATED"}
    assert [(note.row, note.product_id, note.note) for note in report.notes] == [
        (1, "lamp-2", "the id lamp belongs to another product, 'Lamp'; this one is lamp-2")
    ]
    # And the same rows again find the same products, in any order
    assert outcomes(import_rows(store, [row("Lamp!"), row("Lamp")], NOW)) == {
        "lamp-2": "UNCHANGED",
        "lamp": "UNCHANGED",
    }


def test_two_names_of_one_slug_in_one_request_are_two_products(store: CatalogStore) -> None:
    report = import_rows(store, [row("Lamp"), row("Lamp!"), row("(Lamp)"), row(" LAMP ")], NOW)
    assert {entry.row: entry.product_id for entry in report.imported} == {1: "lamp", 2: "lamp-2", 3: "lamp-3"}
    assert [(entry.row, entry.errors) for entry in report.rejected] == [
        (4, ["productId: row 1 is the same product"]),
    ]


@pytest.mark.parametrize("identity", [{"id": "TV-55"}, {"sku": "TV-55"}, {"handle": "TV 55"}, {"productId": "tv-55"}])
def test_a_product_with_an_identity_of_its_own_may_be_renamed(store: CatalogStore, identity: dict[str, str]) -> None:
    import_rows(store, [row("Television", **identity)], NOW)
    assert outcomes(import_rows(store, [row("Telly", **identity)], NOW)) == {"tv-55": "UPDATED"}


def test_a_foreign_id_does_not_replace_a_product_that_only_shares_its_address(store: CatalogStore) -> None:
    import_rows(store, [row("TV 55"), row("Vase", sku="v:1")], NOW)
    report = import_rows(store, [row("Television", sku="TV-55"), row("Vase", sku="v/1")], NOW)
    assert outcomes(report) == {"tv-55-2": "CREATED", "v-1-2": "CREATED"}


def test_a_bare_number_does_not_replace_a_product_of_another_file(store: CatalogStore) -> None:
    import_rows(store, [row("Mascara", id=1)], NOW)
    assert outcomes(import_rows(store, [row("Belt", id=1)], NOW)) == {"belt-1": "CREATED"}


def test_a_deleted_product_leaves_its_id_to_another(store: CatalogStore, dynamodb: Any) -> None:
    import_rows(store, [row("Lamp")], NOW)
    dynamodb.update_item(
        TableName="Products",
        Key={"productId": {"S": "lamp"}},
        UpdateExpression="REMOVE #product",
        ExpressionAttributeNames={"#product": "product"},
    )
    assert outcomes(import_rows(store, [row("Lamp!")], NOW)) == {"lamp": "CREATED"}
