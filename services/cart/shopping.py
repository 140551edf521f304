"""What can be done with a cart: read, decide by the rules, write; and again where somebody was faster."""

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from bus.clients import dynamodb
from bus.optimistic_locking import DEFAULT_RETRY, RetryPolicy, retry_on_conflict
from bus.settings import Settings
from services.cart.domain import Cart, ErasedError, summed
from services.cart.pricing import PricedCart, priced
from services.cart.products import Products
from services.cart.store import Carts, MarkedError
from services.cart.writes import Mark

if TYPE_CHECKING:
    # Classes of events that the routes do not read, left out of their start-up time.
    from schemas.orders import OrderPlaced


class Shopping:
    """The carts of the shop, and what shoppers, orders and erasures do to them.

    What raises a domain.RefusedError or ErasedError has changed nothing; so has what raises ContendedError.

    Parameters:
        carts: the carts.
        products: what is known of the products.
        retry: how long a change that meets a conflict is retried.
    """

    def __init__(
        self,
        carts: Carts,
        products: Products,
        retry: RetryPolicy = DEFAULT_RETRY,
    ) -> None:
        self.carts = carts
        self.products = products
        self._retry = retry

    def show(self, user_id: str) -> PricedCart:
        """Return the cart at today's prices."""
        return self.read(user_id)[1]

    def read(self, user_id: str) -> tuple[Cart, PricedCart]:
        """Return the cart as it is, and at today's prices."""
        cart = self.carts.load(user_id)
        return cart, priced(cart, self.products.named(cart.lines))

    def add(self, user_id: str, product_id: str, quantity: int) -> PricedCart:
        """Put more units of a product into the cart and return it; raises as Cart.adding does."""

        def attempt() -> PricedCart:
            cart = self.carts.load(user_id)
            products = self.products.named({*cart.lines, product_id})
            after = cart.adding(products.get(product_id), quantity, self.carts.now())
            self.carts.add(cart, after.lines[product_id], most=products[product_id].most)
            return priced(after, products)

        return retry_on_conflict(attempt, self._retry)

    def set(self, user_id: str, product_id: str, quantity: int) -> PricedCart:
        """Hold so many units of a product in the cart and return it; raises as Cart.setting does."""

        def attempt() -> PricedCart:
            cart = self.carts.load(user_id)
            products = self.products.named({*cart.lines, product_id})
            after = cart.setting(products.get(product_id), quantity, self.carts.now())
            self.carts.replace(cart, after)
            return priced(after, products)

        return retry_on_conflict(attempt, self._retry)

    def remove(self, user_id: str, product_id: str) -> PricedCart:
        """Take a product out of the cart and return it; raises as Cart.removing does."""

        def attempt() -> PricedCart:
            cart = self.carts.load(user_id)
            products = self.products.named({*cart.lines, product_id})
            after = cart.removing(product_id, products.get(product_id))
            self.carts.replace(cart, after)
            return priced(after, products)

        return retry_on_conflict(attempt, self._retry)

    def empty(self, user_id: str) -> PricedCart:
        """Take everything out of the cart and return it."""

        def attempt() -> PricedCart:
            cart = self.carts.load(user_id)
            after = cart.emptied()
            self.carts.replace(cart, after)
            return priced(after, {})

        return retry_on_conflict(attempt, self._retry)

    def merge(self, user_id: str, merge_id: str, lines: Iterable[tuple[str, int]]) -> tuple[PricedCart, dict[str, str]]:
        """Merge an anonymous cart, once a merge id; return the cart, and what was left out and why.

        Parameters:
            user_id: the shopper.
            merge_id: the same again changes nothing more.
            lines: product ids and quantities.
        """
        wanted = summed(lines)

        def attempt() -> tuple[PricedCart, dict[str, str]]:
            cart = self.carts.load(user_id)
            products = self.products.named({*cart.lines, *wanted})
            after, left_out = cart.merging(wanted, products, self.carts.now())
            self.carts.replace(cart, after, Mark.of_merge(merge_id, left_out))
            return priced(after, products), dict(left_out)

        try:
            return retry_on_conflict(attempt, self._retry)
        except MarkedError as done:
            return self.show(user_id), dict(done.left_out)

    def forget_bought(self, order: "OrderPlaced") -> bool:
        """Take the units of an order out of the cart; return False where that was done, or the shopper erased."""
        bought = summed((line.product_id, line.quantity) for line in order.lines)

        def attempt() -> None:
            cart = self.carts.load(order.user_id)
            after = cart.without_bought(order.order_id, bought, order.placed_at)
            self.carts.replace(cart, after, Mark.of_order(order.order_id))

        try:
            retry_on_conflict(attempt, self._retry)
        except (MarkedError, ErasedError):
            return False
        return True


class CartSettings(Settings):
    """What the stack tells every function of this service."""

    cart_table: str
    cart_products_table: str


@cache
def shopping() -> Shopping:
    """Return the carts of this process, by its environment."""
    settings = CartSettings.load()
    return Shopping(Carts(dynamodb(), settings.cart_table), Products(dynamodb(), settings.cart_products_table))
