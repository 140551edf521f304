"""A command of another service is invoked in the current context, and a fault is told from an outcome."""

import io
import json
from typing import Any

import pytest

from bus.context import Context, use_context
from bus.invocation import CommandFailedError, invoke_command, start_command

ARN = "arn:aws:lambda:us-east-1:000000000000:function:ecom67-dev-cart-change"


class Lambda:
    """The Lambda client; it answers what it is given."""

    def __init__(self, answer: object, **more: str) -> None:
        self._answer = {"Payload": io.BytesIO(json.dumps(answer).encode()), **more}
        self.calls: list[dict[str, Any]] = []

    def invoke(self, **call: Any) -> dict[str, Any]:
        self.calls.append(call)
        return self._answer


def test_the_outcome_of_a_command_comes_back_and_the_context_goes_along() -> None:
    client: Any = Lambda({"outcome": "CHANGED"})

    with use_context(Context(correlation_id="the-request")):
        assert invoke_command(client, ARN, {"userId": "ada"}) == {"outcome": "CHANGED"}

    (call,) = client.calls
    assert call["FunctionName"] == ARN
    assert json.loads(call["Payload"]) == {"context": {"correlationId": "the-request"}, "input": {"userId": "ada"}}


def test_a_fault_is_no_outcome() -> None:
    client: Any = Lambda({"errorMessage": "no"}, FunctionError="Unhandled")

    with use_context(Context(correlation_id="the-request")), pytest.raises(CommandFailedError, match="cart-change"):
        invoke_command(client, ARN, {})


def test_nobody_waits_for_a_command_that_is_started() -> None:
    client: Any = Lambda({})

    with use_context(Context(correlation_id="the-request")):
        start_command(client, ARN, {})

    assert client.calls[0]["InvocationType"] == "Event"
