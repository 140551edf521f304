"""Events of the catalog service."""

from typing import Literal

from pydantic import Field

from schemas.contract import Contract, Count, Identifier, Money, Timestamp
from schemas.event import Event

ProductStatus = Literal["ACTIVE", "HIDDEN"]


class ProductSnapshot(Contract):
    """A product as the catalog shows it. Stock is inventory's and is not here."""

    product_id: Identifier
    name: str
    description: str
    category: str
    brand: str
    price: Money
    compare_at_price: Money | None = None
    image_url: str
    images: list[str] = []
    tags: list[str] = []
    attributes: dict[str, str] = {}
    status: ProductStatus
    created_at: Timestamp
    updated_at: Timestamp


class ProductCreated(Event, aggregate="product_id"):
    """A product exists now."""

    product_id: Identifier
    product: ProductSnapshot
    initial_stock: Count | None = Field(
        default=None,
        description="Units on hand that came with it; from then on stock is inventory's alone.",
    )


class ProductUpdated(Event, aggregate="product_id"):
    """A product is shown differently from now on; carries the whole of it."""

    product_id: Identifier
    product: ProductSnapshot


class ProductDeleted(Event, aggregate="product_id"):
    """A product can no longer be seen or bought."""

    product_id: Identifier
    deleted_at: Timestamp
