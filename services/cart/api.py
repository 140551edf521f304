"""HTTP routes of the cart. Each returns the whole cart as it is afterwards."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Body, Path
from pydantic import Field, StringConstraints

from bus.http import Api, Problem, account_erased, not_found
from bus.optimistic_locking import RetriesExhaustedError
from schemas.contract import Contract, Identifier
from services.cart.dependencies import cart_service
from services.cart.domain import (
    MAX_LINES,
    MAX_QUANTITY,
    CartErasedError,
    CartRuleError,
    LeftOut,
    OutOfStockError,
    TooManyLinesError,
    TooManyUnitsError,
)
from services.cart.pricing import PricedCart

api = Api()
app = api.app

MAX_MERGED_LINES = 50
PRODUCT_ID = r"^[0-9A-Za-z]"
"""Other first characters belong to the table's own keys."""

ProductId = Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=PRODUCT_ID)]
ProductInPath = Annotated[str, Path(min_length=1, max_length=128, pattern=PRODUCT_ID)]
Units = Annotated[int, Field(strict=True, ge=1, le=MAX_QUANTITY)]


class CartAddition(Contract):
    """A product, and how many more of it."""

    product_id: ProductId
    quantity: Units


class CartQuantity(Contract):
    """How many of a product from now on. None at all is a DELETE."""

    quantity: Units


class AnonymousCart(Contract):
    """What was in the browser before the shopper signed in."""

    merge_id: Identifier = Field(description="Made by the client; the same again is merged only once.")
    lines: list[CartAddition] = Field(max_length=MAX_MERGED_LINES)


class LeftOutLine(Contract):
    """A product that could not be merged."""

    product_id: str
    reason: LeftOut


class MergedCart(PricedCart):
    """The cart after a merge."""

    dropped: list[LeftOutLine]


@app.get("/api/cart", tags=["cart"])
def get_cart() -> PricedCart:
    """Read the cart at today's prices, with what the shopper should know of its lines."""
    return cart_service().get(api.caller().user_id)


@app.post("/api/cart", tags=["cart"])
def add_to_cart(addition: Annotated[CartAddition, Body()]) -> PricedCart:
    """Add units of a product to those in the cart."""
    return cart_service().add(api.caller().user_id, addition.product_id, addition.quantity)


@app.delete("/api/cart", tags=["cart"])
def empty_cart() -> PricedCart:
    """Take everything out of the cart."""
    return cart_service().empty(api.caller().user_id)


@app.post("/api/cart/merge", tags=["cart"])
def merge_cart(anonymous: Annotated[AnonymousCart, Body()]) -> MergedCart:
    """Merge the cart of the visitor who has signed in now: quantities add up, as far as units are available."""
    lines = [(line.product_id, line.quantity) for line in anonymous.lines]
    cart, left_out = cart_service().merge(api.caller().user_id, anonymous.merge_id, lines)
    dropped = [LeftOutLine(product_id=product_id, reason=LeftOut(reason)) for product_id, reason in left_out.items()]
    return MergedCart(**dict(cart), dropped=dropped)


@app.put("/api/cart/<product_id>", tags=["cart"])
def set_quantity(product_id: ProductInPath, wanted: Annotated[CartQuantity, Body()]) -> PricedCart:
    """Set how many units of a product are in the cart, and accept its price of today."""
    return cart_service().set_quantity(api.caller().user_id, product_id, wanted.quantity)


@app.delete("/api/cart/<product_id>", tags=["cart"])
def remove_from_cart(product_id: ProductInPath) -> PricedCart:
    """Take a product out of the cart."""
    return cart_service().remove(api.caller().user_id, product_id)


def _problem(error: Exception) -> Problem:
    match error:
        case OutOfStockError():
            units = {"productId": error.product_id, "requested": error.requested, "available": error.available}
            return Problem(409, "OUT_OF_STOCK", "There are not as many units of this product.", **units)
        case TooManyUnitsError():
            detail = f"A cart holds at most {MAX_QUANTITY} units of a product."
            return Problem(422, "QUANTITY_LIMIT", detail, limit=MAX_QUANTITY)
        case TooManyLinesError():
            return Problem(422, "CART_FULL", f"A cart holds at most {MAX_LINES} products.", limit=MAX_LINES)
        case CartErasedError():
            return account_erased()
        case RetriesExhaustedError():
            return Problem(503, "CART_BUSY", "The cart is being changed elsewhere. Please try again.")
        case _:
            return not_found("product")


app.exception_handler([CartRuleError, CartErasedError, RetriesExhaustedError])(lambda error: _problem(error).response())
