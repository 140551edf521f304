"""Deliveries are read from the logs of the functions that consume queues."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from bus.delivery_log import Outcome
from ecom67.events.delivery_log import CLOCK_TOLERANCE, logged_deliveries
from ecom67.stage_client import StageClient

SINCE = datetime(2030, 1, 1, 12, tzinfo=UTC)


class MissingError(Exception):
    """CloudWatch has no such log."""


class Pages:
    """A paginator of AWS: it asks when it is read, and answers what it is told to."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        yield from self._answer(asked)


class Logs:
    """CloudWatch Logs with the lines of one function, and a function that has never logged."""

    def __init__(self, lines: list[str]) -> None:
        self.asked: list[dict[str, Any]] = []
        self.lines = lines
        self.exceptions = type("Exceptions", (), {"ResourceNotFoundException": MissingError})

    def get_paginator(self, _: str) -> Pages:
        return Pages(self._answer)

    def _answer(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        self.asked.append(asked)
        if "silent" in asked["logGroupName"]:
            raise MissingError
        return [{"events": [{"timestamp": 1, "message": line} for line in self.lines]}]


class LambdaDouble:
    """Lambda with a consumer, a silent one, and one of another stage."""

    def get_paginator(self, _: str) -> Pages:
        names = ("ecom67-local-cart-events", "ecom67-local-silent-events", "ecom67-dev-cart-events")
        mappings = [
            {"EventSourceArn": f"arn:aws:sqs:::{name}", "FunctionArn": f"arn:aws:lambda:::function:{name}"}
            for name in names
        ]
        return Pages(lambda _: [{"EventSourceMappings": mappings}])


def line(second: int, **more: object) -> str:
    told = {
        "timestamp": f"2030-01-01 12:00:{second:02},125+0000",
        "correlation_id": "the-request",
        "outcome": "HANDLED",
        "handler": "forget_bought",
        "event_id": "e",
        "attempt": 1,
        "ms": 2.5,
    }
    return json.dumps({**told, **more})


def read(*lines: str) -> tuple[list[Any], Logs]:
    logs = Logs(list(lines))
    stage = StageClient("local", {"logs": logs, "lambda": LambdaDouble()}.__getitem__)
    return logged_deliveries(stage, ["the-request"], SINCE), logs


def test_deliveries_are_in_the_order_of_the_functions_own_clock() -> None:
    failed = line(3, outcome="FAILED", exception="Traceback …\nKeyError: 'price'")

    found, _ = read(line(5, attempt=2, sent_again="redriven"), failed)

    assert [(one.at.second, one.outcome, one.reason) for one in found] == [
        (3, Outcome.FAILED, "KeyError: 'price'"),
        (5, Outcome.HANDLED, None),
    ]
    assert (found[1].function, found[1].attempt, found[1].sent_again) == ("cart-events", 2, "redriven")


def test_other_lines_of_the_log_are_left_out() -> None:
    other_request = line(1, correlation_id="another-request", why="names the-request")

    found, _ = read("START RequestId: 1", '{"message": "hello"}', '"text"', line(1, outcome="UNKNOWN"), other_request)

    assert found == []


def test_only_the_functions_of_this_stage_that_queues_wake_are_asked() -> None:
    _, logs = read()

    assert sorted(asked["logGroupName"] for asked in logs.asked) == [
        "/aws/lambda/ecom67-local-cart-events",
        "/aws/lambda/ecom67-local-silent-events",
    ]
    assert {asked["filterPattern"] for asked in logs.asked} == {'"the-request"'}
    assert {asked["startTime"] for asked in logs.asked} == {int((SINCE - CLOCK_TOLERANCE).timestamp() * 1000)}
