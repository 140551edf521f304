"""How much a word says about a product: by the fields it stands in, how often, and how long they are.

This is BM25F: the frequencies of a word in the fields are weighted, normalised by length and summed, and the sum
saturates. Source: Robertson, Zaragoza and Taylor, Simple BM25 Extension to Multiple Weighted Fields (2004). Two things
differ, so that both engines give every product the same score, which no other product changes: a field's usual length
is a constant, and the result is rounded to one of 22 weights, which is indexed with the word.
"""

import math
from bisect import bisect
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise


class TextField(StrEnum):
    """A field of a product whose words are searched for."""

    NAME = "name"
    TYPE = "type"  # words of the name that say what the product is; they count as words of the name too
    COMPOUNDS = "compounds"  # neighbouring and hyphenated words of name and tags, written together
    BRAND = "brand"
    CATEGORY = "category"
    TAGS = "tags"
    DESCRIPTION = "description"
    ATTRIBUTES = "attributes"


FIELD_WEIGHTS = {
    TextField.NAME: 6.0,
    TextField.TYPE: 5.0,
    TextField.COMPOUNDS: 5.0,
    TextField.BRAND: 3.0,
    TextField.CATEGORY: 4.0,
    TextField.TAGS: 2.0,
    TextField.DESCRIPTION: 1.0,
    TextField.ATTRIBUTES: 0.3,
}
USUAL_LENGTHS = {TextField.NAME: 12, TextField.DESCRIPTION: 16, TextField.ATTRIBUTES: 40}
"""Words of a field at which a word of it counts as it is; in a longer one it counts less. The others are short."""
LENGTH_SHARE = 0.5
"""Share of the length's influence, b of BM25."""
SATURATION = 0.4
"""Weighted frequency at which a word says half of what it can, k1 of BM25."""

# The steps are finer where products differ that have the word in their names.
_LOW, _MIDDLE, _HIGH = 0.3, 3.0, 25.0
_STEPS = [
    *(_LOW * (_MIDDLE / _LOW) ** (step / 5) for step in range(5)),
    *(_MIDDLE * (_HIGH / _MIDDLE) ** (step / 16) for step in range(17)),
]
_BOUNDS = [math.sqrt(low * high) for low, high in pairwise(_STEPS)]
WEIGHTS = tuple(step / (step + SATURATION) for step in _STEPS)
"""The weights that a word may have in a product, from 0 to 1, the lowest first. Their number names them."""


def word_weights(fields: Mapping[TextField, Sequence[str]]) -> dict[str, int]:
    """Return the number of each word's weight in a product.

    Parameters:
        fields: stems of each field.
    """
    sums: defaultdict[str, float] = defaultdict(float)
    for field, stems in fields.items():
        usual = USUAL_LENGTHS.get(field)
        norm = 1.0 if usual is None else 1 - LENGTH_SHARE + LENGTH_SHARE * len(stems) / usual
        for stem in stems:
            sums[stem] += FIELD_WEIGHTS[field] / norm
    return {stem: bisect(_BOUNDS, total) for stem, total in sums.items()}


def weighted_term(stem: str, weight: int) -> str:
    """Return the indexed term of a word with the number of its weight."""
    return f"{stem}|{weight}"


def term_stem(term: str) -> str:
    """Return the word of an indexed term, with or without a weight."""
    return term.partition("|")[0]
