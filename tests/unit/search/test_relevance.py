"""What a text looks for."""

import pytest

from services.search.relevance import (
    MAX_SCORE,
    MAX_WORDS,
    SCORE_STEPS,
    UNKNOWN,
    ClauseKind,
    TextQuery,
    Tolerance,
    WordCounts,
    countable_stems,
    parse_query,
    rarities,
)


def terms(match: TextQuery, word: int = 0, field: str = "name") -> set[tuple[str, ...]]:
    return {clause.terms for clause in match.words[word].clauses if clause.field == field}


def kinds(match: TextQuery) -> set[ClauseKind]:
    return {clause.kind for word in match.words for clause in word.clauses}


def best(match: TextQuery, word: int = 0) -> float:
    return max(clause.score for clause in match.words[word].clauses)


def test_nothing_looks_for_nothing() -> None:
    assert parse_query("") == parse_query(' "" !?') == TextQuery((), 0)


def test_each_word_has_to_fit_in_one_of_its_ways() -> None:
    match = parse_query("red mugs ")

    assert [word.text for word in match.words] == ["red", "mugs"]
    assert match.required == 2
    assert ("mug|0",) in terms(match, 1, "weighted")
    assert ("cup",) in terms(match, 1)


def test_only_the_last_word_may_be_a_beginning() -> None:
    def prefixes(text: str, tolerance: Tolerance = Tolerance.PREFIX) -> list[bool]:
        words = parse_query(text, tolerance).words
        return [any(clause.kind is ClauseKind.PREFIX for clause in word.clauses) for word in words]

    assert prefixes("red mu") == [False, True]
    assert prefixes("red mu ") == [False, False]
    assert prefixes("red m") == [False, False]
    assert prefixes("red mu", Tolerance.NONE) == [False, False]
    assert prefixes("red 12") == [False, False]


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others() -> None:
    assert [word.text for word in parse_query("a mug for the tea").words] == ["mug", "tea"]
    assert [word.text for word in parse_query("the").words] == ["the"]


def test_what_is_quoted_is_looked_for_side_by_side() -> None:
    match = parse_query('oak "pour over"')

    assert terms(match, 0) == {("pour", "over")}
    assert kinds(parse_query('"pour over"')) == {ClauseKind.PHRASE}


def test_a_quote_that_nobody_closes_is_none() -> None:
    assert parse_query('oak "pour over').words == parse_query("oak pour over").words


def test_two_words_may_be_one() -> None:
    match = parse_query("tea pot ")

    assert ("teapot",) in terms(match, 0)
    assert ("teapot",) in terms(match, 1)


def test_typos_are_looked_for_only_where_they_are_tolerated_and_in_words_that_no_product_has() -> None:
    def edits(tolerance: Tolerance, text: str = "kettel ", rarity: int = UNKNOWN) -> set[int]:
        return {clause.edits for clause in parse_query(text, tolerance, [rarity]).words[0].clauses}

    assert edits(Tolerance.NONE) == edits(Tolerance.PREFIX) == {0}
    assert edits(Tolerance.ONE_TYPO) == {0, 1}
    assert edits(Tolerance.TWO_TYPOS) == {0, 1, 2}
    assert edits(Tolerance.TWO_TYPOS, "mug ") == {0, 1}
    assert edits(Tolerance.TWO_TYPOS, rarity=9) == {0}
    assert edits(Tolerance.TWO_TYPOS, "311992d4 ") == edits(Tolerance.TWO_TYPOS, "311992 ") == {0}


def test_most_words_are_enough_in_the_end_and_numbers_are_no_words() -> None:
    def required(text: str) -> int:
        return parse_query(text, Tolerance.MOST_WORDS).required

    assert [required("oak " * count) for count in (1, 2, 3, 4, 5)] == [1, 1, 2, 2, 3]
    assert required("iphone 16") == 1
    assert [word.is_number for word in parse_query("iphone 16 26cm").words] == [False, True, False]


def test_a_text_of_numbers_alone_looks_for_them() -> None:
    assert parse_query("16 32", Tolerance.MOST_WORDS).words


def test_a_text_looks_for_its_first_words() -> None:
    assert len(parse_query("word " * 1000).words) == MAX_WORDS
    assert len(parse_query('"a b" ' * 1000).words) == MAX_WORDS


def test_a_code_is_one_word_whole_or_with_its_parts_side_by_side() -> None:
    (word,) = parse_query("DCS-8325LH").words

    assert {(clause.field, clause.terms) for clause in word.clauses} == {
        ("codes", ("dcs8325lh",)),
        ("name", ("dcs", "8325", "lh")),
        ("text", ("dcs", "8325", "lh")),
    }


def test_a_rare_word_has_more_of_the_score() -> None:
    even, uneven = parse_query("red mugs "), parse_query("red mugs ", rarity=[4, 12])

    assert best(even, 0) == best(even, 1)
    assert best(uneven, 1) > 2 * best(uneven, 0)
    assert best(even, 0) + best(even, 1) <= MAX_SCORE


def test_rarity_is_counted_of_words_codes_and_phrases() -> None:
    text = 'red "pour over" 26cm qqq'
    counts = WordCounts(1000, {"red": 500, "pour": 10, "over": 900, "26": 30, "cm": 700})

    assert sorted(countable_stems(text)) == ["26", "cm", "over", "pour", "qqq", "red"]
    phrase, red, code, unknown = rarities(text, counts)
    assert phrase > code > red > 0
    assert unknown == UNKNOWN
    assert rarities("red", WordCounts(3, {"red": 5})) == (1,)


def test_scores_are_exact_in_single_precision() -> None:
    words = parse_query("red mugs ", Tolerance.TWO_TYPOS, [7, UNKNOWN]).words
    clauses = [clause for word in words for clause in word.clauses]

    assert all(clause.score * SCORE_STEPS == int(clause.score * SCORE_STEPS) for clause in clauses)


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE products; --", "name:* OR *:*", "{{7*7}}", "\x00\x01", "((((", "a\\", "\ud83d"]
)
def test_no_sign_has_a_meaning_of_its_own(text: str) -> None:
    assert kinds(parse_query(text)) <= {ClauseKind.PHRASE}


def test_the_last_word_names_the_thing_that_is_wanted() -> None:
    bonuses = parse_query("laser printers ", rarity=[4, 12]).bonuses

    assert [clause.terms for clause in bonuses if clause.field == "head"] == [("printer",)]
    assert parse_query("").bonuses == ()
