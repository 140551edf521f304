"""How much a word says about a product."""

from services.search.word_weights import WEIGHTS, TextField, term_stem, weighted_term, word_weights


def weight(**fields: list[str]) -> int:
    return word_weights({TextField(name): stems for name, stems in fields.items()})["mug"]


def test_a_field_of_more_weight_says_more() -> None:
    by_field = [
        weight(name=["mug"], type=["mug"]),
        weight(name=["mug"]),
        weight(category=["mug"]),
        weight(tags=["mug"]),
        weight(description=["mug", *"abcdefghijklmno"]),
        weight(attributes=["mug"]),
    ]

    assert by_field == sorted(by_field, reverse=True)
    assert len(set(by_field)) == len(by_field)


def test_a_word_says_more_in_a_shorter_name_and_where_it_is_repeated() -> None:
    assert weight(name=["mug"]) > weight(name=["mug", *"abcdefghijklmnop"])
    assert weight(name=["mug", "mug"]) > weight(name=["mug", "a"])
    assert weight(name=["mug"], description=["mug"]) > weight(name=["mug"])


def test_weights_rise_and_stay_below_one() -> None:
    assert list(WEIGHTS) == sorted(set(WEIGHTS))
    assert 0 < WEIGHTS[0] < WEIGHTS[-1] < 1
    assert weight(name=["mug"] * 100) == len(WEIGHTS) - 1
    assert weight(attributes=["mug", *["a"] * 1000]) == 0


def test_an_indexed_term_holds_its_word() -> None:
    assert term_stem(weighted_term("mug", 7)) == term_stem("mug") == "mug"
