"""Each function starts from its real package and layer on Python 3.13, and answers its first event.

AWS's emulator of the runtime interface starts it, as in AWS's own images, with the environment of its template.
"""

import builtins
import re
from collections.abc import Iterator
from typing import Any

import pytest

from ecom67.base.errors import CliError
from ecom67.local.connection import Connection
from tests.contract.runtime.first_events import first_events
from tests.contract.runtime.resources import Resources
from tests.contract.runtime.stored import Stored
from tests.contract.stripe.standin import serving
from tests.emulator import running_emulator
from tests.infra import synthesis
from tests.infra.synthesis import Function, Shop
from tests.lambda_runtime import LambdaRuntime, StartedFunction

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


@pytest.fixture(scope="module")
def own_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """An emulator that no other test uses."""
    with running_emulator(tmp_path_factory.mktemp("runtime")) as connection:
        yield connection


@pytest.fixture(scope="module")
def resources(
    own_emulator: Connection, shop: Shop, runtime: LambdaRuntime, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Resources]:
    with serving(tmp_path_factory.mktemp("stripe")) as stripe:
        yield Resources(own_emulator, shop, stripe.url)


def fault_of(answer: Any) -> str | None:
    """Return what is wrong with an answer to an event, None if nothing is."""
    match answer:
        case {"batchItemFailures": [_, *_]}:
            return "its delivery failed"
        case {"errorType": str(kind)}:
            broken = kind.startswith("Runtime.") or kind in BROKEN or hasattr(builtins, kind)
            return f"{kind}: {answer.get('errorMessage')}" if broken else None
        case {"statusCode": int(status)} if status >= 500:
            return f"{status}: {answer.get('body')}"
    return None


def faults_of(function: Function, started: StartedFunction, stored: Stored) -> list[str]:
    """Return what is wrong with a function's answers to its first events, and what it was denied meanwhile."""
    before = len(started.log())
    answers = [started.answer(event) for event in first_events(function, stored)]
    # Some go on without what they were denied, and only say so.
    denied = re.findall(r"\S+ is not authorized to perform:? [\w:-]+", started.log()[before:])
    return [*(fault for answer in answers if (fault := fault_of(answer))), *denied]


@pytest.mark.timeout(1800)
def test_every_function_answers_its_first_events_with_its_own_role_and_not_with_less(
    resources: Resources, shop: Shop, runtime: LambdaRuntime
) -> None:
    faults, unseen = {}, []

    for function in shop.functions():
        handler, given = function.properties["Handler"], resources.environment_of(function)
        stored, actions = resources.stored_for(given), resources.actions_of(function)
        with runtime.started(handler, function.asset, function.dependencies, given) as started:
            if found := faults_of(function, started, stored):
                faults[function.name] = "\n".join([*found, started.log()])
                continue
            if any(is_missed(action, function, started, resources, stored) for action in actions):
                continue
        # What is read once is kept by a function that runs: it is started anew for each action.
        seen = any(is_missed_at_start(action, function, given, runtime, resources) for action in actions)
        if actions and not seen:
            unseen.append(function.name)

    assert faults == {}
    assert unseen == []


def is_missed(action: str, function: Function, started: StartedFunction, resources: Resources, stored: Stored) -> bool:
    """Return whether a function's answers show that its role has lost an action."""
    resources.allow(function, but=action)
    try:
        return bool(faults_of(function, started, stored))
    finally:
        resources.allow(function)


def is_missed_at_start(
    action: str, function: Function, given: dict[str, str], runtime: LambdaRuntime, resources: Resources
) -> bool:
    """Return whether a function that is started with a role that has lost an action shows it."""
    resources.allow(function, but=action)
    try:
        with runtime.started(function.properties["Handler"], function.asset, function.dependencies, given) as started:
            return bool(faults_of(function, started, resources.stored_for(given)))
    finally:
        resources.allow(function)


def test_a_function_without_its_layer_does_not_start(resources: Resources, shop: Shop, runtime: LambdaRuntime) -> None:
    function = next(one for one in shop.functions() if one.name == "payment-charge")

    with runtime.started(function.properties["Handler"], function.asset, [], {}) as started:
        answer = started.answer(first_events(function, resources.stored_for({}))[0])

    assert answer["errorType"] == "Runtime.ImportModuleError"
