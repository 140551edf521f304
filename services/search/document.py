"""The document that the index holds of a product, and the version of its form.

The version is part of every index's name. Raise it with every change of a field or of the text analysis: an index
of another version is never read, and search answers 503 until it is rebuilt.
"""

import hashlib
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from services.search import text_analysis
from services.search.colours import colour_of, colours_of
from services.search.learnt_synonyms import evidence
from services.search.product_type import type_words
from services.search.word_weights import TextField, weighted_term, word_weights

VERSION = 4
SHORT_DESCRIPTION = 8
"""Words of the longest description that is read as another name of the product."""
_BREVITY_BITS = 5
_RANK_BITS = 20
TIE_RANK_BITS = 1 + _BREVITY_BITS + _RANK_BITS
"""Bits of ``tie_rank``, which orders products of the same score."""
BOUNDARY = "|"
"""Stands between two texts of a field, so that no phrase reaches from one into the other. No word has it."""


@dataclass(frozen=True)
class ProductDocument:
    """A product as it is indexed.

    Attributes:
        product_id: id of the product.
        revision: number of the document's last change; an older document never replaces a newer one.
        product: the product with JSON field names; None if shoppers do not see it. Such a document is a tombstone,
            which keeps a late write of an older one from bringing the product back.
        available: units that can be bought, of many as many as search tells.
        sequence: the catalog's number of the change that the document shows.
    """

    product_id: str
    revision: int
    product: dict[str, Any] | None
    available: int
    sequence: int

    @property
    def source(self) -> dict[str, Any]:
        """The stored, unindexed part, from which search results are made."""
        return {"product": self.product, "available": self.available, "sequence": self.sequence}

    @cached_property
    def fields(self) -> dict[str, Any]:
        """The indexed fields: terms joined by spaces, keys, numbers, flags. Empty in a tombstone."""
        product = self.product
        if product is None:
            return {}
        name, brand, description = product["name"], product["brand"], product["description"]
        category, tags = product["category"].replace("-", " "), product.get("tags", [])
        attributes = product.get("attributes", {})
        name_stems, description_stems = text_analysis.stems(name), text_analysis.stems(description)
        types = list(dict.fromkeys([*self._types, *self._described_types(len(description_stems))]))
        texts = [name_stems, *map(text_analysis.stems, (brand, category, *tags)), description_stems]
        texts += map(text_analysis.stems, attributes.values())
        words = {
            TextField.NAME: name_stems,
            TextField.TYPE: _stems(types),
            TextField.COMPOUNDS: [compound for text in (name, *tags) for compound in _compounds(text)],
            TextField.BRAND: text_analysis.stems(brand),
            TextField.CATEGORY: text_analysis.stems(category),
            TextField.TAGS: text_analysis.stems(" ".join(tags)),
            TextField.DESCRIPTION: [*description_stems, *_stems(text_analysis.compounds(description))],
            TextField.ATTRIBUTES: text_analysis.stems(" ".join(attributes.values())),
        }
        weights = word_weights(words)
        label = f"{name} {brand} {category} {' '.join(tags)}"
        created = int(datetime.fromisoformat(product["createdAt"]).timestamp() * 1000)
        return {
            "weighted": " ".join(weighted_term(stem, weight) for stem, weight in weights.items()),
            "stems": " ".join(weights),
            "name": " ".join([*name_stems, BOUNDARY, *_compounds(name)]),
            "head": " ".join(dict.fromkeys([*_stems(types), *text_analysis.stems(category)])),
            "text": f" {BOUNDARY} ".join(" ".join(stems) for stems in texts if stems),
            "pairs": " ".join(dict.fromkeys([*pairs(name_stems), *pairs(description_stems)])),
            "codes": " ".join(self._codes()),
            "name_words": " ".join(_words_and_stems(name)),
            "words": " ".join(_words_and_stems(label)),
            "completions": self._completions(),
            "synonym_evidence": evidence(name_stems, description_stems, self._things, words[TextField.BRAND]),
            "category_key": product["category"],
            "brand_key": brand,
            "colours": colours_of([name, *tags], attributes),
            "price": product["price"]["amount"],
            "in_stock": self.available > 0,
            "price_rank": self._rank(product["price"]["amount"]),
            "newest_rank": self._rank(created),
            "tie_rank": self._tie_rank(len(name_stems) + len(description_stems)),
        }

    @cached_property
    def _types(self) -> list[str]:
        product = self.product or {}
        return type_words(product["name"], product["brand"], product.get("attributes", {}))

    @property
    def _things(self) -> list[str]:
        """Return the stems of the words that say what the product is; its colour says none."""
        return _stems(word for word in self._types if colour_of(word) is None)

    def _described_types(self, words: int) -> list[str]:
        """Return the words of the description that say what the product is, if it is so short that it is a name."""
        product = self.product or {}
        if words > SHORT_DESCRIPTION:
            return []
        return type_words(product["description"], product["brand"], product.get("attributes", {}))

    def _codes(self) -> list[str]:
        """Return the codes of all texts of the product; of codes with a slash also the whole."""
        product = self.product or {}
        texts = [product["name"], product["brand"], product["description"], *product.get("tags", [])]
        texts += [self.product_id, *product.get("attributes", {}).values()]
        return list(dict.fromkeys(code for text in texts for code in text_analysis.codes(text)))

    def _completions(self) -> list[str]:
        product = self.product or {}
        phrases = [*self._types, product["brand"], product["category"].replace("-", " "), *product.get("tags", [])]
        found = [" ".join(text_analysis.tokenize(phrase)) for phrase in phrases]
        return sorted({phrase for phrase in found if phrase})

    def _rank(self, value: int) -> int:
        """Return a sort key: by the value, then by a hash of the product's id, so that the order is always the same."""
        return min(value, (1 << (62 - _RANK_BITS)) - 1) << _RANK_BITS | self._hash % (1 << _RANK_BITS)

    def _tie_rank(self, words: int) -> int:
        """Return the order among products of the same score, highest first: in stock, the fewer words, a hash."""
        longest = (1 << _BREVITY_BITS) - 1
        brevity = longest - min(longest, round(6 * math.log2(1 + words / 4)))
        in_stock = int(self.available > 0)
        return (in_stock << _BREVITY_BITS | brevity) << _RANK_BITS | self._hash % (1 << _RANK_BITS)

    @cached_property
    def _hash(self) -> int:
        return int.from_bytes(hashlib.blake2b(self.product_id.encode(), digest_size=8).digest())


