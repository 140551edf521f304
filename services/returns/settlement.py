"""Settles confirmed withdrawals from their queue: finds the order, cancels it or opens a return, raises the receipt.

It runs behind a queue so that the request is answered the same, and as fast, whether or not there is such an order,
and so that a withdrawal is not lost while orders or Cognito do not answer.
"""

from bus.command import queued_command
from bus.log import logger
from bus.metric import count
from bus.optimistic_locking import retry_on_conflict
from services.returns.dependencies import orders, shoppers, store, withdraw_arn
from services.returns.domain import decide, names_all
from services.returns.withdrawal_queue import ConfirmedWithdrawal


def _settle(confirmed: ConfirmedWithdrawal) -> None:
    withdrawal_id = confirmed.withdrawal_id
    # Where the request was cut short, this is the first write of it.
    store().confirm(withdrawal_id, confirmed.confirmed_at)
    withdrawal = store().withdrawal(withdrawal_id)
    if withdrawal is None or withdrawal.outcome is not None:
        logger.info("settled before, or gone", withdrawal_id=withdrawal_id)
        return
    user_id = withdrawal.user_id or (shoppers().find(withdrawal.email) if withdrawal.email else None)
    name = withdrawal.order_id or withdrawal.order_name
    order = orders().of_shopper(user_id, name) if user_id and name else None
    if order is None:
        logger.info("a withdrawal names no order", withdrawal_id=withdrawal_id)
        store().reject(withdrawal_id, user_id)
        # Somebody waits for an answer, and has a right to it: an alarm tells staff.
        count("WithdrawalsUnmatched", withdrawalId=withdrawal_id)
        return
    if names_all(order, withdrawal.units):
        order = orders().withdraw(withdraw_arn(), order) or order
    confirmed_at = withdrawal.confirmed_at or confirmed.confirmed_at
    found = order

    def attempt() -> None:
        current = store().withdrawal(withdrawal_id)
        if current is None or current.outcome is not None:
            return
        decision = decide(withdrawal_id, found, withdrawal.units, store().of_order(found.order_id), confirmed_at)
        store().settle(withdrawal_id, decision)

    retry_on_conflict(attempt)


handler = queued_command(_settle, ConfirmedWithdrawal)
