"""What a cart costs, and what the shopper should know of its lines. The server alone computes it."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from schemas.contract import Contract, Line, Money
from services.cart.domain import Cart, CartLine, Product

NOTHING = Money(amount=0)
SHIPPING = Money(amount=599)
FREE_SHIPPING_FROM = Money(amount=5000)
LOW_STOCK = 3
"""From so few available units on the shopper is told."""


class NoticeCode(StrEnum):
    """What the shopper should know of a line, the gravest first."""

    UNAVAILABLE = "UNAVAILABLE"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    PRICE_CHANGED = "PRICE_CHANGED"
    LOW_STOCK = "LOW_STOCK"


class CartNotice(Contract):
    """What the shopper should know of a line; the client has the words for it."""

    code: NoticeCode
    previous_price: Money | None = Field(default=None, description="With PRICE_CHANGED: the price they last saw.")
    available: int | None = Field(default=None, description="With OUT_OF_STOCK and LOW_STOCK: units there are.")


class PricedLine(Contract):
    """A line of the cart as the shopper sees it."""

    product_id: str
    name: str
    quantity: int
    unit_price: Money
    line_total: Money
    image_url: str = Field(description="Empty where the product has no image.")
    available: int = Field(description="Units that can be bought now; 0 where the product is not on sale.")
    notice: CartNotice | None = None

    @property
    def buyable(self) -> bool:
        """Whether the line counts in the totals. Missing stock is judged at checkout, by inventory."""
        return self.notice is None or self.notice.code is not NoticeCode.UNAVAILABLE

    def bought(self) -> Line:
        """Return the line as an order or an event has it."""
        return Line(
            product_id=self.product_id,
            name=self.name,
            quantity=self.quantity,
            unit_price=self.unit_price,
            image_url=self.image_url or None,
        )


class PricedCart(Contract):
    """The cart as the shopper sees it. Totals are over the lines that can be bought."""

    lines: list[PricedLine]
    subtotal: Money
    shipping: Money
    total: Money


def shipping_of(subtotal: Money) -> Money:
    """Return what the parcel of bought goods costs: nothing from FREE_SHIPPING_FROM on."""
    return NOTHING if subtotal.amount >= FREE_SHIPPING_FROM.amount else SHIPPING


def priced(cart: Cart, products: Mapping[str, Product]) -> PricedCart:
    """Return the cart at today's prices, its lines in the order in which they came in.

    Parameters:
        cart: the cart.
        products: by id; a line whose product is missing here is shown as unavailable.
    """
    held = sorted(cart.lines.values(), key=lambda line: (line.added_at, line.product_id))
    lines = [_priced_line(line, products.get(line.product_id)) for line in held]
    goods = [line.line_total for line in lines if line.buyable]
    subtotal = sum(goods, start=NOTHING)
    shipping = shipping_of(subtotal) if goods else NOTHING
    return PricedCart(lines=lines, subtotal=subtotal, shipping=shipping, total=subtotal + shipping)


def _priced_line(line: CartLine, product: Product | None) -> PricedLine:
    price = product.price if product else line.seen_price
    return PricedLine(
        product_id=line.product_id,
        name=product.name if product else line.product_id,
        quantity=line.quantity,
        unit_price=price,
        line_total=price * line.quantity,
        image_url=product.image_url if product else "",
        available=product.available if product and product.on_sale else 0,
        notice=notice_of(line, product),
    )


def notice_of(line: CartLine, product: Product | None) -> CartNotice | None:
    """Return what the shopper should know of a line, the gravest where there is more than one."""
    if product is None or not product.on_sale:
        return CartNotice(code=NoticeCode.UNAVAILABLE)
    if product.available < line.quantity:
        return CartNotice(code=NoticeCode.OUT_OF_STOCK, available=product.available)
    if product.price != line.seen_price:
        return CartNotice(code=NoticeCode.PRICE_CHANGED, previous_price=line.seen_price)
    if product.available <= LOW_STOCK:
        return CartNotice(code=NoticeCode.LOW_STOCK, available=product.available)
    return None
