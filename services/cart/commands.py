"""The command of checkout: what is in the cart, at the price that the shopper has seen, or why not."""

from typing import Literal

from bus.command import command
from schemas.contract import Contract, Identifier, Line, Money
from services.cart.pricing import PricedCart
from services.cart.shopping import shopping


class ValidateInput(Contract):
    """Whose cart, and the total that they agreed to."""

    user_id: Identifier
    expected_total: Money


class Valid(Contract):
    """The cart can be bought. Stock is not judged here: to reserve it is the only answer that holds."""

    outcome: Literal["VALID"] = "VALID"
    lines: list[Line]
    subtotal: Money
    shipping: Money
    total: Money


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


def _validate(given: ValidateInput) -> Valid | EmptyCart | Unavailable | PriceChanged:
    cart = shopping().show(given.user_id)
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
    )


validate = command(_validate, ValidateInput)
