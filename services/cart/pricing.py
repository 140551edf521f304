"""The price of a cart: line totals, shipping, tax, total, and notices. The server alone computes it."""

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from delivery.settings import delivery_settings
from schemas.contract import Contract, Line, Money
from schemas.tax import OrderTax, total_with_tax
from services.cart.domain import Cart, CartLine, CartProduct

ZERO = Money(amount=0)
LOW_STOCK_THRESHOLD = 3
"""Available units from which down a line has the notice LOW_STOCK."""


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
    def purchasable(self) -> bool:
        """Whether the line counts in the totals. Stock is checked at checkout, by inventory."""
        return self.notice is None or self.notice.code is not NoticeCode.UNAVAILABLE

    def to_order_line(self) -> Line:
        """Return the line in the form of orders and events."""
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
    shipping: Money = Field(description="What delivery costs; the usual way, while nothing is known of the address.")
    tax: OrderTax | None = Field(
        default=None, description="Where it is delivered to; absent where that is not known, or none is collected."
    )
    total: Money

    def with_shipping(self, shipping: Money, tax: OrderTax | None = None) -> "PricedCart":
        """Return the cart with another price of delivery, and the tax; without goods nothing is delivered."""
        if not self.has_goods:
            shipping, tax = ZERO, None
        total = total_with_tax(self.subtotal, shipping, tax)
        return self.model_copy(update={"shipping": shipping, "tax": tax, "total": total})

    @property
    def has_goods(self) -> bool:
        """Whether anything in it can be bought."""
        return any(line.purchasable for line in self.lines)


class PurchaseObstacle(StrEnum):
    """Why a cart cannot be purchased, in the order of precedence."""

    EMPTY_CART = "EMPTY_CART"
    UNAVAILABLE = "UNAVAILABLE"
    PRICE_CHANGED = "PRICE_CHANGED"


def price_cart(cart: Cart, products: Mapping[str, CartProduct]) -> PricedCart:
    """Return the cart at today's prices, its lines in the order in which they were added.

    Parameters:
        cart: the cart.
        products: by id; a line whose product is missing here is UNAVAILABLE.
    """
    ordered = sorted(cart.lines.values(), key=lambda line: (line.added_at, line.product_id))
    lines = [_price_line(line, products.get(line.product_id)) for line in ordered]
    subtotal = sum((line.line_total for line in lines if line.purchasable), start=ZERO)
    priced = PricedCart(lines=lines, subtotal=subtotal, shipping=ZERO, total=subtotal)
    return priced.with_shipping(delivery_settings().usual_method.cost(subtotal)) if priced.has_goods else priced


def find_purchase_obstacle(cart: PricedCart, expected_total: Money) -> PurchaseObstacle | None:
    """Return why a cart cannot be purchased, None if it can. Stock is left to the reservation.

    Parameters:
        cart: at today's prices.
        expected_total: the total, with shipping and tax, that the shopper agreed to.
    """
    if not cart.lines:
        return PurchaseObstacle.EMPTY_CART
    if not all(line.purchasable for line in cart.lines):
        return PurchaseObstacle.UNAVAILABLE
    if cart.total != expected_total:
        return PurchaseObstacle.PRICE_CHANGED
    return None


def _price_line(line: CartLine, product: CartProduct | None) -> PricedLine:
    price = product.price if product else line.seen_price
    return PricedLine(
        product_id=line.product_id,
        name=product.name if product else line.product_id,
        quantity=line.quantity,
        unit_price=price,
        line_total=price * line.quantity,
        image_url=product.image_url if product else "",
        available=product.available if product and product.on_sale else 0,
        notice=line_notice(line, product),
    )


def line_notice(line: CartLine, product: CartProduct | None) -> CartNotice | None:
    """Return the most severe notice on a line, in the order of NoticeCode; None if there is none."""
    if product is None or not product.on_sale:
        return CartNotice(code=NoticeCode.UNAVAILABLE)
    if product.available < line.quantity:
        return CartNotice(code=NoticeCode.OUT_OF_STOCK, available=product.available)
    if product.price != line.seen_price:
        return CartNotice(code=NoticeCode.PRICE_CHANGED, previous_price=line.seen_price)
    if product.available <= LOW_STOCK_THRESHOLD:
        return CartNotice(code=NoticeCode.LOW_STOCK, available=product.available)
    return None
