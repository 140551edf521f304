"""The HTTP route of the chat: a ticket with which a browser opens its connection."""

from bus.http import Api
from schemas.contract import Contract
from services.chat.dependencies import tickets
from services.chat.tickets import TICKET_SECONDS
from services.chat.token_identity import TokenIdentity

api = Api()
app = api.app


class ConnectionTicket(Contract):
    """A ticket for one connection, opened by ``/ws?ticket=…``.

    Attributes:
        ticket: the ticket, valid once.
        expires_in: seconds for which it is valid.
    """

    ticket: str
    expires_in: int


@app.post("/api/chat/tickets", tags=["chat"], status_code=201)
def create_ticket() -> ConnectionTicket:
    """Return a ticket for a connection of the caller: an address ends up in logs, where a token must not be."""
    caller = api.caller()
    ticket = tickets().issue(TokenIdentity(user_id=caller.user_id, expires_at=caller.expires_at))
    return ConnectionTicket(ticket=ticket, expires_in=TICKET_SECONDS)
