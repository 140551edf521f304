"""What a text looks for."""

import pytest

from services.search.relevance import MAX_WORDS, ClauseKind, TextQuery, Tolerance, parse_query


def terms(match: TextQuery, word: int = 0, field: str = "name") -> set[tuple[str, ...]]:
    return {clause.terms for clause in match.words[word].clauses if clause.field == field}


def kinds(match: TextQuery) -> set[ClauseKind]:
    return {clause.kind for word in match.words for clause in word.clauses}


def test_nothing_looks_for_nothing() -> None:
    assert parse_query("") == parse_query(' "" !?') == TextQuery((), 0)


def test_each_word_has_to_fit_in_one_of_its_ways() -> None:
    match = parse_query("red mugs ")

    assert [word.text for word in match.words] == ["red", "mugs"]
    assert match.required == 2
    assert ("mug",) in terms(match, 1)
    assert ("cup",) in terms(match, 1)


def test_only_the_last_word_may_be_a_beginning() -> None:
    def prefixes(text: str, tolerance: Tolerance = Tolerance.PREFIX) -> list[bool]:
        words = parse_query(text, tolerance).words
        return [any(clause.kind is ClauseKind.PREFIX for clause in word.clauses) for word in words]

    assert prefixes("red mu") == [False, True]
    assert prefixes("red mu ") == [False, False]
    assert prefixes("red m") == [False, False]
    assert prefixes("red mu", Tolerance.NONE) == [False, False]


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


def test_typos_are_looked_for_only_where_they_are_tolerated() -> None:
    def edits(tolerance: Tolerance, text: str = "kettel ") -> set[int]:
        return {clause.edits for clause in parse_query(text, tolerance).words[0].clauses}

    assert edits(Tolerance.NONE) == edits(Tolerance.PREFIX) == {0}
    assert edits(Tolerance.ONE_TYPO) == {0, 1}
    assert edits(Tolerance.TWO_TYPOS) == {0, 1, 2}
    assert edits(Tolerance.TWO_TYPOS, "mug ") == {0, 1}


def test_half_of_the_words_are_enough_in_the_end() -> None:
    assert [parse_query("a1 b1 c1 "[:size], Tolerance.HALF_OF_WORDS).required for size in (3, 6, 9)] == [1, 2, 3]


def test_a_text_looks_for_its_first_words() -> None:
    assert len(parse_query("word " * 1000).words) == MAX_WORDS
    assert len(parse_query('"a b" ' * 1000).words) == MAX_WORDS


def test_scores_are_exact_in_single_precision() -> None:
    clauses = [clause for word in parse_query("mug", Tolerance.TWO_TYPOS).words for clause in word.clauses]

    assert all(clause.score * 4 == int(clause.score * 4) for clause in clauses)


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE products; --", "name:* OR *:*", "{{7*7}}", "\x00\x01", "((((", "a\\", "\ud83d"]
)
def test_no_sign_has_a_meaning_of_its_own(text: str) -> None:
    assert kinds(parse_query(text)) <= {ClauseKind.PHRASE}
