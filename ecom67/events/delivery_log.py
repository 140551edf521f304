"""What became of events and commands at the functions that queues wake, read from those functions' logs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bus.delivery_log import Outcome
from ecom67.events.subscriptions import functions_by_queue
from ecom67.stage_client import StageClient, map_concurrently

BEFORE = timedelta(minutes=1)
"""How much earlier than an event's own time the logs are read from: clocks differ."""


@dataclass(frozen=True, slots=True)
class Handling:
    """One delivery of a message to a function.

    Attributes:
        at: when it ended.
        function: without the stage's prefix, such as ``cart-events``.
        handler: its name in the code.
        outcome: what became of it.
        event_id: the event; for a command, the one that caused it; None where nothing on the bus did.
        attempt: how often the queue had delivered the message by then.
        ms: milliseconds that it took.
        why: the exception, or the reason of the quarantine; None where all went well.
        replay: the replay that it was part of.
        sent_again: how an operator had sent it.
    """

    at: datetime
    function: str
    handler: str
    outcome: Outcome
    event_id: str | None
    attempt: int
    ms: float
    why: str | None = None
    replay: str | None = None
    sent_again: str | None = None


def handlings(stage: StageClient, correlation_ids: Iterable[str], since: datetime) -> list[Handling]:
    """Return what became of the events and commands of some requests, in the order of time.

    Logs are kept for as long as the stage says, which may be shorter than the journal is.
    """
    logs = stage.client("logs")
    asked = [
        (function, correlation_id)
        for function in sorted(set(functions_by_queue(stage).values()))
        for correlation_id in correlation_ids
    ]

    def read(asked_for: tuple[str, str]) -> list[Handling]:
        function, correlation_id = asked_for
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{function}",
            filterPattern=f'"{correlation_id}"',
            startTime=int((since - BEFORE).timestamp() * 1000),
        )
        try:
            lines = [(line["timestamp"], line["message"]) for page in pages for line in page["events"]]
        except logs.exceptions.ResourceNotFoundException:
            return []
        name = function.removeprefix(stage.prefix)
        return [found for at, text in lines if (found := _handling(at, name, text, correlation_id))]

    return sorted((one for some in map_concurrently(read, asked) for one in some), key=lambda one: one.at)


def _handling(at: int, function: str, text: str, correlation_id: str) -> Handling | None:
    try:
        line: dict[str, Any] = json.loads(text)
        if line["correlation_id"] != correlation_id:
            return None
        return Handling(
            at=_moment(line.get("timestamp"), at),
            function=function,
            handler=line["handler"],
            outcome=Outcome(line["outcome"]),
            event_id=line.get("event_id"),
            attempt=line["attempt"],
            ms=line["ms"],
            why=_why(line),
            replay=line.get("replay"),
            sent_again=line.get("sent_again"),
        )
    except (ValueError, KeyError, TypeError):
        return None  # another line of the function's


def _moment(written: object, logged_at: int) -> datetime:
    # The logger's own time: CloudWatch's is that of the log's arrival, by which attempts may change places.
    try:
        return datetime.strptime(str(written), "%Y-%m-%d %H:%M:%S,%f%z").astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(logged_at / 1000, UTC)


def _why(line: dict[str, Any]) -> str | None:
    if exception := line.get("exception"):
        return str(exception).strip().splitlines()[-1]
    return line.get("reason")
