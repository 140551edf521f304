"""Somebody at the chat: one connection over the shop's one origin, as the browser opens it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from ecom67.local.connection import Connection
from tests.deadlines import DEADLINE_SECONDS

Message = dict[str, Any]
LAST = {"done", "error", "outcome", "history", "pong"}


@dataclass
class Reply:
    """All messages that a message was answered with."""

    messages: list[Message] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(message["text"] for message in self.of("delta"))

    @property
    def last(self) -> Message:
        return self.messages[-1]

    def of(self, kind: str) -> list[Message]:
        return [message for message in self.messages if message["type"] == kind]

    def items(self, kind: str) -> list[Message]:
        return [item for message in self.of(kind) for item in message["items"]]


class Talk:
    """A connection that is open."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.conversation_id: str | None = None
        self.events: list[Message] = []

    def say(self, **message: object) -> None:
        self._socket.send(json.dumps(message))

    def ask(self, text: str) -> Reply:
        """Ask a question in the conversation of this connection, and read the answer to its end."""
        given = {"conversationId": self.conversation_id} if self.conversation_id else {}
        self.say(action="sendMessage", text=text, **given)
        return self.read()

    def send(self, **message: object) -> Reply:
        self.say(**message)
        return self.read()

    def read(self) -> Reply:
        reply = Reply()
        while True:
            message = self.receive()
            if message["type"] == "event":
                self.events.append(message)
                continue
            reply.messages.append(message)
            if message["type"] in LAST:
                return reply

    def receive(self) -> Message:
        message: Message = json.loads(self._socket.recv(timeout=DEADLINE_SECONDS))
        self.conversation_id = message.get("conversationId") or self.conversation_id
        return message

    def await_close(self) -> None:
        """Read on until the other side closes the connection."""
        with suppress(ConnectionClosed):
            while True:
                self.receive()

    def event(self) -> Message:
        """Return the next event, which may have come before."""
        while not self.events:
            message = self.receive()
            if message["type"] == "event":
                self.events.append(message)
        return self.events.pop(0)


@contextmanager
def talk(stage: Connection, token: str | None = None, *, ticket: str | None = None) -> Iterator[Talk]:
    """Open a connection, of a shopper with a token or a ticket, of a visitor with neither."""
    address = f"{stage.shop_url.replace('http', 'ws', 1)}/ws"
    query = f"?token={quote(token)}" if token else f"?ticket={quote(ticket)}" if ticket else ""
    url = f"{address}{query}"
    with connect(url, proxy=None, open_timeout=DEADLINE_SECONDS) as socket:
        yield Talk(socket)
