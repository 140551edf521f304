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
    held, cart = shopping().read(given.user_id)
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


validate = command(_validate, ValidateInput)
