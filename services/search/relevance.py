"""Which products fit a text, and how well: the rules of relevance, the same for both engines.

A product fits a word in one of several ways, of which the best counts; it scores the sum over the
words. No statistics of the index are in a score, so a product's score does not move when others
come and go, and pages of a list neither repeat nor skip.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, IntEnum

from services.search import text_analysis as analysis
from services.search.synonyms import meant_by, respelled
from services.search.typos import allowed_edits

MAX_WORDS = 16
"""Words of a text that are looked for; what follows would narrow nothing any more."""
SHORTEST_PREFIX = 2

WEIGHTS = {"head": 10.0, "name": 8.0, "brand": 6.0, "category": 5.0, "tags": 5.0, "description": 2.0}
SYNONYM_WEIGHTS = {"head": 7.0, "name": 6.0, "category": 4.0, "tags": 4.0, "description": 1.0}
MISSPELT_SYNONYM_WEIGHTS = {"head": 3.0, "name": 2.5, "category": 1.5, "tags": 1.5, "description": 0.5}
PREFIX_WEIGHTS = {"name_words": 5.0, "words": 3.0}
TYPO_WEIGHTS = {1: {"name_words": 4.0, "words": 3.0}, 2: {"name_words": 2.0, "words": 1.5}}
PHRASE_WEIGHT = 6.0


class Kind(Enum):
    """How a clause's terms are compared with a field's."""

    PHRASE = "phrase"  # the terms side by side; one alone is a plain term
    PREFIX = "prefix"  # the term's beginning
    TYPO = "typo"  # the term with so many edits


class Tolerance(IntEnum):
    """How much of a text may differ from a product. Each is tried only where nothing fits the one before."""

    NONE = 0
    BEGINNING = 1  # the last word may go on
    ONE_TYPO = 2
    TWO_TYPOS = 3
    SOME_WORDS = 4  # half of the words are enough

    @property
    def edits(self) -> int:
        """Return how many letters of a long word may be wrong."""
        return min(max(self - Tolerance.BEGINNING, 0), 2)


@dataclass(frozen=True, slots=True)
class Clause:
    """One way in which a product may fit.

    Attributes:
        field: of the index.
        terms: that it has to hold.
        score: what it is worth; a sum of such is exact in single precision.
        kind: how they are compared.
        edits: letters that may be wrong, missing, too many or swapped.
    """

    field: str
    terms: tuple[str, ...]
    score: float
    kind: Kind = Kind.PHRASE
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is looked for.

    Attributes:
        text: folded.
        clauses: a product fits it that fits any of them.
    """

    text: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What a text looks for.

    Attributes:
        words: each in its ways.
        required: how many of them a product has to fit.
        bonuses: score more, and exclude nothing.
    """

    words: tuple[Word, ...]
    required: int
    bonuses: tuple[Clause, ...] = ()


def match_of(text: str, tolerance: Tolerance = Tolerance.NONE) -> Match:
    """Return what a text looks for. What is in double quotes has to be side by side.

    Parameters:
        text: as the shopper typed it.
        tolerance: how much may differ.
    """
    quoted, loose = _parts(text)
    folded = loose[: max(0, MAX_WORDS - len(quoted))]
    stems = [analysis.stem(word) for word in folded]
    words = [Word(" ".join(phrase), tuple(_exact(tuple(map(analysis.stem, phrase)), WEIGHTS))) for phrase in quoted]
    for position, word in enumerate(folded):
        clauses = [*_exact((stems[position],), WEIGHTS), *_joined(folded, position)]
        if tolerance and position == len(folded) - 1 and not text.endswith((" ", '"')):
            clauses += _beginning(word)
        clauses += [*_meant(folded, stems, position, tolerance), *_typos(word, tolerance)]
        words.append(Word(word, tuple(clauses)))
    required = (len(words) + 1) // 2 if tolerance is Tolerance.SOME_WORDS else len(words)
    bonuses = (Clause("name", tuple(stems), PHRASE_WEIGHT),) if len(stems) > 1 else ()
    return Match(tuple(words), required, bonuses)


def _parts(text: str) -> tuple[list[tuple[str, ...]], list[str]]:
    """Return the phrases in quotes and the words outside of any; without stop words if there are others."""
    quoted, loose = [], []
    # A quote that nobody closes begins no phrase.
    pieces = text.split('"')
    closed = len(pieces) - 1 - (len(pieces) - 1) % 2
    for number, piece in enumerate(pieces):
        found = analysis.words(piece)
        if number % 2 and number < closed:
            quoted.append(tuple(found[:MAX_WORDS]))
        else:
            loose += found
    telling = [word for word in loose if word not in analysis.STOP_WORDS]
    phrases = [phrase for phrase in quoted if phrase][:MAX_WORDS]
    return phrases, telling or ([] if phrases else loose)


def _exact(terms: tuple[str, ...], weights: dict[str, float]) -> Iterator[Clause]:
    for field, score in weights.items():
        # The head is one word: a phrase is never in it.
        if len(terms) == 1 or field != "head":
            yield Clause(field, terms, score)


def _joined(words: Sequence[str], position: int) -> Iterator[Clause]:
    """Yield the word together with a neighbour as one: ``tea pot`` finds a teapot."""
    for start in (position - 1, position):
        if 0 <= start < len(words) - 1:
            term = analysis.stem((words[start] + words[start + 1])[: analysis.MAX_WORD])
            yield from _exact((term,), WEIGHTS)


def _beginning(word: str) -> Iterator[Clause]:
    if len(word) >= SHORTEST_PREFIX:
        yield from (Clause(field, (word,), score, Kind.PREFIX) for field, score in PREFIX_WEIGHTS.items())


def _meant(words: Sequence[str], stems: Sequence[str], position: int, tolerance: Tolerance) -> Iterator[Clause]:
    """Yield what a word means besides, and what it would if it were spelt as in the file of synonyms."""
    known = meant_by(stems, position)
    for other in known:
        yield from _exact(other, SYNONYM_WEIGHTS)
    if tolerance.edits:
        spelt = [analysis.stem(respelled(word, _edits(word, tolerance))) for word in words]
        for other in sorted({(spelt[position],), *meant_by(spelt, position)} - {(stems[position],), *known}):
            yield from _exact(other, MISSPELT_SYNONYM_WEIGHTS)


def _typos(word: str, tolerance: Tolerance) -> Iterator[Clause]:
    for edits in range(1, _edits(word, tolerance) + 1):
        for field, score in TYPO_WEIGHTS[edits].items():
            yield Clause(field, (word,), score, Kind.TYPO, edits)


def _edits(word: str, tolerance: Tolerance) -> int:
    return min(tolerance.edits, allowed_edits(word))
