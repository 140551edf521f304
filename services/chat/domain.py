"""The rules of a conversation: what is remembered, what the model is shown of it, how long a proposal holds. No AWS."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from schemas.contract import Money
from schemas.websocket import Change, Source, Usage

REMEMBERED_TURNS = 12
"""Of a conversation, as the model is shown it."""
REMEMBERED_CHARACTERS = 1500
"""Of one turn, as the model is shown it."""
_LEANING = re.compile(r"\s*(and|or|but|what about|how about|also|then|why|same)\b", re.IGNORECASE)
PROPOSAL_HOLDS = timedelta(minutes=15)


class Role(StrEnum):
    """Who says something in a conversation. An event is the shop's own: an order moved."""

    SHOPPER = "shopper"
    ASSISTANT = "assistant"
    EVENT = "event"


class Ending(StrEnum):
    """How a turn ended. Only a whole answer is ever shown to the model as one."""

    WHOLE = "WHOLE"
    BROKEN = "BROKEN"
    STOPPED = "STOPPED"


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that was said.

    Attributes:
        conversation_id: None of an event, which belongs to every conversation of its shopper.
        product_ids: whose cards were shown with it.
    """

    role: Role
    at: datetime
    text: str
    conversation_id: str | None = None
    ending: Ending = Ending.WHOLE
    product_ids: Sequence[str] = ()
    sources: Sequence[Source] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A message as the model is shown it: the model's own, or the other side's."""

    by_model: bool
    text: str


def remembered(turns: Iterable[Turn]) -> list[Said]:
    """Return what the model is shown of a conversation, the oldest first and the two sides in turn.

    A broken or stopped answer is left out with a note in its place: it must not be taken for what was
    said. An event is told as a note of the shop.
    """
    said: list[Said] = []
    for turn in list(turns)[-REMEMBERED_TURNS:]:
        text = turn.text[:REMEMBERED_CHARACTERS]
        match turn:
            case Turn(role=Role.ASSISTANT, ending=Ending.WHOLE):
                _add(said, by_model=True, text=text)
            case Turn(role=Role.ASSISTANT):
                _add(said, by_model=True, text="(This answer was interrupted.)")
            case Turn(role=Role.EVENT):
                _add(said, by_model=False, text=f"(Note of the shop: {text})")
            case _:
                _add(said, by_model=False, text=text)
    # The first message of a conversation is the other side's.
    return said[1:] if said and said[0].by_model else said


def query_of(question: str, said: Sequence[Said]) -> str:
    """Return what the documents are asked: the question, with the one before it where it leans on that.

    ``and for sale items?`` means nothing alone.
    """
    before = next((each.text for each in reversed(said) if not each.by_model), "")
    leans = _LEANING.match(question) or len(question.split()) <= 2
    return f"{before}\n{question}" if before and leans else question


def _add(said: list[Said], *, by_model: bool, text: str) -> None:
    if said and said[-1].by_model is by_model:
        said[-1] = Said(by_model, f"{said[-1].text}\n{text}")
    else:
        said.append(Said(by_model, text))


class ProposalState(StrEnum):
    """Where a proposal stands. It leaves PROPOSED once."""

    PROPOSED = "PROPOSED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change of the cart that waits for the shopper's decision.

    Attributes:
        agreed_price: of one unit, as the proposal says it.
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
        """Say whether it can no longer be accepted."""
        return now >= self.expires_at


def summary_of(change: Change, name: str, price: Money) -> str:
    """Return what a proposal asks the shopper, in a sentence of ours."""
    match change.change:
        case "ADD":
            return f"Add {change.quantity} × {name} ({dollars(price)} each) to your cart"
        case "SET":
            return f"Have {change.quantity} × {name} ({dollars(price)} each) in your cart"
        case "REMOVE":
            return f"Take {name} out of your cart"


def dollars(money: Money) -> str:
    """Return an amount as it is written: ``$1,299.00``."""
    sign = "$" if money.currency == "USD" else f"{money.currency} "
    return f"{sign}{money.amount // 100:,}.{money.amount % 100:02}"


@dataclass(slots=True)
class Answer:
    """An answer as it comes about."""

    text: str = ""
    product_ids: list[str] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    usage: Usage = field(default_factory=Usage)
    ending: Ending = Ending.BROKEN


Document = dict[str, Any]
"""JSON that a tool gives to the model."""
