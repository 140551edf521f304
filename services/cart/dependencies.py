"""The service object of the cart functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import dynamodb
from bus.settings import Settings
from services.cart.cart_service import CartService
from services.cart.product_projection import ProductProjection
from services.cart.store import CartStore


class CartSettings(Settings):
    """Environment of every cart function."""

    cart_table: str
    cart_products_table: str


@cache
def cart_service() -> CartService:
    """Return the carts; raises MissingSettingError if the environment does not name their tables."""
    settings = CartSettings.load()
    return CartService(
        CartStore(dynamodb(), settings.cart_table), ProductProjection(dynamodb(), settings.cart_products_table)
    )
