"""Turns a description in HTML, as other shops export it, into text, and keeps its paragraphs and lists."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_LOOKS_LIKE_HTML = re.compile(
    r"</?(p|br|div|span|ul|ol|li|b|i|u|em|strong|a|h[1-6]|table|tr|td|th|img|blockquote|font|section|article|pre|hr)"
    r"(\s[^<>]*)?/?>|&(#[0-9]+|#x[0-9a-f]+|[a-z]+[0-9]?);",
    re.IGNORECASE,
)
_SKIPPED = frozenset({"script", "style", "template", "noscript", "iframe", "svg", "head", "title", "video", "audio"})
_PARAGRAPHS = frozenset(
    {
        *("p", "div", "ul", "ol", "dl", "table", "blockquote", "pre", "section", "article", "header", "footer", "hr"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "figure", "figcaption", "details", "summary"),
    }
)
_LINES = frozenset({"li", "tr", "dt", "dd", "br", "caption"})
_INDENT = "\ue000"
"""Stands for an item's indent until spaces at the beginning of lines are dropped; of private use, so in no text."""
_CELLS = frozenset({"td", "th"})


def is_html(text: str) -> bool:
    """Return whether a text has tags or entities of HTML in it; a lone ``<`` or ``&`` is none."""
    return ("<" in text or "&" in text) and bool(_LOOKS_LIKE_HTML.search(text))


def html_to_text(html: str) -> str:
    """Return the text that a browser would show, with an empty line between paragraphs and ``- `` before list items."""
    # Imported late: of all that staff do, only an import of HTML needs it.
    from selectolax.lexbor import LexborHTMLParser

    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    pieces: list[str] = []
    try:
        _add(body, pieces, depth=0)
    except RecursionError:
        pieces = [body.text(separator=" ")]
    lines = (re.sub(r"[^\S\n]+", " ", line).strip(" ") for line in "".join(pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip().replace(_INDENT, "  ")


def _add(node: "LexborNode", pieces: list[str], depth: int) -> None:
    number = 0
    for child in node.iter(include_text=True):
        tag = child.tag or ""
        if tag == "-text":
            # A line end of the source is a space to a browser.
            pieces.append(re.sub(r"[\s\x00-\x1f\x7f]+", " ", child.text_content or ""))
        elif tag == "li":
            number += 1
            pieces.append(f"\n{_INDENT * max(0, depth - 1)}{f'{number}.' if node.tag == 'ol' else '-'} ")
            _add(child, pieces, depth)
        elif tag not in _SKIPPED:
            around = "\n\n" if tag in _PARAGRAPHS and not _is_inner_list(tag, depth) else ""
            pieces.append(around or ("\n" if tag in _LINES else ""))
            _add(child, pieces, depth + (tag in ("ul", "ol")))
            pieces.append(around or (" " if tag in _CELLS else ""))


def _is_inner_list(tag: str, depth: int) -> bool:
    # An item whose text is a paragraph, or that has a list of its own, stays one item.
    return depth > 0 and tag in ("ul", "ol", "p", "div")
