"""The synonyms of ``synonyms.txt``. They widen queries, so a change of the file needs no rebuild of the index."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from services.search import text_analysis
from services.search.typos import nearest_word

FILE = Path(__file__).with_name("synonyms.txt")
Phrase = tuple[str, ...]


def parse_synonyms(text: str) -> dict[Phrase, frozenset[Phrase]]:
    """Return the synonyms of each phrase, as stems.

    A line is a group of phrases, separated by commas, which are synonyms of each other. In a line with an arrow
    (``=>``) the phrases on the right are synonyms of those on the left, but not the reverse.

    Raises:
        ValueError: a line relates nothing; the text names its number.
    """
    synonyms: dict[Phrase, set[Phrase]] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.partition("#")[0].strip()
        if not line:
            continue
        left, arrow, right = line.partition("=>")
        sources, targets = _phrases(left), _phrases(right if arrow else left)
        if not sources or not targets or (not arrow and len(sources) < 2):
            raise ValueError(f"synonyms, line {number}: {raw!r} relates nothing")
        for phrase in sources:
            synonyms.setdefault(phrase, set()).update(other for other in targets if other != phrase)
    return {phrase: frozenset(others) for phrase, others in synonyms.items()}


@cache
def synonyms() -> dict[Phrase, frozenset[Phrase]]:
    """Return the shop's synonyms."""
    return parse_synonyms(FILE.read_text())


@cache
def vocabulary() -> tuple[str, ...]:
    """Return the folded words of the file."""
    lines = (line.partition("#")[0] for line in FILE.read_text().splitlines())
    return tuple(dict.fromkeys(word for line in lines for word in text_analysis.tokenize(line)))


def correct_to_vocabulary(word: str, edits: int) -> str:
    """Return the word of the file that is nearest to a folded word; the word itself if none is near enough.

    Parameters:
        word: the folded word.
        edits: largest edit distance.
    """
    if not edits or word in vocabulary():
        return word
    return nearest_word(word, vocabulary(), edits) or word


def synonyms_at(stems: Sequence[str], position: int) -> list[Phrase]:
    """Return the synonyms of all phrases of a query that include the word at a position."""
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
    return [phrase for part in text.split(",") if (phrase := tuple(text_analysis.stems(part)))]
