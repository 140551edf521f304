"""The timer that says of a cart, once each time it is left alone for a day, that it was abandoned.

It asks a sparse index, in which only watched carts are: every change by the shopper puts a cart in,
and to have said it (or that there was nothing to say) takes it out.
"""

from datetime import datetime
from itertools import islice

from bus.context import Context, use_context
from bus.log import logger
from bus.optimistic_locking import ConflictError
from schemas.cart import CartAbandoned
from services.cart.domain import IDLE, ErasedError
from services.cart.pricing import priced
from services.cart.shopping import Shopping, shopping

LIMIT = 1000
"""Carts a run; what is left over is the next run's. Each takes three calls."""


def announce(shopping: Shopping, limit: int = LIMIT) -> int:
    """Raise CartAbandoned of carts that are idle, the longest first; return of how many.

    A cart that fails is logged and left to the next run, so that it does not hold up the others.
    Raises RuntimeError at the end where there were such.
    """
    now = shopping.carts.now()
    announced, failed = 0, 0
    for user_id in islice(shopping.carts.idle_since(now - IDLE), limit):
        try:
            announced += _announced(shopping, user_id, now)
        except (ConflictError, ErasedError):
            logger.info("a shopper came back just now, or was erased")
        except Exception:  # noqa: BLE001 - whatever went wrong, the other carts are as idle
            logger.exception("an idle cart was not announced", user_id=user_id)
            failed += 1
    if failed:
        raise RuntimeError(f"{failed} idle carts were not announced")
    return announced


def _announced(shopping: Shopping, user_id: str, now: datetime) -> bool:
    cart = shopping.carts.load(user_id)
    # The index is a moment behind the table.
    if cart.touched_at is None or not cart.is_idle(now):
        return False
    shown = priced(cart, shopping.products.named(cart.lines))
    lines = [line.bought() for line in shown.lines if line.buyable]
    if not lines:
        shopping.carts.close(cart)
        return False
    shopping.carts.close(
        cart,
        CartAbandoned(user_id=user_id, lines=lines, subtotal=shown.subtotal, last_touched_at=cart.touched_at),
    )
    return True


def handler(_event: object, _context: object) -> None:
    """Lambda entry of the timer."""
    with use_context(Context.begin()):
        announced = announce(shopping())
        if announced:
            logger.info("abandoned carts announced", carts=announced)
