"""Texts as the fonts of the documents can show them."""

import unicodedata
from collections.abc import Callable

from documents.formatting import single_line

RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def printable(text: str, has_glyph: Callable[[str], bool]) -> str:
    """Return a text in one line, of characters that can be shown.

    A name in a script that the fonts lack, or that is written from right to left (which reportlab does not), is written
    in Latin letters rather than as empty boxes: it can still be read aloud and found.

    Parameters:
        text: any text, also a foreign one.
        has_glyph: says whether the font has a character.
    """
    line = unicodedata.normalize("NFC", single_line(text))
    if all(_can_be_shown(sign, has_glyph) for sign in line):
        return line
    from anyascii import anyascii

    return " ".join(
        word if all(_can_be_shown(sign, has_glyph) for sign in word) else anyascii(word).strip() or "?"
        for word in line.split()
    )


def _can_be_shown(sign: str, has_glyph: Callable[[str], bool]) -> bool:
    return sign == " " or (has_glyph(sign) and unicodedata.bidirectional(sign) not in RIGHT_TO_LEFT)
