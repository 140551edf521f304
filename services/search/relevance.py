"""The rules of relevance, shared by both engines: which products match a text, and with which score.

A product matches a word in one of several ways, of which the one with the highest score counts; its score is the sum
over the words. Scores use no statistics of the index, so a product's score does not change when others are added or
removed, and the pages of a result neither repeat nor skip products.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum

from services.search import text_analysis
from services.search.synonyms import correct_to_vocabulary, synonyms_at
from services.search.typos import max_edits

MAX_WORDS = 16
"""Words of a text that are searched for; the rest is ignored."""
MIN_PREFIX = 2
"""Characters of the shortest prefix that is searched for."""

WEIGHTS = {"head": 10.0, "name": 8.0, "brand": 6.0, "category": 5.0, "tags": 5.0, "description": 2.0}
SYNONYM_WEIGHTS = {"head": 7.0, "name": 6.0, "category": 4.0, "tags": 4.0, "description": 1.0}
MISSPELT_SYNONYM_WEIGHTS = {"head": 3.0, "name": 2.5, "category": 1.5, "tags": 1.5, "description": 0.5}
PREFIX_WEIGHTS = {"name_words": 5.0, "words": 3.0}
TYPO_WEIGHTS = {1: {"name_words": 4.0, "words": 3.0}, 2: {"name_words": 2.0, "words": 1.5}}
PHRASE_WEIGHT = 6.0


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
    HALF_OF_WORDS = 4  # half of the words are enough

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
        score: score of a match; multiples of 1/4, so that their sums are exact in single precision.
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
    """A word, or a quoted phrase, of a query.

    Attributes:
        text: the folded word.
        clauses: a product that matches any of them matches the word.
    """

    text: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class TextQuery:
    """A parsed text.

    Attributes:
        words: words of the text; without any, every product matches.
        required: how many of the words a product has to match.
        bonuses: clauses that add to the score of a product and exclude none.
    """

    words: tuple[QueryWord, ...]
    required: int
    bonuses: tuple[Clause, ...] = ()


def parse_query(text: str, tolerance: Tolerance = Tolerance.NONE) -> TextQuery:
    """Return the query of a text. Words in double quotes have to stand side by side.

    Parameters:
        text: the text as typed.
        tolerance: how far a product may differ from it.
    """
    phrases, words = _split(text)
    words = words[: max(0, MAX_WORDS - len(phrases))]
    stems = [text_analysis.stem(word) for word in words]
    query_words = [
        QueryWord(" ".join(phrase), tuple(_term_clauses(tuple(map(text_analysis.stem, phrase)), WEIGHTS)))
        for phrase in phrases
    ]
    for position, word in enumerate(words):
        clauses = [*_term_clauses((stems[position],), WEIGHTS), *_compound_clauses(words, position)]
        if tolerance and position == len(words) - 1 and not text.endswith((" ", '"')):
            clauses += _prefix_clauses(word)
        clauses += [*_synonym_clauses(words, stems, position, tolerance), *_typo_clauses(word, tolerance)]
        query_words.append(QueryWord(word, tuple(clauses)))
    half = tolerance is Tolerance.HALF_OF_WORDS
    required = (len(query_words) + 1) // 2 if half else len(query_words)
    bonuses = (Clause("name", tuple(stems), PHRASE_WEIGHT),) if len(stems) > 1 else ()
    return TextQuery(tuple(query_words), required, bonuses)


def _split(text: str) -> tuple[list[tuple[str, ...]], list[str]]:
    """Return the quoted phrases and the other words; without stop words, unless there is nothing else."""
    quoted, unquoted = [], []
    pieces = text.split('"')
    # An opening quote that is never closed starts no phrase.
    closed = len(pieces) - 1 - (len(pieces) - 1) % 2
    for number, piece in enumerate(pieces):
        words = text_analysis.tokenize(piece)
        if number % 2 and number < closed:
            quoted.append(tuple(words[:MAX_WORDS]))
        else:
            unquoted += words
    content_words = [word for word in unquoted if word not in text_analysis.STOP_WORDS]
    phrases = [phrase for phrase in quoted if phrase][:MAX_WORDS]
    return phrases, content_words or ([] if phrases else unquoted)


def _term_clauses(terms: tuple[str, ...], weights: dict[str, float]) -> Iterator[Clause]:
    for field, score in weights.items():
        # The head is a single word and holds no phrase.
        if len(terms) == 1 or field != "head":
            yield Clause(field, terms, score)


def _compound_clauses(words: Sequence[str], position: int) -> Iterator[Clause]:
    """Yield clauses for the word joined with a neighbour: ``tea pot`` matches a teapot."""
    for start in (position - 1, position):
        if 0 <= start < len(words) - 1:
            term = text_analysis.stem((words[start] + words[start + 1])[: text_analysis.MAX_WORD])
            yield from _term_clauses((term,), WEIGHTS)


def _prefix_clauses(word: str) -> Iterator[Clause]:
    if len(word) >= MIN_PREFIX:
        yield from (Clause(field, (word,), score, ClauseKind.PREFIX) for field, score in PREFIX_WEIGHTS.items())


def _synonym_clauses(
    words: Sequence[str], stems: Sequence[str], position: int, tolerance: Tolerance
) -> Iterator[Clause]:
    """Yield clauses for the synonyms of a word and, if typos are tolerated, of its correct spelling."""
    synonyms = synonyms_at(stems, position)
    for phrase in synonyms:
        yield from _term_clauses(phrase, SYNONYM_WEIGHTS)
    if tolerance.edits:
        corrected = [text_analysis.stem(correct_to_vocabulary(word, _edits(word, tolerance))) for word in words]
        others = {(corrected[position],), *synonyms_at(corrected, position)} - {(stems[position],), *synonyms}
        for phrase in sorted(others):
            yield from _term_clauses(phrase, MISSPELT_SYNONYM_WEIGHTS)


def _typo_clauses(word: str, tolerance: Tolerance) -> Iterator[Clause]:
    for edits in range(1, _edits(word, tolerance) + 1):
        for field, score in TYPO_WEIGHTS[edits].items():
            yield Clause(field, (word,), score, ClauseKind.TYPO, edits)


def _edits(word: str, tolerance: Tolerance) -> int:
    return min(tolerance.edits, max_edits(word))
