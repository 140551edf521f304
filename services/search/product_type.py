"""Finds the words of a product's name that say what it is: a ``notebook``, rather than a ``notebook case``.

A word says what the thing is if no noun follows that it would only describe. What follows is told by the product
itself: its end, a number, a colour or another value of its attributes, its brand, an acronym, or a preposition.
So the names of strangers' catalogues are read too, in which a type stands before colour and measures.
"""

import re
from collections.abc import Iterator, Mapping

from services.search import text_analysis
from services.search.colours import colour_of

_TOKEN = re.compile(r"[^\W_]+(?:[-.'’][^\W_]+)*|[^\w\s]")
_PURPOSES = frozenset(["for", "with", "from", "to", "f", "w", "replaces", "compatible"])
"""Words after which a name says what the thing fits, comes from or has, not what it is."""
_TYPE_ATTRIBUTE = re.compile(r"(?:^|[_ -])(?:type|category|kind)$")
MAX_UNIT = 2
"""Letters of the longest unit that is left out after a number, such as cm or GB."""
MAX_ACRONYM = 4
"""Letters of the longest acronym, such as USB or LCD."""


def type_words(name: str, brand: str, attributes: Mapping[str, str]) -> list[str]:
    """Return the folded words of a name that say what the product is, in their order.

    Parameters:
        name: name of the product.
        brand: its brand.
        attributes: values of its attributes, by name.
    """
    return list(dict.fromkeys(_type_words(name, brand, attributes)))


def _type_words(name: str, brand: str, attributes: Mapping[str, str]) -> Iterator[str]:
    brand_stems = set(text_analysis.stems(brand))
    values = " ".join(value for key, value in attributes.items() if not _TYPE_ATTRIBUTE.search(key.casefold()))
    own_stems = brand_stems | set(text_analysis.stems(values))
    tokens = _TOKEN.findall(name)
    brackets = 0
    for position, part in enumerate(tokens):
        brackets += (part in "([") - (part in ")]")
        folded = text_analysis.fold(part)
        if folded in _PURPOSES:
            return
        words = text_analysis.tokenize(folded)
        if brackets > 0 or not _is_word(folded) or folded in text_analysis.STOP_WORDS or not words:
            continue
        word = words[-1]
        following = tokens[position + 1] if position + 1 < len(tokens) else ""
        is_unit = len(word) <= MAX_UNIT and position > 0 and tokens[position - 1][-1].isdigit()
        if text_analysis.stem(word) in brand_stems or is_unit:
            continue
        if _ends_type(word, following, own_stems):
            yield word


def _ends_type(word: str, following: str, own_stems: set[str]) -> bool:
    """Return whether the word is not merely a description of the one that follows."""
    folded = text_analysis.fold(following)
    if not _is_word(folded) or folded in text_analysis.STOP_WORDS or folded in _PURPOSES:
        return True
    stem = text_analysis.stem(folded)
    is_acronym = following.isupper() and len(following) <= MAX_ACRONYM
    return is_acronym or colour_of(folded) is not None or stem in own_stems or stem == text_analysis.stem(word)


def _is_word(folded: str) -> bool:
    """Return whether a token is a word of letters, rather than punctuation, a number, a code or a single letter."""
    return len(folded) > 1 and all(map(str.isalpha, re.split(r"[-.]", folded)))
