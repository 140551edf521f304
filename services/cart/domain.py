"""The cart and its rules: products and quantities that it takes, merges, purchases and abandonment.

Pure: a change takes a cart and returns another one, or raises a CartRuleError.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from schemas.contract import Money

MAX_QUANTITY = 99
"""Units of one product in a cart."""
MAX_LINES = 50
"""Products in a cart. Two carts fit into one BatchGetItem, and one with its markers into one transaction."""
ABANDONED_AFTER = timedelta(hours=24)
"""How long a cart is unchanged before it counts as abandoned."""


@dataclass(frozen=True, slots=True)
class CartProduct:
    """A product as the events of catalog and inventory describe it.

    Attributes:
        on_sale: whether it can be bought: its status in the catalog is ACTIVE.
        available: units that are not reserved.
        shipping: what the product says of its shipping, such as ``freight, contiguous US only``; empty for a parcel.
        weight: of a piece, in grams; None if it is not known.
        category: of the catalog; empty where it is not known.
    """

    product_id: str
    name: str
    price: Money
    image_url: str
    on_sale: bool
    available: int
    shipping: str = ""
    weight: int | None = None
    category: str = ""

    @property
    def max_quantity(self) -> int:
        """The units of it that a cart can hold now."""
        return min(self.available, MAX_QUANTITY)


@dataclass(frozen=True, slots=True)
class CartLine:
    """One product in a cart.

    Attributes:
        seen_price: the price of a unit when the shopper last added or changed it.
        added_at: when it was added; a change of the quantity does not change it.
    """

    product_id: str
    quantity: int
    seen_price: Money
    added_at: datetime


class CartErasedError(Exception):
    """The shopper's account was erased; their cart cannot be read or changed."""


class CartRuleError(Exception):
    """A rule of the cart forbids the change."""


class UnknownProductError(CartRuleError):
    """The product does not exist, or is not on sale."""


class OutOfStockError(CartRuleError):
    """Fewer units are available than the cart would hold.

    Attributes:
        product_id: the product.
        requested: units that the cart would hold.
        available: units that are available.
    """

    def __init__(self, product_id: str, requested: int, available: int) -> None:
        super().__init__(product_id)
        self.product_id = product_id
        self.requested = requested
        self.available = available


class TooManyUnitsError(CartRuleError):
    """The cart would hold more than MAX_QUANTITY units of a product."""


class TooManyLinesError(CartRuleError):
    """The cart would hold more than MAX_LINES products."""


class PriceChangedError(CartRuleError):
    """The product has another price than the shopper agreed to.

    Attributes:
        price: today's price of a unit.
    """

    def __init__(self, price: Money) -> None:
        super().__init__()
        self.price = price


class LeftOut(StrEnum):
    """Why a line of an anonymous cart was not merged."""

    UNKNOWN = "UNKNOWN"
    OUT_OF_STOCK = "OUT_OF_STOCK"
    CART_FULL = "CART_FULL"


