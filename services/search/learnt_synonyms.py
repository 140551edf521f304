"""Synonyms learnt from the catalogue: words that take each other's place between a product's name and description.

Where a name has ``notebook case`` and the description ``Laptop Case``, the product is evidence that the two words mean
the same. Evidence is indexed with each product and read with the counts of a query's words, so nothing is learnt apart
from the index. A pair needs evidence of several things and brands, and words that seldom stand in one product: those
that often do, such as ``original`` and ``pigment`` of an ink, say different things about it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise

MIN_THINGS = 3
"""Different things before which two words take each other's place."""
MIN_BRANDS = 2
"""Different brands of products that do so."""
MAX_TOGETHER = 0.5
"""Share of the rarer word's products that may have both words."""
MIN_LETTERS = 3
"""Letters of the shortest word."""


def evidence(
    name: Sequence[str], description: Sequence[str], things: Collection[str], brand: Sequence[str]
) -> list[str]:
    """Return the indexed terms of the pairs for which a product is evidence: word, other word, thing, brand.

    Parameters:
        name: stems of the name.
        description: stems of the description.
        things: stems of the words that say what the product is.
        brand: stems of the brand.
    """
    named, described = set(name), set(description)
    found = set()
    for one, thing in pairwise(name):
        if thing not in things or not _may_be_synonym(one, described, brand):
            continue
        for other, described_thing in pairwise(description):
            if described_thing == thing and _may_be_synonym(other, named, brand):
                maker = "-".join(brand)
                found |= {f"{one} {other} {thing} {maker}", f"{other} {one} {thing} {maker}"}
    return sorted(found)


def evidence_prefix(stem: str) -> str:
    """Return the beginning of the terms that are evidence for synonyms of a word."""
    return f"{stem} "


def likely_synonyms(terms: Iterable[str]) -> Iterator[str]:
    """Yield the words for which there is enough evidence, in the order of their letters.

    Parameters:
        terms: terms of one word, as ``evidence`` returns them.
    """
    things, brands = defaultdict(set), defaultdict(set)
    for term in terms:
        _, other, thing, brand = term.split(" ")
        things[other].add(thing)
        brands[other].add(brand)
    for other in sorted(things):
        if len(things[other]) >= MIN_THINGS and len(brands[other]) >= MIN_BRANDS:
            yield other


def _may_be_synonym(word: str, elsewhere: Collection[str], brand: Collection[str]) -> bool:
    return word.isalpha() and len(word) >= MIN_LETTERS and word not in elsewhere and word not in brand
