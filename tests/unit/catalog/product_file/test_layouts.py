"""What other shops export becomes products: told by the columns, hidden where they were hidden, with all pictures."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from services.catalog.bulk_import import import_products, parse_body
from services.catalog.import_report import ImportReport
from services.catalog.product_file.reader import ProductFile, read_product_file
from services.catalog.product_file.rows import FileRow, LeftOutRow
from services.catalog.store import CatalogStore
from tests.unit.catalog.conftest import NOW

EXPORTS = Path(__file__).parent / "exports"


def read(name: str) -> ProductFile:
    return read_product_file(BytesIO((EXPORTS / name).read_bytes()))


def products(name: str) -> dict[str, dict[str, Any]]:
    return {row.values["name"]: row.values for row in read(name).rows() if isinstance(row, FileRow)}


def imported(store: CatalogStore, name: str) -> ImportReport:
    return import_products(store, parse_body((EXPORTS / name).read_bytes()), NOW)


def test_rows_of_one_handle_are_one_product() -> None:
    mug = products("shopify.csv")["Harbour Mug"]
    assert mug == {
        "handle": "harbour-mug",
        "name": "Harbour Mug",
        "description": "<p>A mug for <b>windy</b> mornings &amp; long talks.</p>"
        "<ul><li>Stoneware</li><li>330&nbsp;ml</li></ul>",
        "category": "Mugs",
        "brand": "Tidewater",
        "tags": ["mug", "stoneware"],
        "images": [f"https://pictures.example/mug-{name}.jpg" for name in ("1", "2", "3", "sand")],
        "status": "ACTIVE",
        "price": "18.50",
        "compareAtPrice": "22.00",
        "initialStock": 12,
        "attributes": {"sku": "HM-B, HM-S", "barcode": "4006381333931", "weight": "410 g", "Colour": "Blue, Sand"},
    }


def test_a_shopify_export_is_imported_whole(store: CatalogStore) -> None:
    report = imported(store, "shopify.csv")
    assert {entry.product_id: entry.row for entry in report.imported} == {
        "harbour-mug": 2,
        "salt-cellar": 5,
        "draft-lamp": 6,
    }
    # And what is not published, or a draft, stays hidden
    assert [store.get_visible(product_id) for product_id in ("salt-cellar", "draft-lamp")] == [None, None]
    mug = store.get_visible("harbour-mug")
    assert mug is not None
    assert mug.description == "A mug for windy mornings & long talks.\n\n- Stoneware\n- 330 ml"
    # And every row and column that was left out is named
    assert report.read_as == ["the layout of Shopify"]
    assert [(row.row, row.reason) for row in report.left_out_rows] == [(7, "it has no handle")]
    assert {entry.column: entry.reason for entry in report.left_out_columns} == {
        "Cost per item": "the catalog has no purchase prices",
        "Gift Card": "it means nothing to the catalog",
        "Image Alt Text": "a picture is named by its product",
        "SEO Title": "pages name themselves by the product's name and description",
    }
    assert [(note.row, note.note) for note in report.notes if note.product_id in ("harbour-mug", "salt-cellar")] == [
        (2, "its 2 variants are one product here; their prices are 18.50, 19.50, and it is sold at the lowest"),
        (5, "the former price 9.00 is left out: it is not higher than the price"),
        (5, "the file names no category; it is in 'Other'"),
    ]


def test_the_later_names_of_shopifys_columns_are_known_too() -> None:
    text = (
        "Title,URL handle,Description,Vendor,Type,Status,Published on online store,SKU,Price,Inventory quantity,"
        "Inventory tracker,Product image URL,Image position,Colour (product.metafields.custom.colour),Option1 name,"
        "Option1 value\n"
        "Mug,mug,<p>A mug</p>,Fen,Mugs,Active,TRUE,M-1,12.00,3,shopify,https://pictures.example/m.jpg,1,Blue,Title,Default\n"
    )
    file = read_product_file(BytesIO(text.encode()))
    (row,) = file.rows()
    assert isinstance(row, FileRow)
    assert (row.values["attributes"], file.left_out_columns) == ({"sku": "M-1", "colour": "Blue"}, {})
    assert (row.values["handle"], row.values["price"], row.values["initialStock"]) == ("mug", "12.00", 3)
    assert row.values["images"] == ["https://pictures.example/m.jpg"]


def test_variations_are_part_of_their_product_wherever_they_stand() -> None:
    tee = products("woocommerce.csv")["V-Neck Tee"]
    assert tee == {
        "sku": "WV-TEE",
        "name": "V-Neck Tee",
        "description": "Soft.\n\n<p>Worn all day.</p>\n<p>Washed at 30°.</p>",
        "category": "Tees",
        "tags": ["cotton", "Clothing", "Summer, long"],
        "images": [f"https://pictures.example/tee{name}.jpg" for name in ("", "-back", "-m")],
        "status": "ACTIVE",
        "price": "19.00",
        "initialStock": 6,
        "attributes": {"weight": "0.2 kg", "Size": "S, M"},
    }


@pytest.mark.parametrize(
    ("name", "language", "mug", "attributes", "left_out"),
    [
        (
            "woocommerce_de.csv",
            "German",
            "Hafenbecher",
            {"barcode": "4006381333931", "weight": "0.41 kg", "dimensions.length": "9 cm", "Farbe": "Blau, Sand"},
            {"Steuerstatus": "taxes are the shop's own", "Attribut 1 Global": "all attributes are shown"},
        ),
        (
            "woocommerce_es.csv",
            "Spanish",
            "Taza del puerto",
            {"weight": "0.41 kg", "Color": "Azul, Arena"},
            {"¿Está destacado?": "home chooses its products itself", "Posición": "lists have orders of their own"},
        ),
        (
            "woocommerce_fr.csv",
            "French",
            "Tasse du port",
            {"weight": "0.41 kg", "Couleur": "Bleu, Sable"},
            {"État de la TVA": "taxes are the shop's own", "Méta : _wpcom_flag": "it is a plugin's"},
        ),
    ],
)
def test_a_woocommerce_export_is_read_in_the_language_of_its_shop(
    store: CatalogStore, name: str, language: str, mug: str, attributes: dict[str, str], left_out: dict[str, str]
) -> None:
    found = products(name)
    assert (found[mug]["price"], found[mug]["initialStock"], found[mug]["brand"]) == ("18.50", 4, "Tidewater")
    assert found[mug]["attributes"] == attributes
    assert found[mug]["images"]
    (draft,) = (values for title, values in found.items() if title != mug)
    assert (draft["price"], draft["compareAtPrice"], draft["status"]) == ("40.00", "49.90", "HIDDEN")

    report = imported(store, name)
    assert report.rejected == []
    assert len(report.imported) == 2
    assert report.read_as == [f"the layout of WooCommerce in {language}", "prices with decimal commas"]
    assert left_out.items() <= {entry.column: entry.reason for entry in report.left_out_columns}.items()


def test_a_woocommerce_export_is_imported_whole(store: CatalogStore) -> None:
    report = imported(store, "woocommerce.csv")
    assert [entry.product_id for entry in report.imported] == ["wv-tee", "old-cap-45", "belt-1", "past-1", "priv-1"]
    assert report.rejected == []
    assert [store.get_visible(product_id) for product_id in ("old-cap-45", "priv-1")] == [None, None]
    belt, scarf = store.get_visible("belt-1"), store.get_visible("past-1")
    assert belt is not None
    assert scarf is not None
    assert (belt.price.amount, belt.compare_at_price and belt.compare_at_price.amount) == (2000, 2500)
    # A sale that is over is over
    assert (scarf.price.amount, scarf.compare_at_price) == (1600, None)
    assert [(row.row, row.reason) for row in report.left_out_rows] == [
        (6, "a grouped product has no price of its own; its products have rows"),
        (9, "a variation whose product gone is not in the file"),
    ]
    assert "the other shop does not count its stock; 1 unit is taken, so set its stock" in [
        note.note for note in report.notes if note.product_id == "belt-1"
    ]
    assert {entry.column for entry in report.left_out_columns} == {
        "Attribute 1 visible",
        "Grouped products",
        "Is featured?",
        "Meta: _wpcom_flag",
        "Tax status",
    }


def test_a_google_merchant_feed_is_imported_whole(store: CatalogStore) -> None:
    report = imported(store, "google_merchant.tsv")
    assert report.read_as == ["the layout of Google Merchant", "separated by tabs"]
    lamp, floor = store.get_visible("gm-1"), store.get_visible("gm-2")
    assert lamp is not None
    assert floor is not None
    assert (lamp.name, lamp.category, lamp.description) == (
        'Reading Lamp 12"',
        "Desk Lamps",
        "Warm light & a long arm.",
    )
    assert (lamp.price.amount, lamp.compare_at_price and lamp.compare_at_price.amount) == (3990, 4990)
    assert lamp.attributes["barcode"] == "4006381333931"
    assert (floor.price.amount, floor.compare_at_price) == (124900, None)
    # And what is sold in another currency is refused with the reason
    assert [(row.row, row.errors) for row in report.rejected] == [
        (4, ["price: should be in USD, the currency of the shop"])
    ]
    assert {entry.column for entry in report.left_out_columns} == {"custom_label_0", "link"}


def test_several_pictures_are_several() -> None:
    assert products("google_merchant.tsv")['Reading Lamp 12"']["images"] == [
        f"https://pictures.example/gm1{name}.jpg" for name in ("", "b", "c")
    ]


def test_a_feed_in_xml_is_the_same_layout() -> None:
    file = read("google_merchant.xml")
    (row,) = file.rows()
    assert isinstance(row, FileRow)
    assert (row.number, row.values["id"], row.values["category"]) == (1, "GM-1", "Lighting")
    assert row.values["images"] == [f"https://pictures.example/{number}.jpg" for number in (1, 2, 3)]
    assert not file.numbers_are_lines


def test_a_layout_is_known_in_json_too() -> None:
    body = b'[{"Handle": "mug", "Title": "Mug", "Variant Price": 12.5, "Image Src": "https://pictures.example/a.jpg"}]'
    (row,) = read_product_file(BytesIO(body)).rows()
    assert isinstance(row, FileRow)
    assert (row.values["handle"], row.values["price"]) == ("mug", "12.5")


def test_a_product_without_a_title_is_left_out_with_the_reason() -> None:
    text = "Handle,Title,Variant Price\nmug,,12.00\n"
    assert list(read_product_file(BytesIO(text.encode())).rows()) == [
        LeftOutRow(2, "the product mug has no row with a title")
    ]


@pytest.mark.parametrize("name", ["shopify.csv", "woocommerce.csv", "google_merchant.tsv", "google_merchant.xml"])
def test_the_same_export_again_changes_nothing(store: CatalogStore, name: str) -> None:
    first = imported(store, name)
    again = imported(store, name)
    assert (again.created, again.updated, again.unchanged) == (0, 0, first.created)
