import json
from pathlib import Path

from ecom67.local.seeding import PRODUCTS, selection


def test_a_part_of_the_catalogue_has_something_of_everything() -> None:
    everything = selection(PRODUCTS)
    part = selection(PRODUCTS, 40)

    assert len(part) == 40
    assert {product["category"] for product in part} == {product["category"] for product in everything}
    assert part == selection(PRODUCTS, 40)


def test_more_than_there_are_is_all_and_none_is_none(tmp_path: Path) -> None:
    file = tmp_path / "products.json"
    file.write_text(json.dumps([{"productId": "a"}, {"productId": "b"}]))

    assert len(selection(file, 5)) == 2
    assert selection(file, 0) == []
    assert selection(tmp_path / "none.json") == []
