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


IRREGULAR = [
    ("mouse", "mice"),
    ("scarf", "scarves"),
    ("bookshelf", "bookshelves"),
    ("child", "children"),
    ("grandchild", "grandchildren"),
    ("woman", "women"),
    ("tooth", "teeth"),
    ("penknife", "penknives"),
    # Regular, and so are most words in -ves
    ("glove", "gloves"),
    ("olive", "olives"),
    ("sleeve", "sleeves"),
]


@pytest.mark.parametrize(
    ("one", "other"), [("mug", "mugs"), ("candle", "candles"), ("box", "boxes"), ("berry", "berries"), *IRREGULAR]
)
def test_plural_and_singular_have_one_stem(one: str, other: str) -> None:
    assert text_analysis.stems(one) == text_analysis.stems(other)


@pytest.mark.parametrize(
    ("text", "codes", "units"),
    [
        ("311992D4", ["311992d4"], ["311992d4"]),
        ("DCS-8325LH camera", ["dcs8325lh"], ["dcs8325lh", "camera"]),
        ("KB.INT00.038", ["kbint00038"], ["kbint00038"]),
        ("USB 2.0", ["2.0"], ["usb", "2.0"]),
        ("SHS8005/10", ["shs8005"], ["shs8005", "10"]),
        ("iphone 16", [], ["iphone", "16"]),
        ("Pour-Over mug", [], ["pour", "over", "mug"]),
        ("緑茶", [], ["緑", "茶"]),
    ],
)
def test_letters_and_digits_in_one_piece_are_a_code(text: str, codes: list[str], units: list[str]) -> None:
    assert text_analysis.codes(text) == codes
    assert text_analysis.units(text) == units


def test_neighbouring_words_are_written_together_but_numbers() -> None:
    assert text_analysis.joined_pairs(["salt", "cellar", "2", "pieces"]) == ["saltcellar"]
