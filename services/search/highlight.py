"""Highlights the words of a text that match a query, as HTML whose only markup is ``<mark>``."""

import html
import re

from services.search import text_analysis
from services.search.relevance import ClauseKind, TextQuery
from services.search.typos import edit_distance
from services.search.word_weights import term_stem

FRAGMENT = 200
"""Characters shown of a long text."""
LEAD = 60
"""Characters shown before the first match of a long text."""
# A word as a reader sees it; the text analysis may split it into several.
_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


class Highlighter:
    """Highlights texts by one query; what it has found of a word is used for all texts.

    Parameters:
        query: the query that found the products.
    """

    def __init__(self, query: TextQuery) -> None:
        clauses = {(clause.kind, clause.terms, clause.edits) for word in query.words for clause in word.clauses}
        self._stems = {term_stem(term) for kind, terms, _ in clauses if kind is ClauseKind.PHRASE for term in terms}
        self._prefixes = tuple(terms[0] for kind, terms, _ in clauses if kind is ClauseKind.PREFIX)
        self._typos = [(terms[0], edits) for kind, terms, edits in clauses if kind is ClauseKind.TYPO]
        self._known: dict[str, bool] = {}

    def highlight(self, text: str) -> str | None:
        """Return a text, or a fragment of a long one, with ``<mark>`` around matching words; None if nothing matches.

        Parameters:
            text: plain text; what HTML would read as markup is escaped.
        """
        spans = [found.span() for found in _TOKEN.finditer(text) if self._matches(found.group())]
        if not spans:
            return None
        start, end = _window(text, spans[0][0])
        parts, at = ["…" if start else ""], start
        for first, last in spans:
            if first >= start and last <= end:
                parts += [_escape(text[at:first]), "<mark>", _escape(text[first:last]), "</mark>"]
                at = last
        return "".join([*parts, _escape(text[at:end]), "…" if end < len(text) else ""])

    def _matches(self, token: str) -> bool:
        known = self._known.get(token)
        if known is None:
            known = self._known[token] = any(map(self._matches_word, text_analysis.tokenize(token)))
        return known

    def _matches_word(self, word: str) -> bool:
        return (
            text_analysis.stem(word) in self._stems
            or word.startswith(self._prefixes)
            or any(
                abs(len(word) - len(typed)) <= edits and edit_distance(typed, word) <= edits
                for typed, edits in self._typos
            )
        )


def _escape(text: str) -> str:
    return html.escape(text, quote=False)


def _window(text: str, first: int) -> tuple[int, int]:
    """Return start and end of the fragment around a first match, at spaces."""
    if len(text) <= FRAGMENT:
        return 0, len(text)
    start = 0 if first <= LEAD else text.rfind(" ", 0, first - LEAD // 2) + 1
    end = len(text) if start + FRAGMENT >= len(text) else max(text.rfind(" ", start, start + FRAGMENT), first + 1)
    return start, end
