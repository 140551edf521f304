"""The sweeper: compensates checkouts that were decided against and whose run then died.

Usually the shopper's next request, or the event of the payment, has come first. The sweeper is for shoppers who never
return, once payment or Stripe answers again.
"""

from bus.context import Context, use_context
from bus.log import logger
from services.checkout.compensation import Compensator
from services.checkout.dependencies import compensator as get_compensator
from services.checkout.dependencies import store as get_store
from services.checkout.domain import CheckoutStatus
from services.checkout.store import CheckoutStore

LIMIT = 100
"""Checkouts of one run; the next run takes the rest."""


def sweep(store: CheckoutStore, compensator: Compensator, limit: int = LIMIT) -> int:
    """Compensate overdue checkouts, the oldest first; return how many were compensated.

    One that fails is logged and left to the next run, and the others go on.

    Parameters:
        store: the checkouts.
        compensator: compensates them.
        limit: how many to take at most.

    Raises RuntimeError at the end where any has failed.
    """
    done, failed = 0, 0
    for order_id in store.list_overdue_compensations(limit):
        checkout = store.get(order_id)
        # The index lags behind the table.
        if checkout is None or checkout.status is not CheckoutStatus.COMPENSATING or not store.acquire_lease(checkout):
            continue
        try:
            with use_context(Context(correlation_id=checkout.correlation_id)):
                compensator.compensate(checkout)
            done += 1
        except Exception:  # noqa: BLE001 - whatever went wrong, the other checkouts have to be compensated too
            logger.exception("a checkout was not compensated", order_id=order_id)
            failed += 1
    if failed:
        raise RuntimeError(f"{failed} checkouts were not compensated")
    return done


def handler(_event: object, _context: object) -> None:
    """Handle the timer (the Lambda entry)."""
    with use_context(Context.begin()):
        done = sweep(get_store(), get_compensator())
        if done:
            logger.info("checkouts compensated", checkouts=done)
