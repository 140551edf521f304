"""Highlights the words of a text that match a query, as HTML whose only markup is ``<mark>``."""

import html
import re
from collections.abc import Callable, Iterable

from services.search import text_analysis
from services.search.relevance import Clause, ClauseKind, TextQuery
from services.search.typos import edit_distance

FRAGMENT = 200
"""Characters shown of a long text."""
LEAD = 60
"""Characters shown before the first match of a long text."""
# A word as a reader sees it; the text analysis may split it into several.
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def highlight(text: str, query: TextQuery) -> str | None:
    """Return a text, or a fragment of a long one, with ``<mark>`` around matching words; None if nothing matches.

    Parameters:
        text: plain text; what HTML would read as markup is escaped.
        query: the query that found it.
    """
    matches = _matcher(query)
    spans = [found.span() for found in _TOKEN.finditer(text) if matches(found.group())]
    if not spans:
        return None
    start, end = _window(text, spans[0][0])
    parts, at = ["…" if start else ""], start
    for first, last in spans:
        if first >= start and last <= end:
            parts += [_escape(text[at:first]), "<mark>", _escape(text[first:last]), "</mark>"]
            at = last
    return "".join([*parts, _escape(text[at:end]), "…" if end < len(text) else ""])


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _matcher(query: TextQuery) -> Callable[[str], bool]:
    clauses = {(clause.kind, clause.terms, clause.edits) for clause in _clauses(query)}
    stems = {term for kind, terms, _ in clauses if kind is ClauseKind.PHRASE for term in terms}
    prefixes = tuple(terms[0] for kind, terms, _ in clauses if kind is ClauseKind.PREFIX)
    typos = [(terms[0], edits) for kind, terms, edits in clauses if kind is ClauseKind.TYPO]

    def matches(token: str) -> bool:
        return any(
            text_analysis.stem(word) in stems
            or word.startswith(prefixes)
            or any(
                abs(len(word) - len(typed)) <= edits and edit_distance(typed, word) <= edits for typed, edits in typos
            )
            for word in text_analysis.tokenize(token)
        )

    return matches


def _clauses(query: TextQuery) -> Iterable[Clause]:
    return (clause for word in query.words for clause in word.clauses)


def _window(text: str, first: int) -> tuple[int, int]:
    """Return start and end of the fragment around a first match, at spaces."""
    if len(text) <= FRAGMENT:
        return 0, len(text)
    start = 0 if first <= LEAD else text.rfind(" ", 0, first - LEAD // 2) + 1
    end = len(text) if start + FRAGMENT >= len(text) else max(text.rfind(" ", start, start + FRAGMENT), first + 1)
    return start, end
