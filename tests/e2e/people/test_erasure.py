"""What is left of a person once their account is deleted: the old token opens nothing, and nothing comes after it."""

import re
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.connection import Connection
from openapi.generation import build_document
from tests.e2e.chat.talking import talk


def authorised_routes() -> list[str]:
    """Return every route that requires a token, as the published document has it."""
    paths = build_document()["paths"]
    return [
        f"{method.upper()} {re.sub('{[^}]+}', 'x', path.removeprefix('/api'))}"
        for path, operations in paths.items()
        for method, operation in operations.items()
        if {} not in operation.get("security", [])
    ]


def test_the_old_token_is_answered_410_everywhere_and_opens_no_socket(stage: Connection) -> None:
    shopper = Shopper(stage)
    shopper.sign_up()
    assert shopper.token is not None
    with talk(stage, shopper.token) as ada:
        assert ada.send(action="ping").last == {"type": "pong"}

        shopper.call("DELETE /me").expect(204)

        ada.await_close()
    routes = authorised_routes()
    assert len(routes) > 20
    for route in routes:
        shopper.call(route, {}, key="a-key-of-some-length").expect(410, "ACCOUNT_ERASED")
    with pytest.raises(InvalidStatus) as refused, talk(stage, shopper.token):
        pass
    assert refused.value.response.status_code == 403


def test_a_question_in_the_moment_of_the_erasure_is_not_kept(stage: Connection) -> None:
    shopper = Shopper(stage)
    shopper.sign_up()
    assert shopper.token is not None
    user_id = shopper.call("GET /me").expect(200).body["userId"]
    with talk(stage, shopper.token) as ada:
        shopper.call("DELETE /me").expect(204)
        with suppress(ConnectionClosed):
            ada.say(action="sendMessage", text="How long do I have to return something?")
        ada.await_close()

    turns = stage.client("dynamodb").query(
        TableName="ecom67-local-ChatHistory",
        KeyConditionExpression="userId = :user",
        ExpressionAttributeValues={":user": {"S": user_id}},
        ConsistentRead=True,
    )
    assert turns["Items"] == []
    assert eventually("no connection is left", lambda: True if not _connections(stage, user_id) else None)


def _connections(stage: Connection, user_id: str) -> list[object]:
    answer = stage.client("dynamodb").query(
        TableName="ecom67-local-Connections",
        IndexName="userId-index",
        KeyConditionExpression="userId = :user",
        ExpressionAttributeValues={":user": {"S": user_id}},
    )
    return list(answer["Items"])
