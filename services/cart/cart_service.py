"""The operations on carts: each reads, decides by the rules of ``domain.py`` and writes, and repeats on a conflict."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from bus.optimistic_locking import DEFAULT_RETRY, RetryPolicy, retry_on_conflict
from services.cart.cart_items import IdempotencyMarker
from services.cart.domain import Cart, CartErasedError, CartProduct, total_quantities
from services.cart.pricing import PricedCart, price_cart
from services.cart.product_projection import ProductProjection
from services.cart.store import AlreadyAppliedError, CartStore

if TYPE_CHECKING:
    # Event classes that the routes do not read, left out of their start-up time.
    from schemas.orders import OrderPlaced


class CartService:
    """The carts of all shoppers.

    An operation that raises CartRuleError, CartErasedError or RetriesExhaustedError has changed nothing.

    Parameters:
        store: the carts.
        products: the projection of the products.
        retry: how long a change that meets a conflict is retried.
    """

    def __init__(self, store: CartStore, products: ProductProjection, retry: RetryPolicy = DEFAULT_RETRY) -> None:
        self.store = store
        self.products = products
        self._retry = retry

    def get(self, user_id: str) -> PricedCart:
        """Return the cart at today's prices; raises CartErasedError."""
        return price_cart(*self.load(user_id))

    def load(self, user_id: str) -> tuple[Cart, dict[str, CartProduct]]:
        """Return the cart as it is stored, and its products by id; raises CartErasedError."""
        cart = self.store.get(user_id)
        return cart, self.products.get_many(cart.lines)

    def add(self, user_id: str, product_id: str, quantity: int) -> PricedCart:
        """Add units of a product and return the cart.

        Raises as ``Cart.with_added``, CartErasedError or RetriesExhaustedError.
        """

        def attempt() -> PricedCart:
            cart = self.store.get(user_id)
            products = self.products.get_many({*cart.lines, product_id})
            after = cart.with_added(products.get(product_id), quantity, self.store.now())
            self.store.add_line(cart, after.lines[product_id], max_quantity=products[product_id].max_quantity)
            return price_cart(after, products)

        return retry_on_conflict(attempt, self._retry)

    def set_quantity(self, user_id: str, product_id: str, quantity: int) -> PricedCart:
        """Set the units of a product and return the cart.

        Raises as ``Cart.with_quantity``, CartErasedError or RetriesExhaustedError.
        """
        return self._change(
            user_id, product_id, lambda cart, product: cart.with_quantity(product, quantity, self.store.now())
        )

    def remove(self, user_id: str, product_id: str) -> PricedCart:
        """Remove a product and return the cart.

        Raises as ``Cart.without_product``, CartErasedError or RetriesExhaustedError.
        """
        return self._change(user_id, product_id, lambda cart, product: cart.without_product(product_id, product))

    def empty(self, user_id: str) -> PricedCart:
        """Remove all products and return the cart; raises CartErasedError or RetriesExhaustedError."""

        def attempt() -> PricedCart:
            cart = self.store.get(user_id)
            after = cart.emptied()
            self.store.save(cart, after)
            return price_cart(after, {})

        return retry_on_conflict(attempt, self._retry)

    def merge(self, user_id: str, merge_id: str, lines: Iterable[tuple[str, int]]) -> tuple[PricedCart, dict[str, str]]:
        """Merge an anonymous cart. Idempotent by ``merge_id``.

        Parameters:
            user_id: the shopper.
            merge_id: identifies the merge; repeated, it changes nothing and returns the same reasons.
            lines: product ids and quantities.

        Returns the cart, and the reasons of the lines that were left out by product id.
        Raises CartErasedError or RetriesExhaustedError.
        """
        wanted = total_quantities(lines)

        def attempt() -> tuple[PricedCart, dict[str, str]]:
            cart = self.store.get(user_id)
            products = self.products.get_many({*cart.lines, *wanted})
            after, left_out = cart.merged_with(wanted, products, self.store.now())
            self.store.save(cart, after, IdempotencyMarker.for_merge(merge_id, left_out))
            return price_cart(after, products), dict(left_out)

        try:
            return retry_on_conflict(attempt, self._retry)
        except AlreadyAppliedError as applied:
            return self.get(user_id), dict(applied.left_out)

    def remove_purchased(self, order: "OrderPlaced") -> bool:
        """Remove the units of an order from the cart. Idempotent by order id.

        Returns False if the order was removed before or the shopper is erased. Raises RetriesExhaustedError.
        """
        purchased = total_quantities((line.product_id, line.quantity) for line in order.lines)

        def attempt() -> None:
            cart = self.store.get(order.user_id)
            after = cart.without_purchased(order.order_id, purchased, order.placed_at)
            self.store.save(cart, after, IdempotencyMarker.for_order(order.order_id))

        try:
            retry_on_conflict(attempt, self._retry)
        except (AlreadyAppliedError, CartErasedError):
            return False
        return True

    def _change(self, user_id: str, product_id: str, change: Callable[[Cart, CartProduct | None], Cart]) -> PricedCart:
        def attempt() -> PricedCart:
            cart = self.store.get(user_id)
            products = self.products.get_many({*cart.lines, product_id})
            after = change(cart, products.get(product_id))
            self.store.save(cart, after)
            return price_cart(after, products)

        return retry_on_conflict(attempt, self._retry)
