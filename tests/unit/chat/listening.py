"""Who listens to the assistant: what the shopper hears and sees, and what is kept until they agree to it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.websocket import Card, Proposal, Source
from services.chat.domain import CartProposal
from services.chat.proposals import ProposalStore


class Kept(ProposalStore):
    """Proposals in memory."""

    def __init__(self) -> None:
        self.made: list[CartProposal] = []

    def add(self, proposal: CartProposal) -> None:
        self.made.append(proposal)


@dataclass
class Heard:
    """All that the shopper hears and sees."""

    pieces: list[str] = field(default_factory=list)
    cards: list[Card] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    named: list[Source] = field(default_factory=list)
    tools: list[str] = field(default_factory=list)

    def send_working(self, tool: str) -> None:
        self.tools.append(tool)

    def send_text(self, piece: str) -> None:
        self.pieces.append(piece)

    def send_products(self, cards: Sequence[Card]) -> None:
        self.cards += cards

    def send_proposal(self, proposal: Proposal) -> None:
        self.proposals.append(proposal)

    def send_sources(self, sources: Sequence[Source]) -> None:
        self.named += sources

    @property
    def answer(self) -> str:
        return "".join(self.pieces)
