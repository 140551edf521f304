"""Functions that the state machine invokes: how a run ends, and who may give the money back."""

from functools import cache
from typing import Literal

from bus.clients import dynamodb
from bus.command import command
from schemas.contract import Contract, Identifier
from services.checkout.domain import Checkout, Outcome, Status
from services.checkout.store import CheckoutSettings, CheckoutStore


class FinishInput(Contract):
    """How a run ended."""

    order_id: Identifier
    outcome: Outcome


class CompensateInput(Contract):
    """A run that cannot go on although the shopper may have paid."""

    order_id: Identifier


class Compensating(Contract):
    """The run may give the money back."""

    outcome: Literal["COMPENSATING"] = "COMPENSATING"


class UnknownCheckoutError(LookupError):
    """There is no checkout of that order id: a fault, the handler puts it before the run begins."""


@cache
def _store() -> CheckoutStore:
    return CheckoutStore(dynamodb(), CheckoutSettings.load().checkouts_table)


def _found(order_id: str) -> Checkout:
    checkout = _store().get(order_id)
    if checkout is None:
        raise UnknownCheckoutError(order_id)
    return checkout


def _finish(given: FinishInput) -> Outcome:
    """Write the end of a run; return the outcome that counts, which may have been decided elsewhere."""
    while True:
        checkout = _found(given.order_id)
        end = checkout.end_of(given.outcome)
        # Who is refused was overtaken by a step towards an end, and there are few of those.
        if checkout.is_ended or _store().finish(checkout, end):
            return end


def _compensate(given: CompensateInput) -> Compensating | Outcome:
    """Claim the right to give the money back; the outcome that counts where that is decided already."""
    if _store().claim(given.order_id, Status.COMPENSATING, [Status.RUNNING, Status.COMPENSATING]):
        return Compensating()
    checkout = _found(given.order_id)
    return checkout.outcome if checkout.status is Status.FAILED and checkout.outcome else checkout.confirmed()


finish = command(_finish, FinishInput)
compensate = command(_compensate, CompensateInput)
