"""What is highlight in a text, and that nothing else in it is markup."""

import pytest

from services.search.highlight import FRAGMENT, Highlighter
from services.search.relevance import UNKNOWN, Tolerance, parse_query


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
    assert Highlighter(parse_query(query)).highlight(text) == expected


def test_a_beginning_or_a_typo_marks_what_it_found() -> None:
    beginning = parse_query("ket", Tolerance.PREFIX)
    misspelt = parse_query("kettel", Tolerance.ONE_TYPO, [UNKNOWN])

    for query in (beginning, misspelt):
        assert Highlighter(query).highlight("Gooseneck Kettle") == "Gooseneck <mark>Kettle</mark>"


def test_of_a_long_text_the_part_around_the_first_mark_is_shown() -> None:
    text = "word " * 100 + "mug " + "word " * 100

    found = Highlighter(parse_query("mug")).highlight(text)

    assert found is not None
    assert "<mark>mug</mark>" in found
    assert found.startswith("…word")
    assert found.endswith("word…")
    assert len(found) <= FRAGMENT + len("……<mark></mark>")
