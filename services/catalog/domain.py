"""The rules of products: creation, replacement, deletion, ids and category counts. Pure: the store writes."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from schemas.catalog import ProductCreated, ProductDeleted, ProductSnapshot, ProductUpdated
from schemas.sequence import restated_sequence
from services.catalog.history import HistoryLine
from services.catalog.product_input import ProductInput
from services.catalog.slug import slugify


class ProductExistsError(Exception):
    """A product of that id exists."""


class ProductIdTakenError(Exception):
    """Another product has been stored under an id since the id was assigned."""


class ProductChangedError(Exception):
    """A product has changed since its reader saw it.

    Parameters:
        record: what is stored by now.
    """

    def __init__(self, record: "ProductRecord") -> None:
        super().__init__(f"the product is at version {record.sequence}")
        self.record = record


class ProductNotFoundError(Exception):
    """No product of that id exists, or it was deleted."""


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product as it is stored.

    Attributes:
        sequence: of its last change; a deleted product that is created again continues it.
        product: None if it is deleted.
        history: who changed it, the oldest line first.
    """

    sequence: int
    product: ProductSnapshot | None
    history: tuple[HistoryLine, ...] = ()


@dataclass(frozen=True, slots=True)
class ProductChange:
    """One change of one product.

    Attributes:
        product_id: the product.
        before: the record that the change was decided on; None if there was none.
        after: the product after the change; None if it is deleted.
        event: the event to publish; None if nothing changes.
    """

    product_id: str
    before: ProductRecord | None
    after: ProductSnapshot | None
    event: ProductCreated | ProductUpdated | ProductDeleted | None

    @property
    def sequence(self) -> int:
        """The sequence of the change: 1 of the first one, then the clock's, so that it puts every projection right."""
        if self.before is None:
            return 1
        at = self.event.deleted_at if isinstance(self.event, ProductDeleted) else self.after and self.after.updated_at
        return restated_sequence(self.before.sequence, int(at.timestamp() * 1000) if at else 0)


Decision = Callable[[ProductRecord | None], ProductChange]
"""Returns a change for the stored record; called again with the new record after a conflict."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a product of an import from all others: an id that its row gives, or else its name.

    Attributes:
        product_id: the id that the product has, unless another product has it already.
        is_fixed: whether the row gives the product id itself; its product is replaced whatever its name is.
        attribute: the attribute that has the foreign id; None where the name alone is the identity.
    """

    product_id: str
    is_fixed: bool = False
    attribute: Literal["externalId", "sku"] | None = None

    def is_of(self, given: ProductInput, stored: ProductInput | ProductSnapshot) -> bool:
        """Return whether a stored product is the given one. Never so for a product of another name and foreign id."""
        if self.is_fixed:
            return True
        known = stored.attributes.get(self.attribute) if self.attribute else None
        if self.attribute and known is not None:
            return known == given.attributes.get(self.attribute)
        return _comparable(stored.name) == _comparable(given.name)


def identify(name: str, handle: str = "", external_id: str = "", sku: str = "") -> Identity:
    """Return the identity of a product that was given without a product id; the same input gives the same identity.

    The handle is the address in another shop and is kept. A foreign id or SKU with a letter in it stands for the
    product alone, so that the product may be renamed. A bare number does not: two files may both count from 1. The
    name is added to it.

    Parameters:
        name: the product's name.
        handle: its address in the shop that it was imported from.
        external_id: its id there.
        sku: its stock keeping unit.
    """
    if handle:
        return Identity(slugify(handle), is_fixed=True)
    if external_id:
        return Identity(_slug_of_foreign_id(name, external_id), attribute="externalId")
    if sku:
        return Identity(_slug_of_foreign_id(name, sku), attribute="sku")
    return Identity(slugify(name))


def _slug_of_foreign_id(name: str, foreign_id: str) -> str:
    return slugify(foreign_id) if any(character.isalpha() for character in foreign_id) else slugify(name, foreign_id)


def _comparable(name: str) -> str:
    return " ".join(name.casefold().split())


def is_visible(product: ProductSnapshot | None) -> bool:
    """Return whether shoppers see a product."""
    return product is not None and product.status == "ACTIVE"


def create(
    product_id: str, product_input: ProductInput, initial_stock: int | None, now: datetime, record: ProductRecord | None
) -> ProductChange:
    """Create a product, or a deleted one again; raises ProductExistsError.

    Parameters:
        product_id: its id.
        product_input: its fields; without a status it is ACTIVE.
        initial_stock: units, for ProductCreated; None if unknown.
        now: the time of the change.
        record: what is stored under the id.
    """
    if record and record.product:
        raise ProductExistsError(product_id)
    product = _snapshot(product_id, product_input, product_input.status or "ACTIVE", created_at=now, updated_at=now)
    event = ProductCreated(product_id=product_id, product=product, initial_stock=initial_stock)
    return ProductChange(product_id, record, product, event)