@dataclass(frozen=True, slots=True)
class Cart:
    """The cart of a shopper.

    Attributes:
        user_id: the shopper.
        lines: by product id.
        sequence: number of changes of the cart; 0 before the first.
        touched_at: the last change by the shopper; None before the first.
        watched: whether it counts as abandoned once it is unchanged for ABANDONED_AFTER.
        last_order_id: the order that was removed from it last.
    """

    user_id: str
    lines: Mapping[str, CartLine] = field(default_factory=dict)
    sequence: int = 0
    touched_at: datetime | None = None
    watched: bool = False
    last_order_id: str | None = None

    def quantity_of(self, product_id: str) -> int:
        """Return the units of a product in the cart."""
        return self.lines[product_id].quantity if product_id in self.lines else 0

    def with_added(self, product: CartProduct | None, quantity: int, now: datetime) -> "Cart":
        """Return the cart with more units of a product that is on sale.

        Parameters:
            product: None if it is unknown.
            quantity: the units to add.
            now: the time of the change.

        Raises UnknownProductError, OutOfStockError, TooManyUnitsError or TooManyLinesError.
        """
        if product is None or not product.on_sale:
            raise UnknownProductError
        return self._with_units(product, self.quantity_of(product.product_id) + quantity, now)

    def with_quantity(self, product: CartProduct | None, quantity: int, now: datetime) -> "Cart":
        """Return the cart with exactly ``quantity`` units of a product; raises as ``with_added``.

        A line that is in the cart can be changed although its product is no longer on sale.
        """
        if product is None or not (product.on_sale or product.product_id in self.lines):
            raise UnknownProductError
        return self._with_units(product, quantity, now)

    def _with_units(self, product: CartProduct, quantity: int, now: datetime) -> "Cart":
        line = self.lines.get(product.product_id)
        if quantity > product.available:
            raise OutOfStockError(product.product_id, quantity, product.available)
        if quantity > MAX_QUANTITY:
            raise TooManyUnitsError
        if line is None and len(self.lines) >= MAX_LINES:
            raise TooManyLinesError
        added_at = line.added_at if line else now
        return self.with_line(CartLine(product.product_id, quantity, product.price, added_at))

    def without_product(self, product_id: str, product: CartProduct | None) -> "Cart":
        """Return the cart without a product, whether it was in it or not.

        Raises UnknownProductError if it was not, and is unknown.
        """
        if product is None and product_id not in self.lines:
            raise UnknownProductError
        return replace(self, lines={name: line for name, line in self.lines.items() if name != product_id})

    def emptied(self) -> "Cart":
        """Return the cart without any product."""
        return replace(self, lines={})

    def merged_with(
        self, wanted: Mapping[str, int], products: Mapping[str, CartProduct], now: datetime
    ) -> "tuple[Cart, dict[str, LeftOut]]":
        """Return the cart with the lines of an anonymous one, and the reasons of those left out by product id.

        Quantities of the same product add up, limited by the available units and MAX_QUANTITY. No
        quantity of the cart becomes smaller.

        Parameters:
            wanted: units by product id.
            products: those of them that exist, by id.
            now: the time of the merge.
        """
        cart = self
        left_out: dict[str, LeftOut] = {}
        for product_id, quantity in wanted.items():
            product = products.get(product_id)
            line = cart.lines.get(product_id)
            if product is None or not product.on_sale:
                left_out[product_id] = LeftOut.UNKNOWN
            elif line:
                together = min(line.quantity + quantity, product.max_quantity)
                cart = cart.with_line(replace(line, quantity=max(line.quantity, together)))
            elif product.max_quantity == 0:
                left_out[product_id] = LeftOut.OUT_OF_STOCK
            elif len(cart.lines) >= MAX_LINES:
                left_out[product_id] = LeftOut.CART_FULL
            else:
                cart = cart.with_line(CartLine(product_id, min(quantity, product.max_quantity), product.price, now))
        return cart, left_out

    def without_purchased(self, order_id: str, purchased: Mapping[str, int], placed_at: datetime) -> "Cart":
        """Return the cart without the units of an order.

        What the shopper has added since stays: units beyond the purchased ones, and a line that was
        added after the order was placed.

        Parameters:
            order_id: the order.
            purchased: units by product id.
            placed_at: when the order was placed.
        """
        kept = {}
        for product_id, line in self.lines.items():
            rest = line.quantity - (purchased.get(product_id, 0) if line.added_at <= placed_at else 0)
            if rest > 0:
                kept[product_id] = replace(line, quantity=rest)
        return replace(self, lines=kept, last_order_id=order_id)

    def is_abandoned(self, now: datetime) -> bool:
        """Return whether the cart is watched and has been unchanged for ABANDONED_AFTER."""
        return self.watched and self.touched_at is not None and self.touched_at <= now - ABANDONED_AFTER

    def with_line(self, line: CartLine) -> "Cart":
        """Return the cart with a line, which replaces any of its product."""
        return replace(self, lines={**self.lines, line.product_id: line})


def check_agreed_price(product: CartProduct | None, agreed: Money | None) -> None:
    """Raise PriceChangedError if a known product has another unit price than the one agreed to, if any."""
    if product and agreed and product.price != agreed:
        raise PriceChangedError(product.price)


def total_quantities(lines: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return the units by product id, summed over all lines."""
    units: dict[str, int] = {}
    for product_id, quantity in lines:
        units[product_id] = units.get(product_id, 0) + quantity
    return units
