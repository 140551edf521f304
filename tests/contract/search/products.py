"""Documents to search in: the shop's own catalogue, and single products."""

import json
from datetime import UTC, datetime
from typing import Any

from ecom67.local.seeding import PRODUCTS
from schemas.catalog import ProductSnapshot
from schemas.contract import Money
from services.search.document import ProductDocument
from services.search.engine import Engine
from services.search.search_service import ResultPage, SearchParameters, search

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def product(product_id: str, **said: Any) -> dict[str, Any]:
    """Return a product as the index holds it; takes what differs from a mug of $22.00."""
    given = {
        "product_id": product_id,
        "name": "Stoneware Mug",
        "description": "",
        "category": "coffee-and-tea",
        "brand": "Culverhay Pottery",
        "price": Money(amount=2200),
        "image_url": f"/images/{product_id}.svg",
        "status": "ACTIVE",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return ProductSnapshot.model_validate(given | said).model_dump(mode="json", exclude_none=True)


def document(product_id: str, *, revision: int = 1, available: int = 5, **said: Any) -> ProductDocument:
    """Return the document of a product that is shown."""
    return ProductDocument(product_id, revision, product(product_id, **said), available, sequence=revision)


def mark(product_id: str, revision: int) -> ProductDocument:
    """Return what is left of a product that is not shown any more."""
    return ProductDocument(product_id, revision, None, 0, sequence=revision)


def catalogue() -> list[ProductDocument]:
    """Return the shop's own products; every seventh is sold out."""
    rows = json.loads(PRODUCTS.read_text())
    times = {"createdAt": "2026-11-01T00:00:00.000Z", "updatedAt": "2026-11-01T00:00:00.000Z", "status": "ACTIVE"}
    return [
        ProductDocument(row["productId"], 1, {**row, **times}, 0 if number % 7 == 0 else row["stock"], 1)
        for number, row in enumerate(rows)
    ]


def found(engine: Engine, text: str, **wanted: Any) -> ResultPage:
    """Search."""
    return search(engine, SearchParameters(text, **wanted))


def ids(result: ResultPage) -> list[str]:
    """Return the ids on a page, in their order."""
    return [hit.product["productId"] for hit in result.hits]


def all_ids(engine: Engine, text: str, *, limit: int = 5, **wanted: Any) -> list[str]:
    """Return the ids of all pages, in their order."""
    seen: list[str] = []
    cursor = None
    while True:
        result = found(engine, text, limit=limit, cursor=cursor, **wanted)
        seen += ids(result)
        cursor = result.cursor
        if cursor is None:
            return seen
