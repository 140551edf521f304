"""Each function starts from its real package and layer on Python 3.13, and answers its first event.

AWS's emulator of the runtime interface starts it, as in AWS's own images, with the environment of its template.
"""

import builtins
import json
from collections.abc import Iterator
from typing import Any

import pytest

from ecom67.base.errors import CliError
from ecom67.local.connection import Connection
from tests.contract.runtime.first_events import NO_COMMAND, first_event
from tests.contract.runtime.resources import Resources
from tests.contract.stripe.standin import serving
from tests.infra import synthesis
from tests.infra.synthesis import Function, Shop
from tests.lambda_runtime import LambdaRuntime

BROKEN = {"ValidationError", "SettingsError", "ClientError", "EndpointConnectionError", "ParamValidationError"}
"""Errors of a function that was not built, set up or called as it should be; those of a rule are answers."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return synthesis.of_run(tmp_path_factory)["dev"]


@pytest.fixture(scope="module")
def runtime() -> LambdaRuntime:
    try:
        return LambdaRuntime.prepare()
    except CliError as fault:
        pytest.skip(str(fault))


def distinct(shop: Shop) -> list[Function]:
    """Return the functions, one of those that have the same handler, package and layer."""
    found = {(one.properties["Handler"], one.asset, *one.dependencies): one for one in shop.functions()}
    return list(found.values())


@pytest.fixture(scope="module")
def resources(
    emulator: Connection, shop: Shop, runtime: LambdaRuntime, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Resources]:
    with serving(tmp_path_factory.mktemp("stripe")) as stripe:
        yield Resources(emulator, shop, stripe.url)


def fault_of(answer: Any, event: Any) -> str | None:
    """Return what is wrong with an answer to an event, None if nothing is."""
    match answer:
        case {"batchItemFailures": [_, *_]} if not is_no_command(event):
            return "its delivery failed"
        case {"errorType": str(kind)}:
            broken = kind.startswith("Runtime.") or kind in BROKEN or hasattr(builtins, kind)
            return f"{kind}: {answer.get('errorMessage')}" if broken else None
        case {"statusCode": int(status)} if status >= 500:
            return f"{status}: {answer.get('body')}"
    return None


def is_no_command(event: Any) -> bool:
    """Return whether an event is a delivery of what is no command, which has to come again."""
    return [record["body"] for record in event["Records"]] == [json.dumps(NO_COMMAND)]


@pytest.mark.timeout(900)
def test_every_function_answers_its_first_event(resources: Resources, shop: Shop, runtime: LambdaRuntime) -> None:
    faults, answers = {}, {}

    for function in distinct(shop):
        handler, given = function.properties["Handler"], resources.environment_of(function)
        with runtime.started(handler, function.asset, function.dependencies, given) as started:
            event = first_event(function, shop)
            answers[function.name] = started.answer(event)
            if fault := fault_of(answers[function.name], event):
                faults[function.name] = f"{fault}\n{started.log()}"

    assert faults == {}
    assert len(answers) > 40


def test_a_function_without_its_layer_does_not_start(resources: Resources, shop: Shop, runtime: LambdaRuntime) -> None:
    function = next(one for one in shop.functions() if one.name == "payment-charge")

    given = resources.environment_of(function)
    with runtime.started(function.properties["Handler"], function.asset, [], given) as started:
        answer = started.answer(first_event(function, shop))

    assert answer["errorType"] == "Runtime.ImportModuleError"
