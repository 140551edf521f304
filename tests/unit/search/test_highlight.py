"""What is highlight in a text, and that nothing else in it is markup."""

import pytest

from services.search.highlight import FRAGMENT, highlight
from services.search.relevance import Tolerance, parse_query


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("Dipped Stoneware Mugs", "mug", "Dipped Stoneware <mark>Mugs</mark>"),
        ("Bouclé Cushion", "boucle", "<mark>Bouclé</mark> Cushion"),
        ("Carbon Steel Skillet", "frying pan", "Carbon Steel <mark>Skillet</mark>"),
        ("Women's Mug", "womens", "<mark>Women's</mark> Mug"),
        ("A <b>mug</b> & more", "mug", "A &lt;b&gt;<mark>mug</mark>&lt;/b&gt; &amp; more"),
        ("Teapot", "mug", None),
        ("", "mug", None),
    ],
)
def test_words_that_fit_are_marked(text: str, query: str, expected: str | None) -> None:
    assert highlight(text, parse_query(query)) == expected


def test_a_beginning_or_a_typo_marks_what_it_found() -> None:
    assert highlight("Gooseneck Kettle", parse_query("ket", Tolerance.PREFIX)) == "Gooseneck <mark>Kettle</mark>"
    assert highlight("Gooseneck Kettle", parse_query("kettel", Tolerance.ONE_TYPO)) == "Gooseneck <mark>Kettle</mark>"


def test_of_a_long_text_the_part_around_the_first_mark_is_shown() -> None:
    text = "word " * 100 + "mug " + "word " * 100

    found = highlight(text, parse_query("mug"))

    assert found is not None
    assert "<mark>mug</mark>" in found
    assert found.startswith("…word")
    assert found.endswith("word…")
    assert len(found) <= FRAGMENT + len("……<mark></mark>")
