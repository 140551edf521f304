"""What a text looks for."""

import pytest

from services.search.relevance import MAX_WORDS, Kind, Match, Tolerance, match_of


def terms(match: Match, word: int = 0, field: str = "name") -> set[tuple[str, ...]]:
    return {clause.terms for clause in match.words[word].clauses if clause.field == field}


def kinds(match: Match) -> set[Kind]:
    return {clause.kind for word in match.words for clause in word.clauses}


def test_nothing_looks_for_nothing() -> None:
    assert match_of("") == match_of(' "" !?') == Match((), 0)


def test_each_word_has_to_fit_in_one_of_its_ways() -> None:
    match = match_of("red mugs ")

    assert [word.text for word in match.words] == ["red", "mugs"]
    assert match.required == 2
    assert ("mug",) in terms(match, 1)
    assert ("cup",) in terms(match, 1)


def test_only_the_last_word_may_be_a_beginning() -> None:
    def prefixes(text: str, tolerance: Tolerance = Tolerance.BEGINNING) -> list[bool]:
        words = match_of(text, tolerance).words
        return [any(clause.kind is Kind.PREFIX for clause in word.clauses) for word in words]

    assert prefixes("red mu") == [False, True]
    assert prefixes("red mu ") == [False, False]
    assert prefixes("red m") == [False, False]
    assert prefixes("red mu", Tolerance.NONE) == [False, False]


def test_words_that_say_nothing_are_left_out_unless_there_are_no_others() -> None:
    assert [word.text for word in match_of("a mug for the tea").words] == ["mug", "tea"]
    assert [word.text for word in match_of("the").words] == ["the"]


def test_what_is_quoted_is_looked_for_side_by_side() -> None:
    match = match_of('oak "pour over"')

    assert terms(match, 0) == {("pour", "over")}
    assert kinds(match_of('"pour over"')) == {Kind.PHRASE}


def test_a_quote_that_nobody_closes_is_none() -> None:
    assert match_of('oak "pour over').words == match_of("oak pour over").words


def test_two_words_may_be_one() -> None:
    match = match_of("tea pot ")

    assert ("teapot",) in terms(match, 0)
    assert ("teapot",) in terms(match, 1)


def test_typos_are_looked_for_only_where_they_are_tolerated() -> None:
    def edits(tolerance: Tolerance, text: str = "kettel ") -> set[int]:
        return {clause.edits for clause in match_of(text, tolerance).words[0].clauses}

    assert edits(Tolerance.NONE) == edits(Tolerance.BEGINNING) == {0}
    assert edits(Tolerance.ONE_TYPO) == {0, 1}
    assert edits(Tolerance.TWO_TYPOS) == {0, 1, 2}
    assert edits(Tolerance.TWO_TYPOS, "mug ") == {0, 1}


def test_half_of_the_words_are_enough_in_the_end() -> None:
    assert [match_of("a1 b1 c1 "[:size], Tolerance.SOME_WORDS).required for size in (3, 6, 9)] == [1, 2, 3]


def test_a_text_looks_for_its_first_words() -> None:
    assert len(match_of("word " * 1000).words) == MAX_WORDS
    assert len(match_of('"a b" ' * 1000).words) == MAX_WORDS


def test_scores_are_exact_in_single_precision() -> None:
    clauses = [clause for word in match_of("mug", Tolerance.TWO_TYPOS).words for clause in word.clauses]

    assert all(clause.score * 4 == int(clause.score * 4) for clause in clauses)


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE products; --", "name:* OR *:*", "{{7*7}}", "\x00\x01", "((((", "a\\", "\ud83d"]
)
def test_no_sign_has_a_meaning_of_its_own(text: str) -> None:
    assert kinds(match_of(text)) <= {Kind.PHRASE}
