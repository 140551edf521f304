"""The colours that a shopper may ask for, and those of a product."""

from collections.abc import Iterable, Mapping

from services.search import text_analysis

_COLOURS = (
    "beige black blue brown burgundy crimson cyan gold gray green indigo ivory khaki lilac magenta maroon navy orange "
    "pink purple red silver teal turquoise violet white yellow"
)
COLOURS = frozenset(_COLOURS.split())
"""Folded names of colours; what is also a material or a plant as often, such as cream, copper or rose, is left out."""
_SPELLINGS = {"grey": "gray", "golden": "gold"}


def colour_of(word: str) -> str | None:
    """Return the colour that a folded word names, in its one spelling; None if it names none."""
    spelt = _SPELLINGS.get(word, word)
    return spelt if spelt in COLOURS else None


def colours_of(texts: Iterable[str], attributes: Mapping[str, str]) -> list[str]:
    """Return the colours of a product: those of its name and tags, and of its attributes for colours.

    Parameters:
        texts: name and tags.
        attributes: values of the attributes, by name.
    """
    values = [value for key, value in attributes.items() if "colo" in key.casefold()]
    words = (word for text in (*texts, *values) for word in text_analysis.tokenize(text))
    return sorted({colour for word in words if (colour := colour_of(word))})
