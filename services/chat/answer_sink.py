"""The interface through which an answer reaches the shopper."""

from collections.abc import Sequence
from typing import Protocol

from schemas.websocket import Card, Proposal, Source


class AnswerSink(Protocol):
    """Receives the parts of an answer in their order."""

    def send_working(self, tool: str) -> None:
        """Report that a tool is used."""

    def send_text(self, piece: str) -> None:
        """Send the next piece of the text."""

    def send_products(self, cards: Sequence[Card]) -> None:
        """Send the cards of products that a tool has found."""

    def send_proposal(self, proposal: Proposal) -> None:
        """Send a proposal for the shopper to decide."""

    def send_sources(self, sources: Sequence[Source]) -> None:
        """Send the documents that the answer cites."""
