"""Commands of the cart: what checkout may buy, and a change that a shopper has agreed to in another service."""

from typing import Literal

from pydantic import Field

from bus.command import command
from schemas.contract import Contract, Identifier, Line, Money
from services.cart.domain import (
    MAX_LINES,
    MAX_QUANTITY,
    ErasedError,
    OutOfStockError,
    RefusedError,
    TooManyLinesError,
    TooManyUnitsError,
)
from services.cart.pricing import PricedCart
from services.cart.shopping import shopping


class ValidateInput(Contract):
    """Whose cart, and the total that they agreed to."""

    user_id: Identifier
    expected_total: Money


class Valid(Contract):
    """The cart can be bought. Stock is not judged here: to reserve it is the only answer that holds.

    Attributes:
        sequence: counts the changes of the cart.
        last_order_id: the order that was taken out of the cart last: what it had is not in here.
    """

    outcome: Literal["VALID"] = "VALID"
    lines: list[Line]
    subtotal: Money
    shipping: Money
    total: Money
    sequence: int
    last_order_id: Identifier | None = None


class Erased(Contract):
    """The shopper was erased; a token of theirs may live for up to an hour."""

    outcome: Literal["ACCOUNT_ERASED"] = "ACCOUNT_ERASED"


class EmptyCart(Contract):
    """There is nothing to buy."""

    outcome: Literal["EMPTY_CART"] = "EMPTY_CART"


class GoneLine(Contract):
    """A product that is no longer on sale."""

    product_id: str
    name: str


class Unavailable(Contract):
    """Some of the cart is no longer on sale."""

    outcome: Literal["UNAVAILABLE"] = "UNAVAILABLE"
    lines: list[GoneLine]


class PriceChanged(Contract):
    """The total is another one than the shopper agreed to."""

    outcome: Literal["PRICE_CHANGED"] = "PRICE_CHANGED"
    cart: PricedCart


def _validate(given: ValidateInput) -> Valid | Erased | EmptyCart | Unavailable | PriceChanged:
    try:
        held, cart = shopping().read(given.user_id)
    except ErasedError:
        return Erased()
    if not cart.lines:
        return EmptyCart()
    gone = [line for line in cart.lines if not line.buyable]
    if gone:
        return Unavailable(lines=[GoneLine(product_id=line.product_id, name=line.name) for line in gone])
    if cart.total != given.expected_total:
        return PriceChanged(cart=cart)
    return Valid(
        lines=[line.bought() for line in cart.lines],
        subtotal=cart.subtotal,
        shipping=cart.shipping,
        total=cart.total,
        sequence=held.sequence,
        last_order_id=held.last_order_id,
    )


class ChangeInput(Contract):
    """What a shopper has agreed to: units to add, a quantity to hold, or a product to take out."""

    user_id: Identifier
    change: Literal["ADD", "SET", "REMOVE"]
    product_id: Identifier
    quantity: int = Field(default=1, ge=1, le=MAX_QUANTITY)
    agreed_price: Money | None = Field(default=None, description="Of one unit, as the shopper has seen it.")


class Changed(Contract):
    """It is done."""

    outcome: Literal["CHANGED"] = "CHANGED"
    cart: PricedCart


class Refused(Contract):
    """A rule of the cart forbids it; nothing has changed."""

    outcome: Literal["REFUSED"] = "REFUSED"
    code: Literal["OUT_OF_STOCK", "QUANTITY_LIMIT", "CART_FULL", "UNKNOWN_PRODUCT", "PRICE_CHANGED", "ACCOUNT_ERASED"]
    limit: int | None = Field(default=None, description="Units or products there may be.")
    price: Money | None = Field(default=None, description="With PRICE_CHANGED: the price of today.")


def _change(given: ChangeInput) -> Changed | Refused:
    known = shopping().products.named([given.product_id]).get(given.product_id)
    if given.change != "REMOVE" and given.agreed_price and known and known.price != given.agreed_price:
        return Refused(code="PRICE_CHANGED", price=known.price)
    try:
        match given.change:
            case "ADD":
                return Changed(cart=shopping().add(given.user_id, given.product_id, given.quantity))
            case "SET":
                return Changed(cart=shopping().set(given.user_id, given.product_id, given.quantity))
            case "REMOVE":
                return Changed(cart=shopping().remove(given.user_id, given.product_id))
    except OutOfStockError as refused:
        return Refused(code="OUT_OF_STOCK", limit=refused.available)
    except TooManyUnitsError:
        return Refused(code="QUANTITY_LIMIT", limit=MAX_QUANTITY)
    except TooManyLinesError:
        return Refused(code="CART_FULL", limit=MAX_LINES)
    except ErasedError:
        return Refused(code="ACCOUNT_ERASED")
    except RefusedError:
        return Refused(code="UNKNOWN_PRODUCT")


validate = command(_validate, ValidateInput)
change = command(_change, ChangeInput)
