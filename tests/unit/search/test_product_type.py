"""Which words of a name say what the product is."""

import pytest

from services.search.product_type import type_words


@pytest.mark.parametrize(
    ("name", "attributes", "types"),
    [
        ("Box Grater with Beech Handle", {}, ["grater"]),
        ("Carbon Steel Skillet, 26 cm", {}, ["skillet"]),
        ("Eyeshadow Palette (travel size)", {}, ["palette"]),
        # What follows is a value of the product itself, a number, an acronym, or the word again
        ("Pavilion Notebook Silver 43.2 cm", {"product_colour": "Silver"}, ["notebook", "silver"]),
        ("TUF506 notebook Gray 39.6 cm", {}, ["notebook", "gray"]),
        ("530 Notebook PC", {}, ["notebook", "pc"]),
        ("HiFi Headphone Headphones", {}, ["headphone", "headphones"]),
        ("M8000X mouse USB Type-A", {}, ["mouse", "a"]),
        # It only describes another thing, or what that fits
        ("Notebook case Black", {"colour": "Black"}, ["case", "black"]),
        ("Drum for Laser Printer", {}, ["drum"]),
        ("Holder (iPhone / iPod)", {}, ["holder"]),
        # The value of a type is no qualifier
        ("Memory Stick Adapter", {"product_type": "Adapter"}, ["adapter"]),
        ("Esk Lamp", {}, ["lamp"]),
        ("茶", {}, []),
        ("!!!", {}, []),
    ],
)
def test_words_that_no_noun_follows_say_what_it_is(name: str, attributes: dict[str, str], types: list[str]) -> None:
    assert type_words(name, "Esk", attributes) == types
