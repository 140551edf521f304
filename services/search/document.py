"""The document that the index holds of a product, and the version of its form.

The version is part of every index's name. Raise it with every change of a field or of the text analysis: an index
of another version is never read, and search answers 503 until it is rebuilt.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from services.search import text_analysis

VERSION = 1
TIE_LIMIT = 1 << 16
"""Upper bound, excluded, of ``tie``, which orders products of the same score."""
_WORDS_BITS = 4
_HASH_BITS = 11
_RANK_BITS = 20
# Begins what follows the product's type in a name: "Box Grater | with Beech Handle", "Skillet |, 26 cm".
_QUALIFIER = re.compile(r"[,(:;/|]| [-–—] | (?:with|for|on|in|from|by)\b", re.IGNORECASE)


@dataclass(frozen=True)
class ProductDocument:
    """A product as it is indexed.

    Attributes:
        product_id: id of the product.
        revision: number of the document's last change; an older document never replaces a newer one.
        product: the product with JSON field names; None if shoppers do not see it. Such a document is a tombstone,
            which keeps a late write of an older one from bringing the product back.
        available: units that can be bought.
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
        name, brand, tags = product["name"], product["brand"], product.get("tags", [])
        category = product["category"].replace("-", " ")
        attributes = " ".join(product.get("attributes", {}).values())
        created = int(datetime.fromisoformat(product["createdAt"]).timestamp() * 1000)
        return {
            "name": _terms(name),
            "head": " ".join(text_analysis.stems(head_noun(name))),
            "brand": _terms(brand),
            "category": _terms(category),
            "tags": _terms(" ".join(tags)),
            "description": _terms(f"{product['description']} {attributes}"),
            "name_words": " ".join(_words_and_stems(name)),
            "words": " ".join(_words_and_stems(f"{name} {brand} {category} {' '.join(tags)}")),
            "completions": self._completions(),
            "category_key": product["category"],
            "brand_key": brand,
            "price": product["price"]["amount"],
            "in_stock": self.available > 0,
            "price_rank": self._rank(product["price"]["amount"]),
            "newest_rank": self._rank(created),
            "tie": self._tie(len(text_analysis.tokenize(name))),
        }

    def _completions(self) -> list[str]:
        product = self.product or {}
        phrases = [head_noun(product["name"]), product["brand"], product["category"].replace("-", " ")]
        found = [" ".join(text_analysis.tokenize(phrase)) for phrase in (*phrases, *product.get("tags", []))]
        return sorted({phrase for phrase in found if phrase})

    def _rank(self, value: int) -> int:
        """Return a sort key: by the value, then by a hash of the product's id, so that the order is always the same."""
        return min(value, (1 << (62 - _RANK_BITS)) - 1) << _RANK_BITS | self._hash % (1 << _RANK_BITS)

    def _tie(self, name_length: int) -> int:
        """Return the order among products of the same score: in stock, the shorter name, a hash of the id."""
        brevity = max(0, (1 << _WORDS_BITS) - 1 - name_length)
        in_stock = int(self.available > 0)
        return (in_stock << _WORDS_BITS | brevity) << _HASH_BITS | self._hash % (1 << _HASH_BITS)

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


def head_noun(name: str) -> str:
    """Return the word that names a product's type: the last before its qualifiers."""
    words = text_analysis.tokenize(_QUALIFIER.split(name, maxsplit=1)[0]) or text_analysis.tokenize(name)
    return words[-1] if words else ""


def encode_source(document: ProductDocument) -> bytes:
    """Return a document's source as JSON."""
    return json.dumps(document.source, ensure_ascii=False, separators=(",", ":")).encode()


def _terms(text: str) -> str:
    compounds = (text_analysis.stem(word) for word in text_analysis.compounds(text))
    return " ".join([*text_analysis.stems(text), *compounds])


def _words_and_stems(text: str) -> list[str]:
    """Return the words as written, and their stems: a mistyped word may also be in another grammatical form."""
    words = [*text_analysis.tokenize(text), *text_analysis.compounds(text)]
    return list(dict.fromkeys([*words, *map(text_analysis.stem, words)]))
