"""What becomes of a proposal when its shopper decides. Nothing else in this service changes a cart."""

from collections.abc import Callable
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from bus.invocation import CommandFailedError
from bus.log import logger
from schemas.websocket import Confirm, Failure, Outcome, ProposalStatus
from services.chat.domain import ProposalState, Proposed, dollars
from services.chat.proposals import Proposals
from services.chat.shop_client import CartAnswer, Shop

UNCERTAIN = "I could not see whether that worked. Please look into your cart before you try again."


def _now() -> datetime:
    return datetime.now(UTC)


class Confirming:
    """Decisions on proposals. The decision is written before the cart changes, so a second click changes nothing.

    Parameters:
        proposals: what waits.
        shop: whose cart command does it.
        now: the time; replaced in tests.
    """

    def __init__(self, proposals: Proposals, shop: Shop, now: Callable[[], datetime] = _now) -> None:
        self._proposals = proposals
        self._shop = shop
        self._now = now

    def decide(self, decision: Confirm, user_id: str) -> Outcome | Failure:
        """Carry out a shopper's decision, once."""
        proposed = self._proposals.of(decision.proposal_id, user_id)
        if proposed is None:
            return Failure(code="NOT_FOUND", message="There is no such proposal.", status=404)
        if decision.accept and proposed.has_expired(self._now()):
            return _outcome(proposed, "EXPIRED", "That was a while ago. Ask again, and I will look anew.")
        state = ProposalState.ACCEPTED if decision.accept else ProposalState.DECLINED
        if not self._proposals.decide(proposed, state):
            return Failure(
                conversation_id=proposed.conversation_id,
                code="DECIDED",
                message="You have decided on that already.",
                status=409,
            )
        if not decision.accept:
            return _outcome(proposed, "DECLINED", "All right, your cart stays as it is.")
        return self._carried_out(proposed)

    def _carried_out(self, proposed: Proposed) -> Outcome | Failure:
        try:
            answer = self._shop.change_cart(proposed.user_id, proposed.change, proposed.agreed_price)
        except (BotoCoreError, ClientError, CommandFailedError):
            logger.exception("a confirmed change may not have been made", proposal_id=proposed.proposal_id)
            return Failure(conversation_id=proposed.conversation_id, code="UNCERTAIN", message=UNCERTAIN, status=503)
        if answer.outcome == "CHANGED":
            return _outcome(proposed, "ACCEPTED", "Done. Your cart has changed.")
        return _outcome(proposed, "REFUSED", _reason(answer), code=answer.code)


def _outcome(proposed: Proposed, status: ProposalStatus, message: str, code: str | None = None) -> Outcome:
    return Outcome(
        conversation_id=proposed.conversation_id,
        proposal_id=proposed.proposal_id,
        status=status,
        message=message,
        code=code,
    )


def _reason(answer: CartAnswer) -> str:
    match answer.code:
        case "OUT_OF_STOCK":
            return f"There are only {answer.limit} of it left, the ones in your cart included."
        case "QUANTITY_LIMIT":
            return f"A cart holds at most {answer.limit} of one product."
        case "CART_FULL":
            return f"A cart holds at most {answer.limit} products."
        case "PRICE_CHANGED" if answer.price:
            return f"Its price has changed to {dollars(answer.price)} meanwhile. Ask again if you still want it."
        case "ACCOUNT_ERASED":
            return "This account was erased at your request."
        case _:
            return "It is no longer on sale."
