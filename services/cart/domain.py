"""The cart and its rules: what may enter, how many, and what a sign-in or a purchase makes of it.

Pure: a change takes a cart and returns another one, or raises why it may not be.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from schemas.contract import Money

MAX_QUANTITY = 99
"""Units of one product in a cart."""
MAX_LINES = 50
"""Products in a cart. Two of these fit into one BatchGetItem, and one with its marks into one transaction."""
IDLE = timedelta(hours=24)
"""How long a cart is left alone before it counts as abandoned."""


@dataclass(frozen=True, slots=True)
class Product:
    """What the cart knows of a product, from the events of catalog and inventory.

    Attributes:
        on_sale: whether it can be bought: the catalog shows it.
        available: units that nobody has reserved.
    """

    product_id: str
    name: str
    price: Money
    image_url: str
    on_sale: bool
    available: int

    @property
    def most(self) -> int:
        """Return the most units of it that a cart may hold now."""
        return min(self.available, MAX_QUANTITY)


@dataclass(frozen=True, slots=True)
class CartLine:
    """One product in a cart.

    Attributes:
        seen_price: the price when the shopper last put it there or changed it.
        added_at: when it came into the cart; a later change of the quantity leaves it.
    """

    product_id: str
    quantity: int
    seen_price: Money
    added_at: datetime


class ErasedError(Exception):
    """This shopper asked for erasure; nothing of them comes back."""


class RefusedError(Exception):
    """A rule of the cart forbids the change."""


class UnknownProductError(RefusedError):
    """There is no such product, or none that could be bought."""


class OutOfStockError(RefusedError):
    """Fewer units are available than the cart would hold."""

    def __init__(self, product_id: str, requested: int, available: int) -> None:
        super().__init__(product_id)
        self.product_id = product_id
        self.requested = requested
        self.available = available


class TooManyUnitsError(RefusedError):
    """The cart would hold more than MAX_QUANTITY units of a product."""


class TooManyLinesError(RefusedError):
    """The cart would hold more than MAX_LINES products."""


class LeftOut(StrEnum):
    """Why a line of an anonymous cart was not merged."""

    UNKNOWN = "UNKNOWN"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    CART_FULL = "CART_FULL"


@dataclass(frozen=True, slots=True)
class Cart:
    """What a shopper means to buy.

    Attributes:
        lines: by product id.
        sequence: counts the changes of the cart; 0 where there never was one.
        touched_at: the last change by the shopper; None where there never was one.
        watched: whether it will count as abandoned once nobody touches it for IDLE.
        last_order_id: the order that was taken out of it last.
    """

    user_id: str
    lines: Mapping[str, CartLine] = field(default_factory=dict)
    sequence: int = 0
    touched_at: datetime | None = None
    watched: bool = False
    last_order_id: str | None = None

    def quantity_of(self, product_id: str) -> int:
        """Return how many units of a product are in the cart."""
        return self.lines[product_id].quantity if product_id in self.lines else 0

    def adding(self, product: Product | None, quantity: int, now: datetime) -> "Cart":
        """Return the cart with more units of a product that is on sale.

        Parameters:
            product: None where nobody has heard of it.
            quantity: how many more.
            now: when.

        Raises a RefusedError: unknown, out of stock, or too many.
        """
        if product is None or not product.on_sale:
            raise UnknownProductError
        return self._holding(product, self.quantity_of(product.product_id) + quantity, now)

    def setting(self, product: Product | None, quantity: int, now: datetime) -> "Cart":
        """Return the cart with so many units of a product; raises as ``adding`` does.

        A line that is in the cart may be changed although its product is no longer on sale.
        """
        if product is None or not (product.on_sale or product.product_id in self.lines):
            raise UnknownProductError
        return self._holding(product, quantity, now)

    def _holding(self, product: Product, quantity: int, now: datetime) -> "Cart":
        held = self.lines.get(product.product_id)
        if quantity > product.available:
            raise OutOfStockError(product.product_id, quantity, product.available)
        if quantity > MAX_QUANTITY:
            raise TooManyUnitsError
        if held is None and len(self.lines) >= MAX_LINES:
            raise TooManyLinesError
        added_at = held.added_at if held else now
        return self.holding(CartLine(product.product_id, quantity, product.price, added_at))

    def removing(self, product_id: str, product: Product | None) -> "Cart":
        """Return the cart without a product, whether it was in there or not.

        Raises UnknownProductError where it was not, and nobody has heard of it.
        """
        if product is None and product_id not in self.lines:
            raise UnknownProductError
        return replace(self, lines={name: line for name, line in self.lines.items() if name != product_id})

    def emptied(self) -> "Cart":
        """Return the cart without any product."""
        return replace(self, lines={})

    def merging(
        self, wanted: Mapping[str, int], products: Mapping[str, Product], now: datetime
    ) -> "tuple[Cart, dict[str, LeftOut]]":
        """Return the cart with the lines of an anonymous one, and why some of these were left out.

        Quantities of the same product are added up, as far as units are available and a cart may
        hold. Nothing that was in the cart before becomes less by it.

        Parameters:
            wanted: quantities by product id.
            products: those that exist.
            now: when.
        """
        cart = self
        left_out: dict[str, LeftOut] = {}
        for product_id, quantity in wanted.items():
            product = products.get(product_id)
            held = cart.lines.get(product_id)
            if product is None or not product.on_sale:
                left_out[product_id] = LeftOut.UNKNOWN
            elif held:
                together = min(held.quantity + quantity, product.most)
                cart = cart.holding(replace(held, quantity=max(held.quantity, together)))
            elif product.most == 0:
                left_out[product_id] = LeftOut.OUT_OF_STOCK
            elif len(cart.lines) >= MAX_LINES:
                left_out[product_id] = LeftOut.CART_FULL
            else:
                cart = cart.holding(CartLine(product_id, min(quantity, product.most), product.price, now))
        return cart, left_out

    def without_bought(self, order_id: str, bought: Mapping[str, int], placed_at: datetime) -> "Cart":
        """Return the cart without the units that an order has bought.

        What the shopper has put in since stays: units beyond the bought ones, and a line that came
        into the cart after the order was placed.

        Parameters:
            order_id: the order.
            bought: units by product id.
            placed_at: when the order was placed.
        """
        kept = {}
        for product_id, held in self.lines.items():
            rest = held.quantity - (bought.get(product_id, 0) if held.added_at <= placed_at else 0)
            if rest > 0:
                kept[product_id] = replace(held, quantity=rest)
        return replace(self, lines=kept, last_order_id=order_id)

    def is_idle(self, now: datetime) -> bool:
        """Return whether nobody has touched the cart for so long that it counts as abandoned."""
        return self.watched and self.touched_at is not None and self.touched_at <= now - IDLE

    def holding(self, line: CartLine) -> "Cart":
        """Return the cart with a line as it is given."""
        return replace(self, lines={**self.lines, line.product_id: line})


def summed(lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the units of each product in lines that may name a product twice."""
    units: dict[str, int] = {}
    for product_id, quantity in lines:
        units[product_id] = units.get(product_id, 0) + quantity
    return units
