"""The rules of relevance, shared by both engines: which products match a text, and with which score.

The weights of fields are in ``word_weights.py``; the shares of matches that are not exact are here.

A product matches a word in one of several ways, of which the one with the highest score counts; its score is the sum
over the words. A rare word counts for more than a common one. How rare the words of a text are is read from the index
once, and kept with the position in the list: what is written meanwhile changes no score of a list that is being paged.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from itertools import pairwise

from services.search import text_analysis
from services.search.synonyms import correct_to_vocabulary, synonyms_at
from services.search.typos import max_edits
from services.search.word_weights import WEIGHTS, weighted_term

MAX_WORDS = 16
"""Words of a text that are searched for; the rest is ignored."""
NOISE = text_analysis.STOP_WORDS | frozenset(["best", "cheap", "affordable", "inexpensive", "good", "great", "buy"])
"""Words of a text that say nothing of a product; they are not searched for unless there are no others."""
MIN_PREFIX = 2
"""Characters of the shortest prefix that is searched for."""
MIN_PART = 3
"""Letters of the shortest of two words that may be written together."""
MIN_CODE_PREFIX = 3
"""Characters of the shortest prefix of a model or part number that is searched for."""

MAX_SCORE = 16
"""Score of a product that says all it can of every word of a text."""
SCORE_STEPS = 16
"""Scores are multiples of 1 / SCORE_STEPS, so that their sums are exact in single precision."""
MAX_RARITY = 100
"""Upper bound of a word's rarity: that of one product's word among more products than there can be."""
UNKNOWN = -1
"""Rarity of a word that no product has."""

# Shares of a word's weight by the way in which a product has it. Typed words count by their weight in the product.
CODE_SHARES = {"codes": 1.0, "name": 0.9, "text": 0.6}
COMPOUND_SHARES = {"head": 0.9, "name": 0.85, "stems": 0.5}
PHRASE_SHARES = {"name": 0.95, "text": 0.7}
SYNONYM_SHARES = {"head": 0.85, "name": 0.75, "stems": 0.35}
SYNONYM_PHRASE_SHARES = {"name": 0.75, "text": 0.35}
SPLIT_SHARE = 0.6
MISSPELT_SHARE = 0.5
"""What is left of a synonym's share if the word is misspelt."""
PREFIX_SHARES = {"name_words": 0.5, "words": 0.35}
TYPO_SHARES = {1: {"name_words": 0.45, "words": 0.35}, 2: {"name_words": 0.25, "words": 0.2}}
PAIR_SHARE = 0.6
"""What two words side by side add, as a share of their mean weight."""
THING_SHARE = 0.2
"""What a product adds that is what the last word names, rather than goes with it, as a share of the word's weight."""


LearntSynonyms = Mapping[str, Sequence[str]]
"""Stems that mean the same as a stem."""
NOTHING_LEARNT: LearntSynonyms = {}


class ClauseKind(Enum):
    """How the terms of a clause are compared with a field."""

    PHRASE = "phrase"  # the terms side by side; a single one is a plain term
    PREFIX = "prefix"  # a word that begins with the term
    TYPO = "typo"  # a word within some edits of the term


class Tolerance(IntEnum):
    """How far a product may differ from a text. A level is tried only if the one before finds nothing."""

    NONE = 0
    PREFIX = 1  # the last word may be the beginning of a word
    ONE_TYPO = 2
    TWO_TYPOS = 3
    MOST_WORDS = 4  # half of the words are enough; one that is missing costs its weight

    @property
    def edits(self) -> int:
        """The number of edits allowed in a long word."""
        return min(max(self - Tolerance.PREFIX, 0), 2)


