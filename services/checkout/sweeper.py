"""The sweeper: gives back the money of checkouts that were decided against and whose run then died.

Mostly their shopper, or the event of the payment, has come first. This is for the money of those who never
return, once payment or Stripe answers again.
"""

from bus.context import Context, use_context
from bus.log import logger
from services.checkout import dependencies
from services.checkout.compensation import Compensation
from services.checkout.domain import Status
from services.checkout.store import CheckoutStore

LIMIT = 100
"""Checkouts a run; what is left over is the next run's."""


def sweep(checkouts: CheckoutStore, compensation: Compensation, limit: int = LIMIT) -> int:
    """Give back what is owed, the longest first; return of how many checkouts.

    One that fails is logged and does not hold up the others; it is the next run's. Raises
    RuntimeError at the end where there were such.
    """
    done, failed = 0, 0
    for order_id in checkouts.owed(limit):
        checkout = checkouts.get(order_id)
        # The index is a moment behind the table.
        if checkout is None or checkout.status is not Status.COMPENSATING or not checkouts.take_over(checkout):
            continue
        try:
            with use_context(Context(correlation_id=checkout.correlation_id)):
                compensation.give_back(checkout)
            done += 1
        except Exception:  # noqa: BLE001 - whatever went wrong, the others are owed their money as well
            logger.exception("the money of a failed checkout is still owed", order_id=order_id)
            failed += 1
    if failed:
        raise RuntimeError(f"the money of {failed} checkouts is still owed")
    return done


def handler(_event: object, _context: object) -> None:
    """Lambda entry of the timer."""
    with use_context(Context.begin()):
        done = sweep(dependencies.store(), dependencies.compensation())
        if done:
            logger.info("money of failed checkouts given back", checkouts=done)
