"""Writes an answer to a shopper's connection."""

import time
from collections.abc import Sequence

from schemas.contract import Contract
from schemas.websocket import Card, Delta, Products, Proposal, Source, Sources, Working
from services.chat.websocket_connections import ConnectionClosedError, WebSocketConnections

FLUSH_SECONDS = 0.08
"""Seconds within which pieces of text are sent as one message: each message is a call of API Gateway."""
STOP_CHECK_SECONDS = 1.0
"""Seconds between two checks whether the answer was stopped."""


class AnswerStoppedError(Exception):
    """The shopper has stopped the answer, or closed the connection."""


class SocketWriter:
    """The answer sink of a connection.

    Every method but ``send_last`` raises AnswerStoppedError if the answer was stopped.

    Parameters:
        connections: the open connections.
        connection_id: id of the connection.
        answer_id: id of the answer, which holds the connection.
        conversation_id: id of the conversation.
    """

    def __init__(
        self, connections: WebSocketConnections, *, connection_id: str, answer_id: str, conversation_id: str
    ) -> None:
        self._connections = connections
        self._connection_id = connection_id
        self._answer_id = answer_id
        self._conversation_id = conversation_id
        self._buffer = ""
        self._flushed_at = float("-inf")
        self._checked_at = time.monotonic()

    def send_working(self, tool: str) -> None:
        """Report that a tool is used."""
        self._send(Working(conversation_id=self._conversation_id, tool=tool))

    def send_text(self, piece: str) -> None:
        """Send the next piece of the text, together with those that came just before."""
        self._buffer += piece
        if time.monotonic() - self._flushed_at >= FLUSH_SECONDS:
            self.flush()

    def send_products(self, cards: Sequence[Card]) -> None:
        """Send the cards of products."""
        self._send(Products(conversation_id=self._conversation_id, items=list(cards)))

    def send_proposal(self, proposal: Proposal) -> None:
        """Send a proposal."""
        self._send(proposal)

    def send_sources(self, sources: Sequence[Source]) -> None:
        """Send the documents that the answer cites."""
        self._send(Sources(conversation_id=self._conversation_id, items=list(sources)))

    def send_last(self, message: Contract) -> None:
        """Send the last message, even if the answer was stopped.

        Raises:
            AnswerStoppedError, ConnectionClosedError: the connection is closed.
        """
        self._post_buffer()
        self._connections.send(self._connection_id, message)

    def flush(self) -> None:
        """Send the text that is still in the buffer."""
        if self._buffer:
            self._check_stopped()
            self._post_buffer()

    def _send(self, message: Contract) -> None:
        self.flush()
        self._check_stopped()
        self._post(message)

    def _post_buffer(self) -> None:
        text, self._buffer = self._buffer, ""
        if text:
            self._post(Delta(conversation_id=self._conversation_id, text=text))
            self._flushed_at = time.monotonic()

    def _post(self, message: Contract) -> None:
        try:
            self._connections.send(self._connection_id, message)
        except ConnectionClosedError:
            raise AnswerStoppedError from None

    def _check_stopped(self) -> None:
        if time.monotonic() - self._checked_at >= STOP_CHECK_SECONDS:
            self._checked_at = time.monotonic()
            if self._connections.is_stopped(self._connection_id, self._answer_id):
                raise AnswerStoppedError
