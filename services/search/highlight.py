"""Marks in a text the words for which it was found, as HTML in which nothing else is markup."""

import html
import re
from collections.abc import Callable, Iterable

from services.search import text_analysis as analysis
from services.search.relevance import Clause, Kind, Match
from services.search.typos import edits_between

FRAGMENT = 200
"""Characters of a long text that are shown."""
LEAD = 60
"""Characters before the first mark that are shown of a long text."""
# A word as a reader sees it; `analysis` may see several in it.
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def marked(text: str, match: Match) -> str | None:
    """Return the text, or a fragment of a long one, with ``<mark>`` around what fits; None where nothing does."""
    fits = _fitting(match)
    spans = [found.span() for found in _TOKEN.finditer(text) if fits(found.group())]
    if not spans:
        return None
    start, end = _window(text, spans[0][0])
    parts, at = ["…" if start else ""], start
    for first, last in spans:
        if first >= start and last <= end:
            parts += [_plain(text[at:first]), "<mark>", _plain(text[first:last]), "</mark>"]
            at = last
    return "".join([*parts, _plain(text[at:end]), "…" if end < len(text) else ""])


def _plain(text: str) -> str:
    return html.escape(text, quote=False)


def _fitting(match: Match) -> Callable[[str], bool]:
    clauses = {(clause.kind, clause.terms, clause.edits) for clause in _all(match)}
    terms = {term for kind, found, _ in clauses if kind is Kind.PHRASE for term in found}
    prefixes = tuple(found[0] for kind, found, _ in clauses if kind is Kind.PREFIX)
    typos = [(found[0], edits) for kind, found, edits in clauses if kind is Kind.TYPO]

    def fits(token: str) -> bool:
        return any(
            analysis.stem(word) in terms
            or word.startswith(prefixes)
            or any(
                abs(len(word) - len(typed)) <= edits and edits_between(typed, word) <= edits for typed, edits in typos
            )
            for word in analysis.words(token)
        )

    return fits


def _all(match: Match) -> Iterable[Clause]:
    return (clause for word in match.words for clause in word.clauses)


def _window(text: str, first: int) -> tuple[int, int]:
    """Return where the fragment begins and ends, at spaces."""
    if len(text) <= FRAGMENT:
        return 0, len(text)
    start = 0 if first <= LEAD else text.rfind(" ", 0, first - LEAD // 2) + 1
    end = len(text) if start + FRAGMENT >= len(text) else max(text.rfind(" ", start, start + FRAGMENT), first + 1)
    return start, end
