"""The rows of a bulk import: lenient in the names of fields, strict in their values.

A row tells of one product. The README has the table of names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from services.catalog.details import NewProduct
from services.catalog.dollars import cents_of
from services.catalog.slug import slug_of

FIELDS = {
    "productid": "productId",
    **dict.fromkeys(("name", "title"), "name"),
    "description": "description",
    "category": "category",
    "brand": "brand",
    "price": "price",
    "compareatprice": "compareAtPrice",
    **dict.fromkeys(("imageurl", "image", "thumbnail"), "imageUrl"),
    "images": "images",
    "tags": "tags",
    "attributes": "attributes",
    "status": "status",
    **dict.fromkeys(("initialstock", "stock"), "initialStock"),
}
"""Names in a row, in small letters and without separators, and the fields that they mean."""

ATTRIBUTES = {
    "id": "externalId",
    "sku": "sku",
    "weight": "weight",
    "dimensions": "dimensions",
    "warrantyinformation": "warranty",
    "shippinginformation": "shipping",
    "returnpolicy": "returnPolicy",
}
"""Names in a row that become attributes of the product, and the names of those."""


class BadRowError(Exception):
    """A row that cannot become a product.

    Attributes:
        errors: all that is wrong with it, each as ``field: what is wrong``.
        product_id: which product it would have been, where that is known.
        ignored: names in the row that mean nothing to the catalog, perhaps because they are misspelt.
    """

    def __init__(self, errors: list[str], product_id: str | None = None, ignored: tuple[str, ...] = ()) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors
        self.product_id = product_id
        self.ignored = ignored


@dataclass(frozen=True, slots=True)
class Row:
    """A row that can be imported.

    Attributes:
        product_id: given, or derived from the name and the foreign id.
        product: what the row says of it.
        ignored: names in the row that mean nothing to the catalog.
    """

    product_id: str
    product: NewProduct
    ignored: tuple[str, ...]


def read_row(row: object) -> Row:
    """Read a row; raises BadRowError with all that is wrong with it."""
    if not isinstance(row, Mapping):
        raise BadRowError(["the row is not an object with fields"])
    sorting = _Sorting()
    for name, value in row.items():
        if value is not None and value != "":
            sorting.take(str(name), value)
    return sorting.result()


class _Sorting:
    """One row while its fields are sorted into those of a product."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.attributes: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.ignored: list[str] = []
        self.errors: list[str] = []

    def take(self, name: str, value: object) -> None:
        plain = "".join(character for character in name.casefold() if character.isalnum())
        field = FIELDS.get(plain) or ATTRIBUTES.get(plain)
        if field is None:
            self.ignored.append(name)
        elif field in self.names:
            self.errors.append(f"{name}: says the same as {self.names[field]}; leave one of them out")
        else:
            self.names[field] = name
            try:
                self._sort(plain, field, value)
            except ValueError as error:
                self.errors.append(f"{name}: {error}")

    def _sort(self, plain: str, field: str, value: object) -> None:
        if plain in ATTRIBUTES:
            self.attributes |= _attributes(field, value)
        elif field == "attributes":
            self.fields[field] = _members(value)
        elif field in ("price", "compareAtPrice"):
            self.fields[field] = _money(value)
        elif field == "initialStock":
            self.fields[field] = _whole_number(value)
        else:
            self.fields[field] = value

    def result(self) -> Row:
        product_id = self.fields.get("productId") or self._derived_id()
        if product_id:
            self.fields["productId"] = product_id
        elif isinstance(name := self.fields.get("name"), str) and name.strip():
            self.errors.append("productId: cannot be derived from this name; give one")
        self.fields["attributes"] = self.attributes | self.fields.get("attributes", {})
        product = self._product()
        if product is None or self.errors:
            known = product_id if isinstance(product_id, str) else None
            raise BadRowError(self.errors, known, tuple(self.ignored))
        return Row(str(product_id), product, tuple(self.ignored))

    def _product(self) -> NewProduct | None:
        # What is wrong already is told once; pydantic would say of it that it is missing.
        told = {error.partition(":")[0] for error in self.errors}
        try:
            return NewProduct.model_validate(self.fields)
        except ValidationError as error:
            faults = [(self._named(fault["loc"]), fault) for fault in error.errors(include_url=False)]
            self.errors += [f"{path}: {_said(fault)}" for path, fault in faults if path.partition(".")[0] not in told]
            return None

    def _derived_id(self) -> str | None:
        """Return the id that the name and the foreign id come to; the name alone must come to something."""
        name = self.fields.get("name")
        if not isinstance(name, str) or not slug_of(name):
            return None
        return slug_of(name, self.attributes.get("externalId", ""))

    def _named(self, path: tuple[int | str, ...]) -> str:
        head, *rest = path or ("row",)
        return ".".join([self.names.get(str(head), str(head)), *map(str, rest)])


def _said(fault: Any) -> str:
    return "is missing" if fault["type"] == "missing" else str(fault["msg"])


def _money(value: object) -> object:
    if isinstance(value, Mapping):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("is neither an amount in dollars nor {amount, currency}")
    return {"amount": cents_of(value)}


def _whole_number(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().isdecimal() and value.isascii() and len(value) <= 12:
        return int(value)
    raise ValueError("is not a whole number of units")


def _members(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError("is not an object with members")
    found: dict[str, str] = {}
    for name, member in value.items():
        found |= _attributes(str(name), member)
    return found


def _attributes(name: str, value: object) -> dict[str, str]:
    """Return the attributes that a value comes to: ``dimensions`` with a width is ``dimensions.width``."""
    if isinstance(value, Mapping):
        return {f"{name}.{key}": _text(held) for key, held in value.items() if held is not None}
    return {} if value is None else {name: _text(value)}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, list) and all(isinstance(entry, str | int) for entry in value):
        return ", ".join(_text(entry) for entry in value)
    raise ValueError("is nested too deeply for an attribute")
