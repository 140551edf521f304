"""The rules of products: creation, replacement, deletion, ids and category counts. Pure: the store writes."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from schemas.catalog import ProductCreated, ProductDeleted, ProductSnapshot, ProductUpdated
from services.catalog.product_input import ProductInput
from services.catalog.slug import slugify


class ProductExistsError(Exception):
    """A product of that id exists."""


class ProductNotFoundError(Exception):
    """No product of that id exists, or it was deleted."""


@dataclass(frozen=True, slots=True)
class ProductRecord:
    """A product as it is stored.

    Attributes:
        sequence: number of its changes; it continues when a deleted product is created again.
        product: None if it is deleted.
    """

    sequence: int
    product: ProductSnapshot | None


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
        """The number of changes of the product, this one included."""
        return (self.before.sequence if self.before else 0) + 1


Decision = Callable[[ProductRecord | None], ProductChange]
"""Returns a change for the stored record; called again with the new record after a conflict."""


def derive_product_id(name: str, external_id: str = "") -> str | None:
    """Return the id of a product that was given without one, so that the same input always gives the same id.

    Parameters:
        name: the product's name.
        external_id: its id in the shop that it was imported from.

    Returns a slug of both, or None if the name has neither a Latin letter nor a digit.
    """
    return slugify(name, external_id) if slugify(name) else None


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


def replace(product_id: str, product_input: ProductInput, now: datetime, record: ProductRecord | None) -> ProductChange:
    """Replace all fields of a product; without a status it keeps its own. Equal fields change nothing.

    Raises ProductNotFoundError.
    """
    if record is None or record.product is None:
        raise ProductNotFoundError(product_id)
    old = record.product
    new = _snapshot(product_id, product_input, product_input.status or old.status, old.created_at, now)
    if new == old.model_copy(update={"updated_at": now}):
        return ProductChange(product_id, record, old, None)
    return ProductChange(product_id, record, new, ProductUpdated(product_id=product_id, product=new))


def create_or_replace(
    product_id: str, product_input: ProductInput, initial_stock: int | None, now: datetime, record: ProductRecord | None
) -> ProductChange:
    """Create a product, or replace it if it exists; ``initial_stock`` then has no effect: stock is inventory's."""
    if record and record.product:
        return replace(product_id, product_input, now, record)
    return create(product_id, product_input, initial_stock, now, record)


def delete(product_id: str, now: datetime, record: ProductRecord | None) -> ProductChange:
    """Delete a product; raises ProductNotFoundError."""
    if record is None or record.product is None:
        raise ProductNotFoundError(product_id)
    return ProductChange(product_id, record, None, ProductDeleted(product_id=product_id, deleted_at=now))


def category_count_changes(changes: Iterable[ProductChange]) -> dict[str, int]:
    """Return the change of the number of visible products by category, without categories that keep theirs."""
    counts: Counter[str] = Counter()
    for change in changes:
        before = change.before.product if change.before else None
        for product, step in ((before, -1), (change.after, 1)):
            if product and is_visible(product):
                counts[product.category] += step
    return {category: count for category, count in counts.items() if count}


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
