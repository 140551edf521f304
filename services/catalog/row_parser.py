"""Parsing of one row of a bulk import into a product: lenient in the names of fields, strict in their values.

The README has the table of names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from services.catalog.domain import Identity, identify
from services.catalog.html_text import html_to_text, is_html
from services.catalog.lists import split_addresses, split_list
from services.catalog.money_parsing import parse_dollars
from services.catalog.product_input import MAX_PICTURES, NewProduct

FIELDS = {
    "productid": "productId",
    "handle": "handle",
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
"""Fields by their names in a row, in lower case and without separators."""

ATTRIBUTES = {
    "id": "externalId",
    "sku": "sku",
    "weight": "weight",
    "dimensions": "dimensions",
    "warrantyinformation": "warranty",
    "shippinginformation": "shipping",
    "returnpolicy": "returnPolicy",
}
"""Attributes of the product by their names in a row, in lower case and without separators."""

KNOWN_NAMES = frozenset(FIELDS) | frozenset(ATTRIBUTES)
MAX_DESCRIPTION = 5000
"""Characters of a description."""


def identity_key(row: object) -> tuple[str, ...] | None:
    """Return what two rows of one product have in common, without parsing them; None if that is not known."""
    if not isinstance(row, Mapping):
        return None
    told = {FIELDS.get(plain) or ATTRIBUTES.get(plain): value for name, value in row.items() if (plain := _plain(name))}
    name = " ".join(str(told.get("name") or "").casefold().split())
    for field in ("productId", "handle", "externalId", "sku"):
        if value := told.get(field):
            alone = field in ("productId", "handle") or any(character.isalpha() for character in str(value))
            return (field, str(value)) if alone else (field, str(value), name)
    return ("name", name) if name else None


class InvalidRowError(Exception):
    """A row that cannot become a product.

    Attributes:
        errors: all its errors, each as ``field: what is wrong``.
        product_id: the product that it would have been, if known.
        ignored: names in the row that are no known field.
    """

    def __init__(self, errors: list[str], product_id: str | None = None, ignored: tuple[str, ...] = ()) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors
        self.product_id = product_id
        self.ignored = ignored


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """A row that can be imported.

    Attributes:
        identity: which product it is.
        product: the product.
        ignored: names in the row that are no known field.
        notes: what staff should know of how it was read.
    """

    identity: Identity
    product: NewProduct
    ignored: tuple[str, ...]
    notes: tuple[str, ...] = ()


def parse_row(row: object) -> ParsedRow:
    """Parse a row; raises InvalidRowError with all its errors."""
    if not isinstance(row, Mapping):
        raise InvalidRowError(["the row is not an object with fields"])
    parser = _RowParser()
    for name, value in row.items():
        if value is not None and value != "":
            parser.add(str(name), value)
    return parser.result()


class _RowParser:
    """Collects the fields, attributes and errors of one row."""

    def __init__(self) -> None:
        self.fields: dict[str, Any] = {}
        self.attributes: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.ignored: list[str] = []
        self.errors: list[str] = []
        self.notes: list[str] = []

    def add(self, name: str, value: object) -> None:
        plain = _plain(name)
        field = FIELDS.get(plain) or ATTRIBUTES.get(plain)
        if field is None:
            self.ignored.append(name)
        elif field in self.names:
            self.errors.append(f"{name}: says the same as {self.names[field]}; leave one of them out")
        else:
            self.names[field] = name
            try:
                self._convert(plain, field, value)
            except ValueError as error:
                self.errors.append(f"{name}: {error}")

    def _convert(self, plain: str, field: str, value: object) -> None:
        if plain in ATTRIBUTES:
            self.attributes |= _attributes(field, value)
        elif field == "attributes":
            self.fields[field] = _members(value)
        elif field in ("price", "compareAtPrice"):
            self.fields[field] = _money(value)
        elif field == "initialStock":
            self.fields[field] = _whole_number(value)
        elif field == "description" and isinstance(value, str):
            self.fields[field] = self._description(value)
        elif field == "tags" and isinstance(value, str):
            self.fields[field] = split_list(value)
        elif field == "images":
            self.fields[field] = self._pictures(split_addresses(value) if isinstance(value, str) else value)
        elif field == "imageUrl":
            self.fields[field] = next(iter(self._pictures([value])), None)
        else:
            self.fields[field] = value

    def _description(self, text: str) -> str:
        if not is_html(text):
            return text
        plain = html_to_text(text)
        if len(plain) <= MAX_DESCRIPTION:
            return plain
        self.notes.append(f"the description is cut after {MAX_DESCRIPTION} of its {len(plain)} characters")
        return plain[: MAX_DESCRIPTION - 1].rsplit(maxsplit=1)[0] + "…"

    def _pictures(self, addresses: Any) -> Any:
        if not isinstance(addresses, list):
            return addresses
        insecure = [text for text in addresses if isinstance(text, str) and text.lower().startswith("http://")]
        self.notes += [f"the picture {text} is left out: http is refused, give its https address" for text in insecure]
        found = [text for text in addresses if text not in insecure]
        if len(found) > MAX_PICTURES:
            self.notes.append(f"{len(found) - MAX_PICTURES} pictures are left out: a product has {MAX_PICTURES}")
        return found[:MAX_PICTURES]

    def result(self) -> ParsedRow:
        identity = self._identity()
        self.fields["attributes"] = self.attributes | self.fields.get("attributes", {})
        product = self._product()
        if product is None or identity is None or self.errors:
            raise InvalidRowError(self.errors, identity.product_id if identity else None, tuple(self.ignored))
        return ParsedRow(identity, product, tuple(self.ignored), tuple(self.notes))

    def _product(self) -> NewProduct | None:
        # A field with an error is not in the input; pydantic would report it as missing too.
        reported = {error.partition(":")[0] for error in self.errors}
        try:
            return NewProduct.model_validate(self.fields)
        except ValidationError as error:
            found = [(self._path(each["loc"]), _message(each)) for each in error.errors(include_url=False)]
            self.errors += [f"{path}: {text}" for path, text in found if path.partition(".")[0] not in reported]
            return None

    def _identity(self) -> Identity | None:
        handle, given, name = self.fields.pop("handle", ""), self.fields.get("productId"), self.fields.get("name")
        if isinstance(given, str) and given.strip():
            return Identity(given, is_fixed=True)
        if not isinstance(name, str) or not name.strip() or not isinstance(handle, str):
            return None
        return identify(name, handle, self.attributes.get("externalId", ""), self.attributes.get("sku", ""))

    def _path(self, path: tuple[int | str, ...]) -> str:
        head, *rest = path or ("row",)
        return ".".join([self.names.get(str(head), str(head)), *map(str, rest)])


def _plain(name: object) -> str:
    return "".join(character for character in str(name).casefold() if character.isalnum())


def _message(error: Any) -> str:
    return "is missing" if error["type"] == "missing" else str(error["msg"])


def _money(value: object) -> object:
    if isinstance(value, Mapping):
        return value
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError("is neither an amount in dollars nor {amount, currency}")
    return {"amount": parse_dollars(value)}


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
    """Return the attributes of a value, one for each member: ``dimensions`` with a width is ``dimensions.width``."""
    if isinstance(value, Mapping):
        return {f"{name}.{key}": _text(member) for key, member in value.items() if member is not None}
    return {} if value is None else {name: _text(value)}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, list) and all(isinstance(entry, str | int) for entry in value):
        return ", ".join(_text(entry) for entry in value)
    raise ValueError("is nested too deeply for an attribute")
