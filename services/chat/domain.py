"""The rules of a conversation: what the model is shown of it, and proposals of cart changes. No AWS."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from schemas.contract import Money
from schemas.websocket import Change, Source, Usage

MAX_PROMPT_TURNS = 12
"""Turns of a conversation that the model is shown."""
MAX_PROMPT_CHARACTERS = 1500
"""Characters of one turn that the model is shown."""
_FOLLOW_UP = re.compile(r"\s*(and|or|but|what about|how about|also|then|why|same)\b", re.IGNORECASE)
PROPOSAL_TTL = timedelta(minutes=15)


class ShopperErasedError(Exception):
    """The account of the shopper was erased: nothing is stored under their id any more."""


class Role(StrEnum):
    """The author of a turn. An event is the shop's own turn: an order has changed."""

    SHOPPER = "shopper"
    ASSISTANT = "assistant"
    EVENT = "event"


class Ending(StrEnum):
    """How a turn ended. The model is only shown whole answers as such."""

    WHOLE = "WHOLE"
    BROKEN = "BROKEN"
    STOPPED = "STOPPED"


@dataclass(frozen=True, slots=True)
class ConversationTurn:
    """A turn of a conversation.

    Attributes:
        role: its author.
        at: when it was added.
        text: its text.
        conversation_id: id of the conversation; None of an event, which belongs to all conversations of its shopper.
        ending: how it ended.
        product_ids: ids of the products whose cards were shown with it.
        sources: documents that it cites.
    """

    role: Role
    at: datetime
    text: str
    conversation_id: str | None = None
    ending: Ending = Ending.WHOLE
    product_ids: Sequence[str] = ()
    sources: Sequence[Source] = ()


@dataclass(frozen=True, slots=True)
class PromptMessage:
    """A message as the model is shown it.

    Attributes:
        by_model: True for the model's own, False for the other side's.
        text: its text.
    """

    by_model: bool
    text: str


def prompt_history(turns: Iterable[ConversationTurn]) -> list[PromptMessage]:
    """Return the part of a conversation that the model is shown: oldest first, the two sides alternating.

    A broken or stopped answer is replaced by a note, so that the model does not take it for a complete one. An event
    is shown as a note of the shop.
    """
    history: list[PromptMessage] = []
    for turn in list(turns)[-MAX_PROMPT_TURNS:]:
        text = turn.text[:MAX_PROMPT_CHARACTERS]
        match turn:
            case ConversationTurn(role=Role.ASSISTANT, ending=Ending.WHOLE):
                _append(history, by_model=True, text=text)
            case ConversationTurn(role=Role.ASSISTANT):
                _append(history, by_model=True, text="(This answer was interrupted.)")
            case ConversationTurn(role=Role.EVENT):
                _append(history, by_model=False, text=f"(Note of the shop: {text})")
            case _:
                _append(history, by_model=False, text=text)
    # Converse requires that the first message is not the model's.
    return history[1:] if history and history[0].by_model else history


def retrieval_query(question: str, history: Sequence[PromptMessage]) -> str:
    """Return the query for the help documents: the question, after the previous one if it is a follow-up.

    A question such as ``and for sale items?`` means nothing alone.
    """
    previous = next((message.text for message in reversed(history) if not message.by_model), "")
    is_follow_up = _FOLLOW_UP.match(question) or len(question.split()) <= 2
    return f"{previous}\n{question}" if previous and is_follow_up else question


def _append(history: list[PromptMessage], *, by_model: bool, text: str) -> None:
    if history and history[-1].by_model is by_model:
        history[-1] = PromptMessage(by_model, f"{history[-1].text}\n{text}")
    else:
        history.append(PromptMessage(by_model, text))


class ProposalState(StrEnum):
    """The state of a proposal. It leaves PROPOSED once."""

    PROPOSED = "PROPOSED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True)
class CartProposal:
    """A change of the cart that waits for the shopper's decision.

    Attributes:
        proposal_id: id of the proposal.
        user_id: id of the shopper.
        conversation_id: id of the conversation in which it was made.
        change: the change.
        agreed_price: price of one unit that the proposal names.
        summary: the sentence that the shopper is asked.
        expires_at: time from which it can no longer be accepted.
        state: state of the proposal.
    """

    proposal_id: str
    user_id: str
    conversation_id: str
    change: Change
    agreed_price: Money
    summary: str
    expires_at: datetime
    state: ProposalState = ProposalState.PROPOSED

    def has_expired(self, now: datetime) -> bool:
        """Return whether it can no longer be accepted."""
        return now >= self.expires_at


def proposal_summary(change: Change, name: str, price: Money) -> str:
    """Return the sentence in which a proposal is shown.

    Parameters:
        change: the change.
        name: name of the product.
        price: price of one unit.
    """
    match change.change:
        case "ADD":
            return f"Add {change.quantity} × {name} ({format_money(price)} each) to your cart"
        case "SET":
            return f"Have {change.quantity} × {name} ({format_money(price)} each) in your cart"
        case "REMOVE":
            return f"Take {name} out of your cart"


def format_money(money: Money) -> str:
    """Return an amount as text, such as ``$1,299.00``."""
    sign = "$" if money.currency == "USD" else f"{money.currency} "
    return f"{sign}{money.amount // 100:,}.{money.amount % 100:02}"


@dataclass(slots=True)
class AnswerDraft:
    """An answer while it is given.

    Attributes:
        text: the text so far.
        product_ids: ids of the products whose cards were shown.
        sources: documents that the text cites.
        usage: tokens used by the model.
        ending: how it ended; BROKEN until it is complete.
    """

    text: str = ""
    product_ids: list[str] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    ending: Ending = Ending.BROKEN


ToolOutput = dict[str, Any]
"""The JSON that a tool returns to the model."""
