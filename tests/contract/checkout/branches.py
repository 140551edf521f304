"""Walks a state machine by the emulator's own interpreter, with answers in place of its tasks."""

import copy
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from ministack.services import stepfunctions

NOW = 1_900_000_000_123
"""What ``$millis()`` returns."""


@dataclass(frozen=True)
class Fault:
    """A task's failure, by the name that Step Functions gives it."""

    error: str


@dataclass(frozen=True)
class Evaluated:
    """An expression, what it was given, and what the emulator made of it.

    Attributes:
        state: the state that it belongs to.
        expression: the text between ``{%`` and ``%}``.
        variables: the variables of the run.
        states: the members of ``$states``.
        value: the emulator's result.
    """

    state: str
    expression: str
    variables: Mapping[str, Any]
    states: Mapping[str, Any]
    value: Any


@dataclass
class Walk:
    """A run of a state machine.

    Attributes:
        visited: the states in order.
        evaluated: every expression that was evaluated.
        failed: the error that ended the run, None if it has succeeded.
    """

    visited: list[str] = field(default_factory=list)
    evaluated: list[Evaluated] = field(default_factory=list)
    failed: str | None = None


def walk(
    definition: Mapping[str, Any], given: Any, answers: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> Walk:
    """Run a state machine from its first state to its last.

    Parameters:
        definition: the state machine.
        given: the input of the run.
        answers: the result of each task by the name of its state, or a Fault.
        monkeypatch: takes the emulator's calls away, and the time.
    """
    run = Walk()
    context: dict[str, Any] = {"QueryLanguage": definition["QueryLanguage"], "variables": {}}
    evaluate, register = stepfunctions._evaluate_jsonata, stepfunctions._register_sfn_jsonata_functions

    def evaluate_and_keep(expression: str, raw: Any, ctx: Any, result: Any = None, error_output: Any = None) -> Any:
        known = {"input": raw, "result": result, "errorOutput": error_output}
        states = {name: copy.deepcopy(value) for name, value in known.items() if value is not None}
        variables = copy.deepcopy(ctx["variables"])
        value = evaluate(expression, raw, ctx, result, error_output)
        run.evaluated.append(Evaluated(ctx["State"]["Name"], expression, variables, states, value))
        return value

    def answer(resource: str, arguments: Any) -> Any:
        result = answers[context["State"]["Name"]]
        if isinstance(result, Fault):
            raise stepfunctions._ExecutionError(result.error, "")
        return copy.deepcopy(result)

    def register_with_time(expression: Any) -> None:
        register(expression)
        expression.register_lambda("millis", lambda: NOW)

    with monkeypatch.context() as patch:
        patch.setattr(stepfunctions, "_evaluate_jsonata", evaluate_and_keep)
        patch.setattr(stepfunctions, "_register_sfn_jsonata_functions", register_with_time)
        patch.setattr(stepfunctions, "_invoke_resource", answer)
        patch.setattr(stepfunctions, "_scaled_sleep", lambda seconds: None)
        patch.setattr(stepfunctions, "_add_event", lambda *event: None)
        current, name = json.loads(json.dumps(given)), definition["StartAt"]
        try:
            while name:
                run.visited.append(name)
                context["State"] = {"Name": name, "RetryCount": 0}
                current, name = _step(definition["States"][name], current, context)
        except stepfunctions._ExecutionError as fault:
            run.failed = fault.error
    return run


def _step(state: Mapping[str, Any], current: Any, context: dict[str, Any]) -> tuple[Any, str | None]:
    following: tuple[Any, str | None]
    match state["Type"]:
        case "Pass":
            following = stepfunctions._execute_pass(state, current, context)
        case "Choice":
            following = stepfunctions._execute_choice(state, current, context)
        case "Task":
            following = stepfunctions._execute_task(state, current, {}, context)
        case "Succeed":
            following = current, None
        case kind:
            raise NotImplementedError(kind)
    return following


def expressions_of(template: Any) -> Iterator[str]:
    """Yield the expressions of a template, or of a whole definition."""
    match template:
        case dict():
            for value in template.values():
                yield from expressions_of(value)
        case list():
            for value in template:
                yield from expressions_of(value)
        case str() if template.startswith("{%"):
            yield template[2:-2].strip()


def transitions_of(states: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Return each state with each of those that can follow it."""
    found = set()
    for name, state in states.items():
        following = [state.get("Next"), state.get("Default")]
        following += [rule["Next"] for rule in (*state.get("Choices", []), *state.get("Catch", []))]
        found |= {(name, next_name) for next_name in following if next_name}
    return found
