"""The file of synonyms: groups, arrows, phrases, and lines that say nothing."""

import pytest

from services.search import synonyms


def test_a_group_relates_each_phrase_with_all_others() -> None:
    found = synonyms.parse_synonyms("mug, cup, tea cup")

    assert found["mug",] == {("cup",), ("tea", "cup")}
    assert found["tea", "cup"] == {("mug",), ("cup",)}


def test_an_arrow_points_one_way() -> None:
    found = synonyms.parse_synonyms("cookware => pan, pot")

    assert found == {("cookwar",): {("pan",), ("pot",)}}


def test_a_phrase_may_be_in_several_groups() -> None:
    assert synonyms.parse_synonyms("mug, cup\nmug, beaker")["mug",] == {("cup",), ("beaker",)}


def test_what_follows_a_hash_is_a_remark() -> None:
    assert synonyms.parse_synonyms("# kitchen\n\nmug, cup # for tea")["mug",] == {("cup",)}


@pytest.mark.parametrize("line", ["mug", "mug =>", "=> cup", ", ,"])
def test_a_line_that_relates_nothing_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        synonyms.parse_synonyms(f"mug, cup\n{line}")


def test_the_shops_file_can_be_read() -> None:
    assert ("dutch", "oven") in synonyms.synonyms()[("casserol",)]


def test_a_word_means_what_it_means_with_its_neighbours() -> None:
    stems = ["red", "fri", "pan"]

    assert ("skillet",) in synonyms.synonyms_at(stems, 1)
    assert ("skillet",) in synonyms.synonyms_at(stems, 2)
    assert synonyms.synonyms_at(stems, 0) == []


def test_a_misspelt_word_of_the_file_is_recognised() -> None:
    assert synonyms.correct_to_vocabulary("bakpack", 1) == "backpack"
    assert synonyms.correct_to_vocabulary("bakpack", 0) == "bakpack"
    assert synonyms.correct_to_vocabulary("zzzzzzz", 2) == "zzzzzzz"
