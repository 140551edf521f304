"""HTTP routes of the catalog that everyone may read; those of staff are in ``staff_api.py``."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from bus.cursor import InvalidCursorError
from bus.http import ANYONE, Api, Problem, not_found
from schemas.catalog import ProductSnapshot
from schemas.contract import Contract
from services.catalog.dependencies import store
from services.catalog.store import Category

api = Api()
app = api.app
ProductIdInPath = Annotated[str, Path(max_length=128)]


class ProductPage(Contract):
    """A page of products that shoppers see."""

    items: list[ProductSnapshot]
    next_cursor: str | None = None


class CategoryList(Contract):
    """All categories that hold something to see."""

    items: list[Category]


@app.get("/api/products", tags=["catalog"], security=ANYONE)
def list_products(
    category: Annotated[str | None, Query(min_length=1, max_length=64)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 24,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
) -> ProductPage:
    """List the products of a category, or all of them, newest first."""
    try:
        products, following = store().list_visible(category, limit, cursor)
    except InvalidCursorError:
        raise Problem(422, "VALIDATION", "This cursor is not one of ours.") from None
    return ProductPage(items=products, next_cursor=following)


@app.get("/api/products/<product_id>", tags=["catalog"], security=ANYONE)
def get_product(product_id: ProductIdInPath) -> ProductSnapshot:
    """Read a product. One that is hidden is not there."""
    product = store().get_visible(product_id)
    if product is None:
        raise not_found("product")
    return product


@app.get("/api/categories", tags=["catalog"], security=ANYONE)
def list_categories() -> CategoryList:
    """List the categories, each with the number of its products."""
    return CategoryList(items=store().list_categories())
