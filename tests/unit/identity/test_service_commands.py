"""What the other services say of a person: what they store, and what stands in the way of erasing them."""

import io
import json
from typing import TYPE_CHECKING, Any, cast

import boto3
import pytest

from bus.context import Context
from services.identity.service_commands import ExportTooLargeError, ServiceCommands

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_ssm.client import SSMClient


@pytest.fixture
def ssm(aws: None) -> "SSMClient":
    return boto3.client("ssm")


class Commands:
    """Invokes nothing; answers what it was told to, by ARN."""

    def __init__(self, **answers: dict[str, Any] | list[dict[str, Any]]) -> None:
        self.answers = answers
        self.invoked: list[tuple[str, dict[str, Any]]] = []

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        self.invoked.append((FunctionName, json.loads(Payload)))
        answer = self.answers[FunctionName]
        # Several answers are the pages of a service.
        answer = dict(answer.pop(0) if isinstance(answer, list) else answer)
        return {**answer, "Payload": io.BytesIO(json.dumps(answer.get("Payload", {})).encode())}


def service_commands(ssm: "SSMClient", commands: Commands) -> ServiceCommands:
    return ServiceCommands(ssm, cast("LambdaClient", commands), "/ecom67/dev/people/")


def publish(ssm: "SSMClient", name: str, value: str) -> None:
    ssm.put_parameter(Name=name, Value=value, Type="String")


def test_every_service_that_published_a_command_is_in_the_export(context: Context, ssm: "SSMClient") -> None:
    for number in range(10):  # more than a page of SSM
        publish(ssm, f"/ecom67/dev/people/service-{number}/table", "no command")
    publish(ssm, "/ecom67/dev/people/orders/export-arn", "of_orders")
    publish(ssm, "/ecom67/dev/people/cart/export-arn", "of_cart")
    publish(ssm, "/ecom67/prod/people/orders/export-arn", "of_another_stage")
    commands = Commands(of_orders={"Payload": {"orders": [1]}}, of_cart={"Payload": {"lines": []}})

    found = service_commands(ssm, commands).collect("ada", 10)

    assert found == {"cart": {"lines": []}, "orders": {"orders": [1]}}
    assert commands.invoked[0] == (
        "of_cart",
        {"context": {"correlationId": context.correlation_id}, "input": {"userId": "ada"}},
    )


@pytest.mark.usefixtures("context")
def test_a_shop_without_such_commands_exports_nothing_of_services(ssm: "SSMClient") -> None:
    assert service_commands(ssm, Commands()).collect("ada", 10) == {}


@pytest.mark.usefixtures("context")
def test_an_export_is_whole_or_none(ssm: "SSMClient") -> None:
    publish(ssm, "/ecom67/dev/people/orders/export-arn", "of_orders")
    commands = Commands(of_orders={"FunctionError": "Unhandled", "Payload": {"errorMessage": "no"}})

    with pytest.raises(RuntimeError, match="of_orders failed"):
        service_commands(ssm, commands).collect("ada", 10)


@pytest.mark.usefixtures("context")
def test_unsent_orders_are_asked_of_those_who_publish_the_command(ssm: "SSMClient") -> None:
    publish(ssm, "/ecom67/dev/people/orders/export-arn", "of_orders")
    publish(ssm, "/ecom67/dev/people/orders/unsent-orders-arn", "unsent")
    commands = Commands(unsent={"Payload": {"count": 21, "orders": [{"orderId": "o-1"}]}})

    assert service_commands(ssm, commands).unsent_orders("ada") == (21, [{"orderId": "o-1"}])
    assert [arn for arn, _ in commands.invoked] == ["unsent"]


@pytest.mark.usefixtures("context")
def test_without_the_command_nothing_is_unsent(ssm: "SSMClient") -> None:
    assert service_commands(ssm, Commands()).unsent_orders("ada") == (0, [])


@pytest.mark.usefixtures("context")
def test_the_pages_of_a_service_add_up(ssm: "SSMClient") -> None:
    publish(ssm, "/ecom67/dev/people/chat/export-arn", "of_chat")
    commands = Commands(
        of_chat=[
            {"Payload": {"turns": [1, 2], "use": {"tokensToday": 5}, "nextCursor": "second"}},
            {"Payload": {"turns": [3], "nextCursor": "third"}},
            {"Payload": {"turns": []}},
        ]
    )

    assert service_commands(ssm, commands).collect("ada", 3) == {
        "chat": {"turns": [1, 2, 3], "use": {"tokensToday": 5}}
    }
    assert [given["input"].get("cursor") for _, given in commands.invoked] == [None, "second", "third"]


@pytest.mark.usefixtures("context")
def test_more_pages_than_an_answer_holds_are_refused_and_not_cut(ssm: "SSMClient") -> None:
    publish(ssm, "/ecom67/dev/people/chat/export-arn", "of_chat")
    commands = Commands(of_chat=[{"Payload": {"turns": [1], "nextCursor": "more"}} for _ in range(2)])

    with pytest.raises(ExportTooLargeError):
        service_commands(ssm, commands).collect("ada", 2)
