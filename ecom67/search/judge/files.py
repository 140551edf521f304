"""Reads the two files of a judgement: the products of a catalogue, and what people think of them for a query."""

import csv
import gzip
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from ecom67.base.errors import CliError

MAX_RATING = 10
"""Highest rating that is read; the gain of a product is 2 to that power."""
_WRITTEN_AT = "2026-01-01T00:00:00.000Z"
_UNSORTED = "all"


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the file.

    Attributes:
        id: id of the product.
        name: its name.
        brand: its brand; may be empty.
        description: its description; may be empty.
        category: key of its category; may be empty.
        tags: its tags.
        attributes: values of its attributes, by name.
        price: price in minor units.
        stock: units that can be bought.
    """

    id: str
    name: str
    brand: str = ""
    description: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    price: int = 0
    stock: int = 1

    def snapshot(self) -> dict[str, Any]:
        """Return the product with the field names of the catalog's events."""
        return {
            "productId": self.id,
            "name": self.name,
            "description": self.description,
            "category": self.category or _UNSORTED,
            "brand": self.brand,
            "price": {"amount": self.price, "currency": "USD"},
            "imageUrl": "",
            "images": [],
            "tags": list(self.tags),
            "attributes": dict(self.attributes),
            "status": "ACTIVE",
            "createdAt": _WRITTEN_AT,
            "updatedAt": _WRITTEN_AT,
        }

    def text(self, *, name: int = 1, brand: int = 1) -> str:
        """Return all words of the product, those of its name and brand several times."""
        rest = [self.category.replace("-", " "), self.description, *self.tags, *self.attributes.values()]
        return " ".join([*[self.name] * name, *[self.brand] * brand, *rest])


Ratings = dict[str, dict[str, int]]
"""The rating of each product that was rated for a query, by query."""


def read_products(file: Path) -> list[Product]:
    """Return the products of a file of JSON lines, which may be compressed with gzip.

    A line has ``id`` and ``title`` (or ``name``), and may have ``description``, ``brand``, ``category``, ``price`` in
    minor units, ``tags``, ``attributes`` and ``stock``.

    Raises:
        CliError: the file cannot be read; the text names the line.
    """
    products = {}
    with _opened(file) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                product = _product(file, number, line)
                products[product.id] = product
    if not products:
        raise CliError(f"{file} has no products.")
    return list(products.values())


def read_ratings(file: Path) -> Ratings:
    """Return the ratings of a CSV file with the columns ``query``, ``id`` and ``rating`` (0 wrong, the highest right).

    Raises:
        CliError: the file cannot be read; the text names the line.
    """
    ratings: Ratings = {}
    with _opened(file) as lines:
        rows = csv.DictReader(lines)
        if not {"query", "id", "rating"} <= set(rows.fieldnames or ()):
            raise CliError(f"{file} needs the columns query, id and rating in its first line.")
        for row in rows:
            try:
                rating = int(row["rating"])
            except (ValueError, TypeError):
                rating = -1
            if not 0 <= rating <= MAX_RATING:
                raise CliError(
                    f"{file}, line {rows.line_num}: the rating {row['rating']!r} is no whole number "
                    f"from 0 to {MAX_RATING}."
                )
            ratings.setdefault(row["query"], {})[row["id"]] = rating
    if not ratings:
        raise CliError(f"{file} has no ratings.")
    return ratings


@contextmanager
def _opened(file: Path) -> Iterator[TextIO]:
    try:
        if file.suffix == ".gz":
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                yield lines
        else:
            with file.open(encoding="utf-8") as lines:
                yield lines
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise CliError(f"{file} cannot be read: {error}") from None


def _product(file: Path, number: int, line: str) -> Product:
    try:
        row = json.loads(line)
        attributes = {str(name): str(value) for name, value in (row.get("attributes") or {}).items()}
        return Product(
            id=str(row["id"]),
            name=str(row.get("title") or row["name"]),
            brand=str(row.get("brand") or ""),
            description=str(row.get("description") or ""),
            category=str(row.get("category") or ""),
            tags=tuple(map(str, row.get("tags") or ())),
            attributes=attributes,
            price=int(row.get("price") or 0),
            stock=int(row.get("stock", 1)),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CliError(
            f"{file}, line {number}: no product ({type(error).__name__}: {error}). "
            "A line is a JSON object with id and title, and price in minor units."
        ) from None
