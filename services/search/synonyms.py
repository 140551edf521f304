"""Words that mean the same, from ``synonyms.txt``. They widen a query, so a change needs no new index."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from services.search import text_analysis as analysis
from services.search.typos import nearest

FILE = Path(__file__).with_name("synonyms.txt")
Phrase = tuple[str, ...]


def parsed(text: str) -> dict[Phrase, frozenset[Phrase]]:
    """Return the other phrases of each phrase, as stems.

    A line is a group, separated by commas. Where it has an arrow, what is left of it is also
    looked for as what is right of it, but not the other way round.

    Raises ValueError with the number of a line that says nothing.
    """
    found: dict[Phrase, set[Phrase]] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        left, arrow, right = line.partition("=>")
        given, meant = _phrases(left), _phrases(right if arrow else left)
        if not given or not meant or (not arrow and len(given) < 2):
            raise ValueError(f"synonyms, line {number}: {raw!r} relates nothing")
        for phrase in given:
            found.setdefault(phrase, set()).update(other for other in meant if other != phrase)
    return {phrase: frozenset(others) for phrase, others in found.items()}


@cache
def synonyms() -> dict[Phrase, frozenset[Phrase]]:
    """Return those of the shop."""
    return parsed(FILE.read_text())


@cache
def vocabulary() -> tuple[str, ...]:
    """Return the words of the file, folded."""
    lines = (line.partition("#")[0] for line in FILE.read_text().splitlines())
    return tuple(dict.fromkeys(word for line in lines for word in analysis.words(line)))


def respelled(word: str, edits: int) -> str:
    """Return the word of the file that is so many edits away from one that is not in it; else the word itself."""
    if not edits or word in vocabulary():
        return word
    return nearest(word, vocabulary(), edits) or word


def meant_by(stems: Sequence[str], position: int) -> list[Phrase]:
    """Return what the word at a position may also mean, alone or together with its neighbours."""
    known = synonyms()
    longest = max(map(len, known), default=0)
    spans = (
        tuple(stems[start : start + length])
        for length in range(1, longest + 1)
        for start in range(max(0, position - length + 1), position + 1)
        if start + length <= len(stems)
    )
    return sorted({other for span in spans for other in known.get(span, ())})


def _phrases(text: str) -> list[Phrase]:
    return [phrase for part in text.split(",") if (phrase := tuple(analysis.stems(part)))]
