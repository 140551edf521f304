"""The shop's own catalogue is complete, valid, and drawn by its script."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from content.catalogue import draw

SLUG = re.compile(r"[a-z0-9-]{3,64}")
TAG = re.compile(r"[a-z0-9-]{2,40}")
IMAGE = re.compile(r"/images/[a-z0-9-]{3,80}\.svg")
SVG = "{http://www.w3.org/2000/svg}"
ALLOWED_ELEMENTS = {"svg", "title", "defs", "radialGradient", "stop", "clipPath", "g", "path"}
REQUIRED = {"productId", "name", "description", "category", "brand", "price"} | {
    "imageUrl",
    "images",
    "tags",
    "attributes",
    "stock",
}


def _read(name: str) -> Any:
    return json.loads((draw.CATALOGUE / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def rows() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = _read("products.json")
    return loaded


@pytest.fixture(scope="module")
def files() -> list[Path]:
    return sorted(draw.IMAGES.iterdir())


def test_there_are_enough_products_in_eight_categories(rows: list[dict[str, Any]]) -> None:
    counts = Counter(row["category"] for row in rows)
    assert len(rows) >= 120
    assert len(counts) == 8
    assert min(counts.values()) >= 16
    assert 12 <= len({row["brand"] for row in rows}) <= 25


def test_categories_are_described(rows: list[dict[str, Any]]) -> None:
    categories = _read("categories.json")
    assert {c["category"] for c in categories} == {row["category"] for row in rows}
    assert len(categories) == 8
    for category in categories:
        assert category.keys() == {"category", "name", "description"}
        assert SLUG.fullmatch(category["category"])
        assert category["name"]
        assert category["description"].endswith(".")


def test_ids_names_and_descriptions_are_unique(rows: list[dict[str, Any]]) -> None:
    for key in ("productId", "name", "description", "imageUrl"):
        repeated = [value for value, count in Counter(row[key] for row in rows).items() if count > 1]
        assert repeated == [], key


def test_rows_have_the_shape_of_an_import(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert row.keys() - {"compareAtPrice"} == REQUIRED, row["productId"]
        assert SLUG.fullmatch(row["productId"])
        assert SLUG.fullmatch(row["category"])
        assert 3 <= len(row["name"]) <= 80
        assert 80 <= len(row["description"]) <= 400, row["productId"]
        assert type(row["stock"]) is int
        assert row["stock"] >= 0


def test_tags_and_attributes_are_plain_strings(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert 3 <= len(row["tags"]) <= 6, row["productId"]
        assert len(set(row["tags"])) == len(row["tags"]), row["productId"]
        assert all(TAG.fullmatch(tag) for tag in row["tags"]), row["productId"]
        assert len(row["attributes"]) >= 2, row["productId"]
        assert all(isinstance(v, str) and v for v in row["attributes"].values()), row["productId"]


def test_prices_are_whole_cents_and_reductions_are_real(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        prices = [row[key] for key in ("price", "compareAtPrice") if key in row]
        for price in prices:
            assert price.keys() == {"amount", "currency"}
            assert price["currency"] == "USD"
            assert type(price["amount"]) is int
        assert 400 <= row["price"]["amount"] <= 40000, row["productId"]
        if len(prices) == 2:
            assert prices[1]["amount"] > prices[0]["amount"], row["productId"]
    reduced = sum("compareAtPrice" in row for row in rows)
    assert 0.1 <= reduced / len(rows) <= 0.2


def test_stock_covers_sold_out_and_scarce(rows: list[dict[str, Any]]) -> None:
    stocks = [row["stock"] for row in rows]
    assert stocks.count(0) >= 3
    assert sum(1 <= stock <= 3 for stock in stocks) >= 3
    assert sum(stock >= 10 for stock in stocks) > len(stocks) / 2


def test_every_image_exists_and_every_file_is_used(rows: list[dict[str, Any]], files: list[Path]) -> None:
    for row in rows:
        assert row["imageUrl"] == f"/images/{row['productId']}.svg"
        assert row["images"][0] == row["imageUrl"]
        assert all(IMAGE.fullmatch(image) for image in row["images"])
    named = {image.removeprefix("/images/") for row in rows for image in row["images"]}
    assert named == {file.name for file in files}


def test_pictures_are_small_well_formed_and_self_contained(files: list[Path]) -> None:
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert len(text.encode()) < 6000, file.name
        root = ET.fromstring(text)  # noqa: S314 (our own files)
        assert root.tag == f"{SVG}svg"
        assert root.get("viewBox") == "0 0 800 800"
        assert root.get("role") == "img"
        assert root[0].tag == f"{SVG}title"
        assert root[0].text
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ALLOWED_ELEMENTS, file.name


def test_pictures_refer_to_nothing_outside(files: list[Path]) -> None:
    for file in files:
        root = ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 (our own files)
        attributes = [item for element in root.iter() for item in element.items()]
        names = {name for name, _ in attributes}
        assert not any("href" in name or name.startswith("on") or name == "style" for name in names), file.name
        values = " ".join(value for _, value in attributes)
        assert set(re.findall(r"url\((.)", values)) == {"#"}, file.name
        assert "http" not in values, file.name


def test_no_two_products_look_the_same(files: list[Path]) -> None:
    drawings = Counter(re.sub(r"<title>.*?</title>", "", file.read_text(encoding="utf-8")) for file in files)
    assert max(drawings.values()) == 1


def test_the_committed_pictures_are_what_the_script_draws() -> None:
    assert draw.main(["--check"]) == 0


def test_the_check_notices_a_changed_and_a_forgotten_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(draw, "IMAGES", tmp_path / "images")
    monkeypatch.setattr(draw, "draw_pictures", lambda: {"a.svg": "<svg/>", "b.svg": "<svg/>"})
    assert draw.main(["--check"]) == 1
    assert draw.main([]) == 0
    assert draw.main(["--check"]) == 0
    (tmp_path / "images" / "a.svg").write_text("other")
    (tmp_path / "images" / "old.svg").write_text("<svg/>")
    assert draw.main(["--check"]) == 1
    assert "old.svg" in capsys.readouterr().err
    assert draw.main([]) == 0
    assert sorted(path.name for path in (tmp_path / "images").iterdir()) == ["a.svg", "b.svg"]