def index_name(suffix: str) -> str:
    """Return the name of a new index of the current version.

    Parameters:
        suffix: the time at which it is created, such as ``20261125093000``.
    """
    return f"products-v{VERSION}-{suffix}"


def is_current_version(name: str) -> bool:
    """Return whether an index has the version that this code reads and writes."""
    return name.startswith(f"products-v{VERSION}-")


def encode_source(document: ProductDocument) -> bytes:
    """Return a document's source as JSON."""
    return json.dumps(document.source, ensure_ascii=False, separators=(",", ":")).encode()


def pairs(stems: Sequence[str]) -> list[str]:
    """Return a term for every two stems that stand side by side."""
    return [f"{one}_{other}" for one, other in pairwise(stems)]


def _stems(words: Iterable[str]) -> list[str]:
    return [text_analysis.stem(word) for word in words]


def _compounds(text: str) -> list[str]:
    """Return the stems of hyphenated words, and of neighbours, written together: they are found as one word too."""
    return _stems([*text_analysis.compounds(text), *text_analysis.joined_pairs(text_analysis.tokenize(text))])


def _words_and_stems(text: str) -> list[str]:
    """Return the words as written, and their stems: a mistyped word may also be in another grammatical form."""
    words = [*text_analysis.tokenize(text), *text_analysis.compounds(text)]
    return list(dict.fromkeys([*words, *map(text_analysis.stem, words)]))
