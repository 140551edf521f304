import json
from pathlib import Path

from ecom67.local.seeding import PRODUCTS, load_products


def test_a_part_of_the_catalogue_has_something_of_everything() -> None:
    everything = load_products(PRODUCTS)
    part = load_products(PRODUCTS, 40)

    assert len(part) == 40
    assert {product["category"] for product in part} == {product["category"] for product in everything}
    assert part == load_products(PRODUCTS, 40)


def test_more_than_there_are_is_all_and_none_is_none(tmp_path: Path) -> None:
    file = tmp_path / "products.json"
    file.write_text(json.dumps([{"productId": "a"}, {"productId": "b"}]))

    assert len(load_products(file, 5)) == 2
    assert load_products(file, 0) == []
    assert load_products(tmp_path / "none.json") == []