def replace(
    product_id: str,
    product_input: ProductInput,
    now: datetime,
    record: ProductRecord | None,
    *,
    seen: int | None = None,
) -> ProductChange:
    """Replace all fields of a product; without a status it keeps its own. Equal fields change nothing.

    Parameters:
        product_id: its id.
        product_input: its fields.
        now: the time of the change.
        record: what is stored under the id.
        seen: version that the caller has edited; None replaces any.

    Raises ProductNotFoundError, and ProductChangedError where another version is stored. A request that is sent again
    after it was carried out finds its own fields, and is no conflict.
    """
    if record is None or record.product is None:
        raise ProductNotFoundError(product_id)
    old = record.product
    new = _snapshot(product_id, product_input, product_input.status or old.status, old.created_at, now)
    if new == old.model_copy(update={"updated_at": now}):
        return ProductChange(product_id, record, old, None)
    _require_version(record, seen)
    return ProductChange(product_id, record, new, ProductUpdated(product_id=product_id, product=new))


def create_or_replace(
    product_id: str, product_input: ProductInput, initial_stock: int | None, now: datetime, record: ProductRecord | None
) -> ProductChange:
    """Create a product, or replace it if it exists; ``initial_stock`` then has no effect: stock is inventory's."""
    if record and record.product:
        return replace(product_id, product_input, now, record)
    return create(product_id, product_input, initial_stock, now, record)


def delete(product_id: str, now: datetime, record: ProductRecord | None, *, seen: int | None = None) -> ProductChange:
    """Delete a product; raises ProductNotFoundError, and ProductChangedError if it is not at the version ``seen``."""
    if record is None or record.product is None:
        raise ProductNotFoundError(product_id)
    _require_version(record, seen)
    return ProductChange(product_id, record, None, ProductDeleted(product_id=product_id, deleted_at=now))


def _require_version(record: ProductRecord, seen: int | None) -> None:
    if seen is not None and record.sequence != seen:
        raise ProductChangedError(record)


def category_count_changes(changes: Iterable[ProductChange]) -> dict[str, int]:
    """Return the change of the number of visible products by category, without categories that keep theirs."""
    counts: Counter[str] = Counter()
    for change in changes:
        for product, step in ((_before(change), -1), (change.after, 1)):
            if product and is_visible(product):
                counts[product.category] += step
    return {category: count for category, count in counts.items() if count}


def new_pictures(changes: Iterable[ProductChange]) -> dict[str, str]:
    """Return the picture that each category gets: that of the visible product that came last, or has another now."""
    pairs = ((_picture_in_category(change.after), _picture_in_category(_before(change))) for change in changes)
    return dict(after for after, before in pairs if after and after != before)


def lost_pictures(changes: Sequence[ProductChange]) -> dict[str, list[str]]:
    """Return the pictures of products that have left a category, by category, unless it gets a new picture."""
    before = {_picture_in_category(_before(change)) for change in changes}
    after = {_picture_in_category(change.after) for change in changes}
    replaced = new_pictures(changes)
    lost: dict[str, list[str]] = {}
    for category, picture in filter(None, before - after):
        if category not in replaced:
            lost.setdefault(category, []).append(picture)
    return lost


def _before(change: ProductChange) -> ProductSnapshot | None:
    return change.before.product if change.before else None


def _picture_in_category(product: ProductSnapshot | None) -> tuple[str, str] | None:
    return (product.category, product.image_url) if product and is_visible(product) and product.image_url else None


def category_name(category: str) -> str:
    """Return the display name of a category: ``coffee-and-tea`` is ``Coffee & Tea``.

    A category that is not a key in lower case with hyphens is its own name.
    """
    if category != category.lower() or " " in category:
        return category
    return " ".join("&" if word == "and" else word.capitalize() for word in category.split("-") if word) or category


def _snapshot(
    product_id: str, product_input: ProductInput, status: str, created_at: datetime, updated_at: datetime
) -> ProductSnapshot:
    fields = {name: getattr(product_input, name) for name in ProductInput.model_fields}
    image_url = product_input.image_url or next(iter(product_input.images), "")
    return ProductSnapshot.model_validate(
        fields
        | {"product_id": product_id, "status": status, "image_url": image_url}
        | {"created_at": created_at, "updated_at": updated_at}
    )
