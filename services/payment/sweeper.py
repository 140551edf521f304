"""The sweeper: continues the refunds that Stripe has not made yet, or whose function died."""

import time
from collections.abc import Callable

from bus.context import Context, use_context
from bus.log import logger
from services.payment.dependencies import refund_service
from services.payment.dependencies import store as get_store
from services.payment.outcomes import RefundPendingOutcome
from services.payment.refunds import RefundService
from services.payment.store import PaymentStore

LIMIT = 100
"""Payments in one run; the next run takes the rest."""
RUN_SECONDS = 35
"""No refund is begun after so many seconds of a run: the function's timeout has to leave time for the last one."""


class RefundSweeper:
    """Tries the due refunds again.

    Parameters:
        store: the payments.
        refunds: makes the refunds.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, store: PaymentStore, refunds: RefundService, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._refunds = refunds
        self._now = now

    def sweep(self) -> int:
        """Try each due refund once, the longest due first; return how many have a result now.

        One that fails is logged and left to a later run, and the others go on.

        Raises RuntimeError at the end where any has failed.
        """
        begun, done, failed = self._now(), 0, 0
        for order_id in self._store.list_due_refunds(int(begun), LIMIT):
            if self._now() - begun > RUN_SECONDS:
                break
            try:
                done += self._continue(order_id)
            except Exception:  # noqa: BLE001 - whatever went wrong, the other refunds have to be made too
                logger.exception("a refund was not tried", order_id=order_id)
                failed += 1
        if failed:
            raise RuntimeError(f"the refunds of {failed} payments were not tried")
        return done

    def _continue(self, order_id: str) -> int:
        payment = self._store.get(order_id)
        due = payment.refunds_due_at(int(self._now())) if payment else []
        done = 0
        for request_id in due:
            # A refund changes the payment, of which the next one is a part.
            payment = self._store.get(order_id)
            if payment and not isinstance(self._refunds.resume(payment, request_id), RefundPendingOutcome):
                done += 1
        return done


def handler(_event: object, _context: object) -> None:
    """Handle the timer (the Lambda entry)."""
    with use_context(Context.begin()):
        done = RefundSweeper(get_store(), refund_service()).sweep()
        if done:
            logger.info("pending refunds have a result", refunds=done)
