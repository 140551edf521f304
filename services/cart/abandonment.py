"""The timer that publishes CartAbandoned, once each time a cart is left unchanged for a day.

It queries a sparse index of the watched carts. Every change by the shopper makes a cart watched; the
publication, or the finding that there is nothing to publish, ends that.
"""

from datetime import datetime
from itertools import islice

from bus.context import Context, use_context
from bus.log import logger
from bus.optimistic_locking import ConflictError
from schemas.cart import CartAbandoned
from services.cart.cart_service import CartService
from services.cart.dependencies import cart_service
from services.cart.domain import ABANDONED_AFTER, CartErasedError
from services.cart.pricing import price_cart

LIMIT = 1000
"""Carts a run, of three calls each; the next run takes the rest."""


def publish_abandoned_carts(carts: CartService, limit: int = LIMIT) -> int:
    """Publish CartAbandoned for idle carts, the longest idle first, and return their number.

    A cart that fails is logged and left to the next run, so that it does not block the others.

    Parameters:
        carts: the carts.
        limit: carts to look at.

    Raises RuntimeError at the end if a cart failed.
    """
    now = carts.store.now()
    published, failed = 0, 0
    for user_id in islice(carts.store.idle_user_ids(now - ABANDONED_AFTER), limit):
        try:
            published += _publish_if_abandoned(carts, user_id, now)
        except (ConflictError, CartErasedError):
            logger.info("the shopper came back just now, or was erased")
        except Exception:  # noqa: BLE001 - whatever went wrong, the other carts are as idle
            logger.exception("an idle cart was not announced", user_id=user_id)
            failed += 1
    if failed:
        raise RuntimeError(f"{failed} idle carts were not announced")
    return published


def _publish_if_abandoned(carts: CartService, user_id: str, now: datetime) -> bool:
    cart = carts.store.get(user_id)
    # The index lags behind the table.
    if cart.touched_at is None or not cart.is_abandoned(now):
        return False
    priced = price_cart(cart, carts.products.get_many(cart.lines))
    lines = [line.to_order_line() for line in priced.lines if line.purchasable]
    if not lines:
        carts.store.stop_watching(cart)
        return False
    carts.store.stop_watching(
        cart,
        CartAbandoned(user_id=user_id, lines=lines, subtotal=priced.subtotal, last_touched_at=cart.touched_at),
    )
    return True


def handler(_event: object, _context: object) -> None:
    """Publish the abandoned carts (the Lambda entry of the timer)."""
    with use_context(Context.begin()):
        published = publish_abandoned_carts(cart_service())
        if published:
            logger.info("abandoned carts announced", carts=published)
