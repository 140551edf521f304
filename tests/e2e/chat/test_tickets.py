"""A connection is opened by a ticket, which is worth nothing to whoever finds it in a log."""

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from ecom67.demo.shopper import Shopper
from ecom67.local.connection import Connection
from tests.deadlines import DEADLINE_SECONDS
from tests.e2e.chat.talking import talk


def ticket_of(shopper: Shopper) -> str:
    body = shopper.call("POST /chat/tickets").expect(201).body
    assert body["expiresIn"] == 30
    return str(body["ticket"])


def test_a_ticket_opens_the_connection_of_its_shopper_once(stage: Connection) -> None:
    ada = Shopper(stage)
    ada.sign_up()
    ticket = ticket_of(ada)

    with talk(stage, ticket=ticket) as conversation:
        # A visitor has no orders: the assistant says so by asking to sign in.
        answer = conversation.ask("Where is my order?")
        assert "sign in" not in answer.text.lower()
    with pytest.raises(InvalidStatus) as refused, talk(stage, ticket=ticket):
        pass

    assert refused.value.response.status_code == 403


def test_nobody_gets_a_ticket_without_a_token(stage: Connection) -> None:
    answer = httpx.post(f"{stage.shop_url}/api/chat/tickets", timeout=DEADLINE_SECONDS)

    assert answer.status_code == 401
