"""What happens to a product: created, replaced, deleted. Pure rules; the store carries them out."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from schemas.catalog import ProductCreated, ProductDeleted, ProductSnapshot, ProductUpdated
from services.catalog.details import ProductDetails


class ProductExistsError(Exception):
    """There is a product of that id already."""


class NoSuchProductError(Exception):
    """There is no product of that id, or it was deleted."""


@dataclass(frozen=True, slots=True)
class Record:
    """A product as the catalog holds it.

    Attributes:
        sequence: how many changes it has seen; a deleted one goes on counting when it is created anew.
        product: None once it is deleted.
    """

    sequence: int
    product: ProductSnapshot | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one product.

    Attributes:
        product_id: of which product.
        before: what the change was decided on; None where there was nothing.
        after: the product from now on; None where it is deleted.
        event: what is raised; None where nothing changes.
    """

    product_id: str
    before: Record | None
    after: ProductSnapshot | None
    event: ProductCreated | ProductUpdated | ProductDeleted | None

    @property
    def sequence(self) -> int:
        """How many changes the product has seen, this one included."""
        return (self.before.sequence if self.before else 0) + 1


Decision = Callable[[Record | None], Change]
"""Decides on a change by the product as it is now; asked again when somebody else was faster."""


def is_shown(product: ProductSnapshot | None) -> bool:
    """Tell whether shoppers see a product."""
    return product is not None and product.status == "ACTIVE"


def create(
    product_id: str, details: ProductDetails, initial_stock: int | None, now: datetime, record: Record | None
) -> Change:
    """Create a product, or create a deleted one anew; raises ProductExistsError."""
    if record and record.product:
        raise ProductExistsError(product_id)
    product = _snapshot(product_id, details, details.status or "ACTIVE", created_at=now, updated_at=now)
    event = ProductCreated(product_id=product_id, product=product, initial_stock=initial_stock)
    return Change(product_id, record, product, event)


def replace(product_id: str, details: ProductDetails, now: datetime, record: Record | None) -> Change:
    """Replace the whole of a product; raises NoSuchProductError. The same again changes nothing."""
    if record is None or record.product is None:
        raise NoSuchProductError(product_id)
    old = record.product
    new = _snapshot(product_id, details, details.status or old.status, old.created_at, now)
    if new == old.model_copy(update={"updated_at": now}):
        return Change(product_id, record, old, None)
    return Change(product_id, record, new, ProductUpdated(product_id=product_id, product=new))


def create_or_replace(
    product_id: str, details: ProductDetails, initial_stock: int | None, now: datetime, record: Record | None
) -> Change:
    """Create a product, or replace it where it exists: its stock is then inventory's and stays."""
    if record and record.product:
        return replace(product_id, details, now, record)
    return create(product_id, details, initial_stock, now, record)


def delete(product_id: str, now: datetime, record: Record | None) -> Change:
    """Delete a product; raises NoSuchProductError."""
    if record is None or record.product is None:
        raise NoSuchProductError(product_id)
    return Change(product_id, record, None, ProductDeleted(product_id=product_id, deleted_at=now))


def category_counts(changes: Iterable[Change]) -> dict[str, int]:
    """Return by how many shown products each category grows or shrinks; without those that do neither."""
    counts: Counter[str] = Counter()
    for change in changes:
        before = change.before.product if change.before else None
        for product, step in ((before, -1), (change.after, 1)):
            if product and is_shown(product):
                counts[product.category] += step
    return {category: count for category, count in counts.items() if count}


def title_of(category: str) -> str:
    """Return the name under which a category is shown: ``coffee-and-tea`` is ``Coffee & Tea``.

    One that is not written as a key, in small letters with hyphens, is a name already.
    """
    if category != category.lower() or " " in category:
        return category
    return " ".join("&" if word == "and" else word.capitalize() for word in category.split("-") if word) or category


def _snapshot(
    product_id: str, details: ProductDetails, status: str, created_at: datetime, updated_at: datetime
) -> ProductSnapshot:
    fields = ProductDetails.model_fields.keys()
    said = {name: getattr(details, name) for name in fields}
    image_url = details.image_url or next(iter(details.images), "")
    return ProductSnapshot.model_validate(
        said
        | {"product_id": product_id, "status": status, "image_url": image_url}
        | {"created_at": created_at, "updated_at": updated_at}
    )
