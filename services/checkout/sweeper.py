"""The sweeper: ends the checkouts that no request, event or run will end any more.

It compensates those that were decided against and whose run then died, once payment or Stripe answers again. It closes
those that nobody has continued for ABANDONED_AFTER_SECONDS: their payment is cancelled or refunded, their units are
released, their cart is free and their address is removed. One that was decided for an order sends it again.
"""

from bus.context import Context, use_context
from bus.log import logger
from services.checkout.compensation import Compensator
from services.checkout.dependencies import compensator as get_compensator
from services.checkout.dependencies import order_queue as get_order_queue
from services.checkout.dependencies import store as get_store
from services.checkout.domain import Checkout, CheckoutStatus
from services.checkout.order_queue import OrderQueue
from services.checkout.store import CheckoutStore

LIMIT = 100
"""Checkouts of each kind in one run; the next run takes the rest."""


class Sweeper:
    """Ends overdue checkouts.

    Parameters:
        store: the checkouts.
        compensator: compensates those that are decided against.
        order_queue: takes the orders of those that were decided for.
    """

    def __init__(self, store: CheckoutStore, compensator: Compensator, order_queue: OrderQueue) -> None:
        self._store = store
        self._compensator = compensator
        self._order_queue = order_queue

    def sweep(self, limit: int = LIMIT) -> int:
        """End overdue checkouts, the oldest first; return how many were ended.

        One that fails is logged and left to a later run, and the others go on.

        Parameters:
            limit: how many of each kind to take at most.

        Raises RuntimeError at the end where any has failed.
        """
        done, failed = 0, 0
        for order_id in [*self._store.list_overdue_compensations(limit), *self._store.list_abandoned(limit)]:
            checkout = self._store.get(order_id)
            # The indexes lag behind the table.
            if checkout is None or checkout.is_ended:
                continue
            try:
                with use_context(Context(correlation_id=checkout.correlation_id)):
                    done += self._end(checkout)
            except Exception:  # noqa: BLE001 - whatever went wrong, the other checkouts have to be ended too
                logger.exception("a checkout was not ended", order_id=order_id)
                failed += 1
        if failed:
            raise RuntimeError(f"{failed} checkouts were not ended")
        return done

    def _end(self, checkout: Checkout) -> bool:
        """End a checkout; return False where it is not overdue, or another worker was faster."""
        if checkout.status is CheckoutStatus.COMPENSATING:
            if not self._store.acquire_lease(checkout):
                return False
            self._compensator.compensate(checkout)
            return True
        if not checkout.is_abandoned_at(self._store.now()):
            return False
        if checkout.status is CheckoutStatus.COMPLETING:
            return self._complete(checkout)
        if checkout.quote is None:
            return self._delete(checkout)
        return self._close(checkout)

    def _complete(self, checkout: Checkout) -> bool:
        if checkout.payment_intent_id is None or not self._store.acquire_lease(checkout):
            return False
        logger.warning("completing an abandoned checkout", order_id=checkout.order_id)
        self._order_queue.send_place_order(checkout, checkout.payment_intent_id)
        return self._store.finish(checkout, checkout.confirmed_outcome())

    def _delete(self, checkout: Checkout) -> bool:
        # The lease keeps a request that comes at this moment from going on with it.
        if not self._store.acquire_lease(checkout):
            return False
        self._store.delete_unquoted(checkout.order_id)
        return True

    def _close(self, checkout: Checkout) -> bool:
        if not self._store.supersede(checkout):
            return False
        logger.info("closing an abandoned checkout", order_id=checkout.order_id, status=checkout.status)
        decided = checkout.model_copy(update={"status": CheckoutStatus.COMPENSATING})
        self._compensator.compensate(decided, checkout.abandoned_outcome)
        return True


def handler(_event: object, _context: object) -> None:
    """Handle the timer (the Lambda entry)."""
    with use_context(Context.begin()):
        done = Sweeper(get_store(), get_compensator(), get_order_queue()).sweep()
        if done:
            logger.info("checkouts ended", checkouts=done)
