"""Tickets: one connection each, for half a minute, of who asked for it with a token."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from services.chat import api, authorizer
from services.chat.tickets import TICKET_SECONDS, TicketStore
from services.chat.token_identity import TokenIdentity
from tests.unit.chat.conftest import Clock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

ADA = TokenIdentity(user_id="ada", expires_at=1_795_003_600)


@pytest.fixture
def store(dynamodb: "DynamoDBClient", clock: Clock, monkeypatch: pytest.MonkeyPatch) -> TicketStore:
    store = TicketStore(dynamodb, "Tickets", now=clock)
    monkeypatch.setattr(authorizer, "tickets", lambda: store)
    monkeypatch.setattr(api, "tickets", lambda: store)
    return store


def decision(**query: str) -> tuple[str, dict[str, str]]:
    answer = authorizer.handler({"methodArn": "arn:connect", "queryStringParameters": query}, None)
    (statement,) = answer["policyDocument"]["Statement"]
    return statement["Effect"], answer["context"]


def test_a_ticket_opens_one_connection_of_who_asked_for_it(store: TicketStore) -> None:
    ticket = store.issue(ADA)

    assert decision(ticket=ticket) == ("Allow", {"userId": "ada", "expiresAt": "1795003600"})
    assert decision(ticket=ticket) == ("Deny", {})


def test_a_ticket_is_valid_for_half_a_minute(store: TicketStore, clock: Clock) -> None:
    late, in_time = store.issue(ADA), store.issue(ADA)

    clock.now += TICKET_SECONDS - 1
    assert decision(ticket=in_time)[0] == "Allow"
    clock.now += 1
    assert decision(ticket=late) == ("Deny", {})


@pytest.mark.parametrize("ticket", ["rubbish", "x" * 2000])
def test_what_was_never_issued_opens_nothing_and_makes_nobody_a_visitor(store: TicketStore, ticket: str) -> None:
    assert decision(ticket=ticket) == ("Deny", {})


def test_the_table_holds_no_ticket_that_could_be_used(store: TicketStore, dynamodb: "DynamoDBClient") -> None:
    ticket = store.issue(ADA)

    (item,) = dynamodb.scan(TableName="Tickets")["Items"]
    assert ticket not in json.dumps(item)
    assert decision(ticket=item["ticketId"]["S"]) == ("Deny", {})


def test_tickets_differ_and_are_short(store: TicketStore) -> None:
    tickets = {store.issue(ADA) for _ in range(20)}

    assert len(tickets) == 20
    assert max(map(len, tickets)) < 64


def request(claims: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    event = {
        "version": "2.0",
        "routeKey": "POST /api/chat/tickets",
        "rawPath": "/api/chat/tickets",
        "rawQueryString": "",
        "headers": {},
        "requestContext": {
            "http": {"method": "POST", "path": "/api/chat/tickets"},
            "stage": "$default",
            "requestId": "request",
            "authorizer": {"jwt": {"claims": claims}},
        },
        "isBase64Encoded": False,
    }
    answer = api.api(event, None)
    return answer["statusCode"], json.loads(answer["body"])


# API Gateway passes the claims of a JWT as text.
@pytest.mark.parametrize("expiry", ["1795003600", "1.7950036E9", 1_795_003_600])
def test_the_route_gives_a_ticket_of_the_caller_until_their_token_expires(store: TicketStore, expiry: object) -> None:
    status, body = request({"sub": "ada", "exp": expiry})

    assert (status, body["expiresIn"]) == (201, 30)
    assert decision(ticket=body["ticket"]) == ("Allow", {"userId": "ada", "expiresAt": "1795003600"})
