"""What the index holds of a product, and the version of that form.

The version is part of every index's name. Whoever changes a field, or the analysis, raises it: an index of
another version is never read, and search says so until it is built anew.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from services.search import text_analysis as analysis

VERSION = 1
TIES = 1 << 16
"""Ranks among products that match equally well: whole numbers below this."""
_WORDS_BITS = 4
_HASH_BITS = 11
_RANK_BITS = 20
# What follows the thing itself: "Box Grater | with Beech Handle", "Skillet |, 26 cm".
_APPENDIX = re.compile(r"[,(:;/|]| [-–—] | (?:with|for|on|in|from|by)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """A product as it is searched for.

    Attributes:
        product_id: of the product.
        revision: counts the changes of the document; what is older never replaces what is newer.
        product: as the catalog shows it, in JSON's names; None where it is not shown. What is left then is a
            mark that keeps something older from coming back.
        available: units that can be bought.
        sequence: of the catalog's change that it shows.
    """

    product_id: str
    revision: int
    product: dict[str, Any] | None
    available: int
    sequence: int

    @property
    def source(self) -> dict[str, Any]:
        """Return what is kept to answer with."""
        return {"product": self.product, "available": self.available, "sequence": self.sequence}

    @cached_property
    def fields(self) -> dict[str, Any]:
        """Return what is searched, filtered, counted and sorted by: terms joined by spaces, keys, numbers."""
        product = self.product
        if product is None:
            return {}
        name, brand, tags = product["name"], product["brand"], product.get("tags", [])
        category = product["category"].replace("-", " ")
        attributes = " ".join(product.get("attributes", {}).values())
        created = int(datetime.fromisoformat(product["createdAt"]).timestamp() * 1000)
        return {
            "name": _terms(name),
            "head": " ".join(analysis.stems(head_of(name))),
            "brand": _terms(brand),
            "category": _terms(category),
            "tags": _terms(" ".join(tags)),
            "description": _terms(f"{product['description']} {attributes}"),
            "name_words": " ".join(_plain(name)),
            "words": " ".join(_plain(f"{name} {brand} {category} {' '.join(tags)}")),
            "completions": self._completions(),
            "category_key": product["category"],
            "brand_key": brand,
            "price": product["price"]["amount"],
            "in_stock": self.available > 0,
            "price_rank": self._rank(product["price"]["amount"]),
            "newest_rank": self._rank(created),
            "tie": self._tie(len(analysis.words(name))),
        }

    def _completions(self) -> list[str]:
        product = self.product or {}
        phrases = [head_of(product["name"]), product["brand"], product["category"].replace("-", " ")]
        found = [" ".join(analysis.words(phrase)) for phrase in (*phrases, *product.get("tags", []))]
        return sorted({phrase for phrase in found if phrase})

    def _rank(self, value: int) -> int:
        """Return a number that sorts by the value, then in an order of products that is always the same."""
        return min(value, (1 << (62 - _RANK_BITS)) - 1) << _RANK_BITS | self._hash % (1 << _RANK_BITS)

    def _tie(self, length: int) -> int:
        """Among products that match equally well: what is in stock, the shorter name, a fixed order."""
        brevity = max(0, (1 << _WORDS_BITS) - 1 - length)
        stocked = int(self.available > 0)
        return (stocked << _WORDS_BITS | brevity) << _HASH_BITS | self._hash % (1 << _HASH_BITS)

    @cached_property
    def _hash(self) -> int:
        return int.from_bytes(hashlib.blake2b(self.product_id.encode(), digest_size=8).digest())


def index_name(moment: str) -> str:
    """Return the name of an index that is begun now: it tells the version of what is in it."""
    return f"products-v{VERSION}-{moment}"


def is_known(name: str) -> bool:
    """Return whether an index is of the version that this code reads and writes."""
    return name.startswith(f"products-v{VERSION}-")


def head_of(name: str) -> str:
    """Return the word that says what a product is: the last before what is added to it."""
    found = analysis.words(_APPENDIX.split(name, maxsplit=1)[0]) or analysis.words(name)
    return found[-1] if found else ""


def encoded(document: Document) -> bytes:
    """Return the source as bytes."""
    return json.dumps(document.source, ensure_ascii=False, separators=(",", ":")).encode()


def _terms(text: str) -> str:
    return " ".join([*analysis.stems(text), *(analysis.stem(word) for word in analysis.compounds(text))])


def _plain(text: str) -> list[str]:
    """Return the words as they are written, and their stems: what is typed wrong may be of another form too."""
    written = [*analysis.words(text), *analysis.compounds(text)]
    return list(dict.fromkeys([*written, *map(analysis.stem, written)]))
