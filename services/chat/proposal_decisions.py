"""Carries out a shopper's decision on a proposal. Nothing else in this service changes a cart."""

from collections.abc import Callable
from datetime import UTC, datetime

from botocore.exceptions import BotoCoreError, ClientError

from bus.invocation import CommandFailedError
from bus.log import logger
from schemas.websocket import Confirm, Failure, Outcome, ProposalStatus
from services.chat.domain import CartProposal, ProposalState, format_money
from services.chat.proposals import ProposalStore
from services.chat.shop_client import CartChangeResult, ShopClient

UNCERTAIN = "I could not see whether that worked. Please look into your cart before you try again."


def _now() -> datetime:
    return datetime.now(UTC)


class ProposalDecisions:
    """Decides proposals. A decision is stored before the cart is changed, so a second click changes nothing.

    Parameters:
        proposals: the proposals.
        shop: the client of cart's command.
        now: the current time; replaced in tests.
    """

    def __init__(self, proposals: ProposalStore, shop: ShopClient, now: Callable[[], datetime] = _now) -> None:
        self._proposals = proposals
        self._shop = shop
        self._now = now

    def decide(self, decision: Confirm, user_id: str) -> Outcome | Failure:
        """Store a decision and, if the proposal is accepted, change the cart.

        Parameters:
            decision: the shopper's decision.
            user_id: id of the shopper.

        Returns:
            The message to the shopper.
        """
        proposal = self._proposals.get(decision.proposal_id, user_id)
        if proposal is None:
            return Failure(code="NOT_FOUND", message="There is no such proposal.", status=404)
        if decision.accept and proposal.has_expired(self._now()):
            return _outcome(proposal, "EXPIRED", "That was a while ago. Ask again, and I will look anew.")
        state = ProposalState.ACCEPTED if decision.accept else ProposalState.DECLINED
        if not self._proposals.decide(proposal, state):
            return Failure(
                conversation_id=proposal.conversation_id,
                code="DECIDED",
                message="You have decided on that already.",
                status=409,
            )
        if not decision.accept:
            return _outcome(proposal, "DECLINED", "All right, your cart stays as it is.")
        return self._change_cart(proposal)

    def _change_cart(self, proposal: CartProposal) -> Outcome | Failure:
        try:
            result = self._shop.change_cart(proposal.user_id, proposal.change, proposal.agreed_price)
        except (BotoCoreError, ClientError, CommandFailedError):
            logger.exception("a confirmed change may not have been made", proposal_id=proposal.proposal_id)
            return Failure(conversation_id=proposal.conversation_id, code="UNCERTAIN", message=UNCERTAIN, status=503)
        if result.outcome == "CHANGED":
            return _outcome(proposal, "ACCEPTED", "Done. Your cart has changed.")
        return _outcome(proposal, "REFUSED", _refusal_message(result), code=result.code)


def _outcome(proposal: CartProposal, status: ProposalStatus, message: str, code: str | None = None) -> Outcome:
    return Outcome(
        conversation_id=proposal.conversation_id,
        proposal_id=proposal.proposal_id,
        status=status,
        message=message,
        code=code,
    )


def _refusal_message(result: CartChangeResult) -> str:
    match result.code:
        case "OUT_OF_STOCK":
            return f"There are only {result.limit} of it left, the ones in your cart included."
        case "QUANTITY_LIMIT":
            return f"A cart holds at most {result.limit} of one product."
        case "CART_FULL":
            return f"A cart holds at most {result.limit} products."
        case "PRICE_CHANGED" if result.price:
            return f"Its price has changed to {format_money(result.price)} meanwhile. Ask again if you still want it."
        case "ACCOUNT_ERASED":
            return "This account was erased at your request."
        case _:
            return "It is no longer on sale."