@dataclass(frozen=True, slots=True)
class Clause:
    """One way in which a product may match.

    Attributes:
        field: field of the index.
        terms: terms that the field has to hold.
        score: score of a match, a multiple of 1 / SCORE_STEPS.
        kind: how terms and field are compared.
        edits: characters that may be wrong, missing, added or swapped, for a clause of kind TYPO.
    """

    field: str
    terms: tuple[str, ...]
    score: float
    kind: ClauseKind = ClauseKind.PHRASE
    edits: int = 0


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word, a code, or a quoted phrase, of a query.

    Attributes:
        text: the folded word.
        clauses: a product that matches any of them matches the word.
        is_number: whether it is a plain number, which alone says nothing of what is wanted.
    """

    text: str
    clauses: tuple[Clause, ...]
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class TextQuery:
    """A parsed text.

    Attributes:
        words: words that a product has to match; without any, every product matches.
        required: how many of the words a product has to match.
        bonuses: clauses that add to the score of a product and exclude none.
    """

    words: tuple[QueryWord, ...]
    required: int
    bonuses: tuple[Clause, ...] = ()


@dataclass(frozen=True, slots=True)
class WordCounts:
    """How many products an index has, how many have a stem, and what they say of its synonyms.

    Attributes:
        total: number of products.
        by_stem: number of products with each stem.
        evidence: terms of ``learnt_synonyms.evidence`` for synonyms of each stem.
    """

    total: int
    by_stem: Mapping[str, int]
    evidence: Mapping[str, Sequence[str]] = field(default_factory=dict)


def countable_stems(text: str) -> list[str]:
    """Return the stems of a text whose numbers of products ``rarities`` needs."""
    phrases, words = _split(text)
    return list(dict.fromkeys(stem for unit in (*phrases, *map(_parts, words)) for stem in unit))


def have_both(one: str, other: str) -> TextQuery:
    """Return a query for the products that have two stems."""
    words = [QueryWord(stem, (Clause("stems", (stem,), 1),)) for stem in (one, other)]
    return TextQuery(tuple(words), len(words))


def rarities(text: str, counts: WordCounts) -> tuple[int, ...]:
    """Return how rare each word of a text is: four times its inverse document frequency, rounded, or UNKNOWN.

    A code or a phrase is as rare as the rarest of its parts.
    """
    phrases, words = _split(text)
    return tuple(
        _rarity(min(counts.by_stem.get(stem, 0) for stem in parts), counts.total)
        for parts in (*phrases, *map(_parts, words))
    )


def parse_query(
    text: str,
    tolerance: Tolerance = Tolerance.NONE,
    rarity: Sequence[int] = (),
    learnt: LearntSynonyms = NOTHING_LEARNT,
    *,
    is_thing: bool = False,
    as_typed: bool = False,
) -> TextQuery:
    """Return the query of a text. Words in double quotes have to stand side by side.

    Parameters:
        text: the text as typed.
        tolerance: how far a product may differ from it.
        rarity: how rare each of its words is, by ``rarities``; without it all are the same.
        learnt: synonyms learnt from the catalogue, as stems.
        is_thing: whether the last word has to name what a product is, rather than what it goes with.
        as_typed: whether no word is taken for a misspelt one, whatever the tolerance.
    """
    phrases, words = _split(text)
    if len(rarity) != len(phrases) + len(words):
        rarity = (1,) * (len(phrases) + len(words))
    weights = _weights(rarity)
    stems = [text_analysis.stem(word) for word in words]
    query_words = [
        QueryWord(" ".join(phrase), tuple(_phrase_clauses(phrase, PHRASE_SHARES, weight)))
        for phrase, weight in zip(phrases, weights, strict=False)
    ]
    first = len(phrases)
    for position, word in enumerate(words):
        weight = weights[first + position]
        if _is_code(word):
            clauses = [*_code_clauses(word, weight)]
        else:
            clauses = [*_word_clauses(stems[position], weight), *_compound_clauses(words, position, weight)]
            clauses += _synonym_clauses(stems, position, weight)
            for other in learnt.get(stems[position], ()):
                clauses += _phrase_clauses((other,), SYNONYM_SHARES, weight)
            if rarity[first + position] == UNKNOWN:
                clauses += _split_clauses(word, weight)
                edits = 0 if as_typed else tolerance.edits
                clauses += _misspelt_clauses(words, stems, position, edits, weight)
        is_unfinished = position == len(words) - 1 and not text.endswith((" ", '"'))
        may_be_prefix = tolerance is not Tolerance.MOST_WORDS or rarity[first + position] == UNKNOWN
        if tolerance and is_unfinished and may_be_prefix:
            clauses += _prefix_clauses(word, weight)
        if is_thing and position == len(words) - 1:
            clauses = [clause for clause in clauses if clause.field == "head"]
            clauses.append(Clause("head", (stems[position],), _score(weight, 1)))
        query_words.append(QueryWord(word, tuple(clauses), word.isdigit()))
    return TextQuery(tuple(query_words), _required(query_words, tolerance), tuple(_bonuses(stems, weights[first:])))


def _required(words: Sequence[QueryWord], tolerance: Tolerance) -> int:
    if tolerance is not Tolerance.MOST_WORDS:
        return len(words)
    return (sum(not word.is_number for word in words) + 1) // 2


def _rarity(products: int, total: int) -> int:
    if not products:
        return UNKNOWN
    # A total is read apart from the counts, and may be lower.
    return max(1, round(4 * math.log(1 + (max(total, products) - products + 0.5) / (products + 0.5))))


def _weights(rarity: Sequence[int]) -> list[float]:
    """Return the weight of each word; they sum to MAX_SCORE. An unknown word is as rare as the rarest known."""
    rarest = max(rarity, default=1)
    known = [max(1, rarest) if value == UNKNOWN else value for value in rarity]
    return [MAX_SCORE * value / sum(known) for value in known]


def _score(weight: float, share: float) -> float:
    return max(1, round(weight * share * SCORE_STEPS)) / SCORE_STEPS


def _split(text: str) -> tuple[list[tuple[str, ...]], list[str]]:
    """Return the stems of the quoted phrases, and the other words and codes; without noise, unless that is all."""
    quoted, unquoted = [], []
    pieces = text.split('"')
    # An opening quote that is never closed starts no phrase.
    closed = len(pieces) - 1 - (len(pieces) - 1) % 2
    for number, piece in enumerate(pieces):
        if number % 2 and number < closed:
            quoted.append(tuple(text_analysis.stems(piece)[:MAX_WORDS]))
        else:
            unquoted += text_analysis.units(piece)
    content_words = [word for word in unquoted if word not in NOISE]
    phrases = [phrase for phrase in quoted if phrase][:MAX_WORDS]
    words = content_words or ([] if phrases else unquoted)
    return phrases, words[: max(0, MAX_WORDS - len(phrases))]


def _is_code(word: str) -> bool:
    return any(map(str.isdigit, word)) and not word.isdigit()


def _parts(word: str) -> tuple[str, ...]:
    """Return the stems of a word, which is one, or of a code, whose letters and digits are words of a text."""
    return tuple(text_analysis.stems(word))


def _word_clauses(stem: str, weight: float) -> Iterator[Clause]:
    for number, share in enumerate(WEIGHTS):
        yield Clause("weighted", (weighted_term(stem, number),), _score(weight, share))


def _code_clauses(code: str, weight: float) -> Iterator[Clause]:
    """Yield clauses for a code as a whole, and for its parts side by side: ``26cm`` is ``26 cm``, too."""
    yield Clause("codes", (code,), _score(weight, CODE_SHARES["codes"]))
    yield from _phrase_clauses(_parts(code), {"name": CODE_SHARES["name"], "text": CODE_SHARES["text"]}, weight)


def _phrase_clauses(stems: tuple[str, ...], shares: Mapping[str, float], weight: float) -> Iterator[Clause]:
    for name, share in shares.items():
        yield Clause(name, stems, _score(weight, share))


def _compound_clauses(words: Sequence[str], position: int, weight: float) -> Iterator[Clause]:
    """Yield clauses for the word joined with a neighbour: ``tea pot`` matches a teapot."""
    for start in (position - 1, position):
        if 0 <= start < len(words) - 1 and words[start].isalpha() and words[start + 1].isalpha():
            term = text_analysis.stem((words[start] + words[start + 1])[: text_analysis.MAX_WORD])
            yield from _phrase_clauses((term,), COMPOUND_SHARES, weight)


def _split_clauses(word: str, weight: float) -> Iterator[Clause]:
    """Yield clauses for the two words that are written together: ``soapdish`` matches a soap dish."""
    if word.isalpha():
        for length in range(MIN_PART, len(word) - MIN_PART + 1):
            pair = f"{text_analysis.stem(word[:length])}_{text_analysis.stem(word[length:])}"
            yield Clause("pairs", (pair,), _score(weight, SPLIT_SHARE))


def _prefix_clauses(word: str, weight: float) -> Iterator[Clause]:
    if _is_code(word):
        if len(word) >= MIN_CODE_PREFIX:
            yield Clause("codes", (word,), _score(weight, PREFIX_SHARES["words"]), ClauseKind.PREFIX)
    elif len(word) >= MIN_PREFIX and not word.isdigit():
        for field, share in PREFIX_SHARES.items():
            yield Clause(field, (word,), _score(weight, share), ClauseKind.PREFIX)


def _synonym_clauses(
    stems: Sequence[str], position: int, weight: float, *, factor: float = 1.0, known: Sequence[tuple[str, ...]] = ()
) -> Iterator[Clause]:
    for phrase in synonyms_at(stems, position):
        if phrase not in known:
            shares = SYNONYM_SHARES if len(phrase) == 1 else SYNONYM_PHRASE_SHARES
            yield from _phrase_clauses(phrase, shares, weight * factor)


def _misspelt_clauses(
    words: Sequence[str], stems: Sequence[str], position: int, edits: int, weight: float
) -> Iterator[Clause]:
    """Yield clauses for similar words, and for the word of the synonyms that is meant, and its synonyms."""
    word = words[position]
    edits = min(edits, max_edits(word))
    if not edits or not word.isalpha():
        return
    for count in range(1, edits + 1):
        for name, share in TYPO_SHARES[count].items():
            yield Clause(name, (word,), _score(weight, share), ClauseKind.TYPO, count)
    corrected = [text_analysis.stem(correct_to_vocabulary(other, min(edits, max_edits(other)))) for other in words]
    if corrected[position] != stems[position]:
        yield from _phrase_clauses((corrected[position],), SYNONYM_SHARES, weight * MISSPELT_SHARE)
    known = synonyms_at(stems, position)
    yield from _synonym_clauses(corrected, position, weight, factor=MISSPELT_SHARE, known=known)


def _bonuses(stems: Sequence[str], weights: Sequence[float]) -> Iterator[Clause]:
    for (one, other), (weight, next_weight) in zip(pairwise(stems), pairwise(weights), strict=True):
        yield Clause("pairs", (f"{one}_{other}",), _score((weight + next_weight) / 2, PAIR_SHARE))
    if stems:
        yield Clause("head", (stems[-1],), _score(weights[-1], THING_SHARE))
