"""Functions that the state machine invokes: whose cart it is, how a run ends, who may give the money back."""

from typing import Any, Literal

from bus.command import command
from bus.log import logger
from schemas.contract import Contract, Identifier
from services.checkout.compensation import RefundRefusedError
from services.checkout.dependencies import compensation, store
from services.checkout.domain import SUPERSEDED, CartHolder, Checkout, Outcome, Quote, Standing, Status

ATTEMPTS = 5


class ClaimCartInput(Contract):
    """A run that found the cart in the hands of another checkout."""

    order_id: Identifier
    user_id: Identifier
    quote: Quote


class CartClaimed(Contract):
    """The run may buy the cart."""

    outcome: Literal["CLAIMED"] = "CLAIMED"


class FinishInput(Contract):
    """How a run ended.

    Attributes:
        seen: the item of the checkout as the run has written it last, if it has: spares a reading.
    """

    order_id: Identifier
    outcome: Outcome
    seen: dict[str, Any] | None = None


class CompensateInput(Contract):
    """A run that cannot go on although the shopper may have paid."""

    order_id: Identifier


class Compensating(Contract):
    """The run may give the money back."""

    outcome: Literal["COMPENSATING"] = "COMPENSATING"


class UnknownCheckoutError(LookupError):
    """There is no checkout of that order id: a fault, the handler puts it before the run begins."""


def _found(order_id: str) -> Checkout:
    checkout = store().get(order_id)
    if checkout is None:
        raise UnknownCheckoutError(order_id)
    return checkout


def _claim_cart(given: ClaimCartInput) -> CartClaimed | Outcome:
    """Take the cart from a checkout that is over, or was abandoned and is closed here; or leave it to that one.

    Who does not get the cart leaves nothing behind: the same request can be made again.
    """
    for _ in range(ATTEMPTS):
        holder = store().holder_of(given.user_id)
        if holder and (holder.is_newer_than(given.quote) or not _is_out_of_the_way(holder, given)):
            break
        if store().claim_cart(given.order_id, given.user_id, given.quote, over=holder):
            return CartClaimed()
    store().withdraw(given.order_id)
    return Outcome(outcome="IN_PROGRESS")


def _is_out_of_the_way(holder: CartHolder, given: ClaimCartInput) -> bool:
    if holder.order_id in (given.order_id, given.quote.last_order_id):
        return True
    earlier = store().get(holder.order_id)
    if earlier is None:
        return True
    match earlier.standing_at(store().now(), cart_changed=holder.is_older_than(given.quote)):
        case Standing.OVER:
            return True
        case Standing.ABANDONED if store().supersede(earlier):
            _close(earlier)
            return True
    return False


def _close(earlier: Checkout) -> None:
    logger.info("the shopper orders anew; an earlier checkout is closed", earlier_order_id=earlier.order_id)
    try:
        compensation().give_back(earlier.model_copy(update={"status": Status.COMPENSATING}), SUPERSEDED)
    except RefundRefusedError:
        # The event of that payment ends in the dead letters for it; the cart is free all the same.
        logger.exception("an earlier payment cannot be given back", order_id=earlier.order_id)


def _finish(given: FinishInput) -> Outcome:
    """Write the end of a run; return the outcome that counts, which may have been decided elsewhere."""
    checkout = store().read(given.seen) if given.seen else _found(given.order_id)
    while True:
        end = checkout.end_of(given.outcome)
        if checkout.is_ended or store().finish(checkout, end):
            return end
        # Who is refused was overtaken by a step towards an end, and there are few of those.
        checkout = _found(given.order_id)


def _compensate(given: CompensateInput) -> Compensating | Outcome:
    """Claim the right to give the money back; the outcome that counts where that is decided already."""
    if store().decide(given.order_id, Status.COMPENSATING, [Status.RUNNING, Status.COMPENSATING]):
        return Compensating()
    checkout = _found(given.order_id)
    return checkout.outcome if checkout.status is Status.FAILED and checkout.outcome else checkout.confirmed()


claim_cart = command(_claim_cart, ClaimCartInput)
finish = command(_finish, FinishInput)
compensate = command(_compensate, CompensateInput)
