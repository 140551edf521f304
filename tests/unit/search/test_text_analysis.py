"""Text becomes the same terms in the index and in a query, however it is written."""

import pytest

from services.search import text_analysis


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bouclé Cushion", ["boucle", "cushion"]),
        ("Pour-Over Dripper", ["pour", "over", "dripper"]),
        ("26cm", ["26", "cm"]),
        ("Women's", ["womens"]),
        ("Smørrebrød Straße ﬁne ＦＵＬＬ", ["smorrebrod", "strasse", "fine", "full"]),
        ("緑茶 tea", ["緑", "茶", "tea"]),
        ("ガラス", ["ガ", "ラ", "ス"]),
        ("한국 차", ["한국", "차"]),
        ("Чай, чашка", ["чаи", "чашка"]),
        ("a_b <script>'--%00", ["a", "b", "script", "00"]),
        ("\ud83d mug", ["mug"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert text_analysis.tokenize(text) == expected


def test_a_composed_letter_is_one_with_its_parts() -> None:
    assert text_analysis.tokenize("Cafe\N{COMBINING ACUTE ACCENT}") == text_analysis.tokenize(
        "Caf\N{LATIN SMALL LETTER E WITH ACUTE}"
    )


def test_a_word_counts_up_to_its_limit() -> None:
    assert text_analysis.tokenize("x" * 5000) == ["x" * text_analysis.MAX_WORD]


def test_what_is_hyphenated_is_also_one_word() -> None:
    assert text_analysis.compounds("Pour-Over and Cast-Iron, 20-30") == ["pourover", "castiron"]


@pytest.mark.parametrize(
    ("one", "other"), [("mug", "mugs"), ("candle", "candles"), ("box", "boxes"), ("berry", "berries")]
)
def test_plural_and_singular_have_one_stem(one: str, other: str) -> None:
    assert text_analysis.stems(one) == text_analysis.stems(other)
