"""The commands that the state machine invokes: claim the cart, finish a run, start a compensation."""

from typing import Any, Literal

from bus.command import command
from bus.log import logger
from schemas.contract import Contract, Identifier
from services.checkout.compensation import RefundRefusedError
from services.checkout.dependencies import compensator, store
from services.checkout.domain import (
    COMPENSABLE,
    SUPERSEDED,
    CartHold,
    CartHolder,
    Checkout,
    CheckoutOutcome,
    CheckoutStatus,
    Quote,
    UnknownCheckoutError,
)

MAX_CLAIM_ATTEMPTS = 5


class ClaimCartInput(Contract):
    """A run for whose cart another checkout is the holder."""

    order_id: Identifier
    user_id: Identifier
    quote: Quote


class CartClaimedOutcome(Contract):
    """The run may buy the cart."""

    outcome: Literal["CLAIMED"] = "CLAIMED"


class FinishInput(Contract):
    """The end of a run.

    Attributes:
        outcome: what the run ended with by itself.
        seen: the item of the checkout as the run has written it last, if it has; saves a read.
    """

    order_id: Identifier
    outcome: CheckoutOutcome
    seen: dict[str, Any] | None = None


class CompensateInput(Contract):
    """A run that cannot continue although the shopper may have paid."""

    order_id: Identifier


class CompensatingOutcome(Contract):
    """The run may refund."""

    outcome: Literal["COMPENSATING"] = "COMPENSATING"


def _get_checkout(order_id: str) -> Checkout:
    checkout = store().get(order_id)
    if checkout is None:
        raise UnknownCheckoutError(order_id)
    return checkout


def _claim_cart(given: ClaimCartInput) -> CartClaimedOutcome | CheckoutOutcome:
    """Take the cart from a holder that is over, or was abandoned and is closed here.

    A run that does not get the cart leaves nothing behind, so that the same request can be made again.
    """
    for _ in range(MAX_CLAIM_ATTEMPTS):
        holder = store().get_cart_holder(given.user_id)
        if holder and (holder.is_newer_than(given.quote) or not _free_cart(holder, given)):
            break
        if store().claim_cart(given.order_id, given.user_id, given.quote, over=holder):
            return CartClaimedOutcome()
    store().delete_unquoted(given.order_id)
    return CheckoutOutcome(outcome="IN_PROGRESS")


def _free_cart(holder: CartHolder, given: ClaimCartInput) -> bool:
    """Return whether the cart is free, closing the holder where it was abandoned."""
    if holder.yields_to(given.order_id, given.quote):
        return True
    earlier = store().get(holder.order_id)
    if earlier is None:
        return True
    match earlier.cart_hold_at(store().now(), cart_changed=holder.is_older_than(given.quote)):
        case CartHold.RELEASED:
            return True
        case CartHold.ABANDONED if store().supersede(earlier):
            _close(earlier)
            return True
    return False


def _close(earlier: Checkout) -> None:
    logger.info("closing an earlier checkout of the cart", earlier_order_id=earlier.order_id)
    try:
        closed = earlier.model_copy(update={"status": CheckoutStatus.COMPENSATING})
        # Its shopper is at the page, and has ordered the cart again: no e-mail about the order before.
        compensator().compensate(closed, SUPERSEDED, answered=True)
    except RefundRefusedError:
        # The event of that payment ends in the dead letters for it; the cart is free all the same.
        logger.exception("an earlier payment cannot be refunded", order_id=earlier.order_id)


def _finish(given: FinishInput) -> CheckoutOutcome:
    """Store the end of a run; return the outcome that counts, which may have been decided elsewhere."""
    checkout = store().parse_item(given.seen) if given.seen else _get_checkout(given.order_id)
    while True:
        outcome = checkout.final_outcome(given.outcome)
        if checkout.is_ended or store().finish(checkout, outcome):
            return outcome
        # A refused write was overtaken by a step towards an end, and there are few of those.
        checkout = _get_checkout(given.order_id)


def _compensate(given: CompensateInput) -> CompensatingOutcome | CheckoutOutcome:
    """Decide for a refund; return the outcome that counts where the checkout was decided otherwise."""
    if store().decide(given.order_id, CheckoutStatus.COMPENSATING, COMPENSABLE):
        return CompensatingOutcome()
    return _get_checkout(given.order_id).outcome_if_not_compensable()


claim_cart = command(_claim_cart, ClaimCartInput)
finish = command(_finish, FinishInput)
compensate = command(_compensate, CompensateInput)
