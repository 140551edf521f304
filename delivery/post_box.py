"""Tells an address at a post office, to which no carrier goes, from one with a door."""

import re

_NUMBER = r"[\s.,:#№°]*(?:n[or]?[.°]?\s*)?[\dA-Z-]*\d"
_NAMES = (
    r"p\s*\.?\s*o\s*\.?\s*b(?:ox|\.|x)?(?:\b|(?=\d))",  # P.O. Box, POB, PO BX
    r"p\s*\.?\s*o\s*\.\s*box",
    r"(?:post|postal)\s*(?:office)?\s*box",
    r"(?:general|poste)\s+(?:delivery|restante)",
    r"post(?:fach|bus|boks|box|lokero|lagernd)",
    r"bo[iî]te\s+postale|case\s+postale|casella\s+postale|caixa\s+postal|apartado\s+(?:postal|de\s+correos|a[eé]reo)",
    r"apdo\.?\s+postal|casilla\s+(?:postal|de\s+correos?)|skrytka\s+pocztowa",
)
_STREETS = r"st|street|road|rd|lane|ln|ave|avenue|square|hill"
_NAMED = re.compile(rf"(?<!\w)(?:{'|'.join(_NAMES)})(?!\s*(?:{_STREETS})\b)", re.IGNORECASE)
_ABBREVIATED = re.compile(
    rf"^\s*(?:b\.?p\.?|c\.?p\.?|box|bx|apdo\.?|apartado|casilla|b[uú]zon)(?=[\s.,:#\d]){_NUMBER}\s*$", re.IGNORECASE
)
"""Short names are words of streets as well, such as Box Hill Road: they count in a line without any other word."""
_MILITARY = re.compile(r"^\s*(?:psc|unit|cmr)\s+\d+\s*,?\s+box\s+\d+", re.IGNORECASE)


def is_post_box(*lines: str | None) -> bool:
    """Return whether one of the lines of an address names a box at a post office, in the languages of the Americas and
    Western Europe."""
    return any(pattern.search(line) for line in lines if line for pattern in (_NAMED, _ABBREVIATED, _MILITARY))
