"""Deliveries of events and commands to functions, read from the functions' logs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bus.concurrent_calls import map_concurrently
from bus.delivery_log import Outcome
from ecom67.events.subscriptions import functions_by_queue
from ecom67.stage_client import StageClient

CLOCK_TOLERANCE = timedelta(minutes=1)
"""How far before an event's own time its deliveries are searched for, since clocks differ."""


@dataclass(frozen=True, slots=True)
class LoggedDelivery:
    """A delivery of a message to a function, as the function has logged it.

    Attributes:
        at: when the handler ended.
        function: name without the stage's prefix, such as ``cart-events``.
        handler: name of the handler in the code.
        outcome: the outcome of the handler.
        event_id: id of the event; for a command, of the event that caused it, if any.
        attempt: how many times the queue had delivered the message by then.
        ms: duration in milliseconds.
        reason: the exception, or the reason of the quarantine; None after a success.
        replay: name of the replay that the delivery was part of.
        sent_again: how an operator had sent the message again, such as ``redriven``.
    """

    at: datetime
    function: str
    handler: str
    outcome: Outcome
    event_id: str | None
    attempt: int
    ms: float
    reason: str | None = None
    replay: str | None = None
    sent_again: str | None = None


def logged_deliveries(stage: StageClient, correlation_ids: Iterable[str], since: datetime) -> list[LoggedDelivery]:
    """Return the deliveries of the events and commands of some requests in chronological order.

    The retention of the logs may be shorter than that of the journal.

    Parameters:
        stage: the stage.
        correlation_ids: ids of the requests.
        since: when the first event occurred.
    """
    logs = stage.client("logs")
    queries = [
        (function, correlation_id)
        for function in sorted(set(functions_by_queue(stage).values()))
        for correlation_id in correlation_ids
    ]

    def read(query: tuple[str, str]) -> list[LoggedDelivery]:
        function, correlation_id = query
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=f"/aws/lambda/{function}",
            filterPattern=f'"{correlation_id}"',
            startTime=int((since - CLOCK_TOLERANCE).timestamp() * 1000),
        )
        try:
            lines = [(line["timestamp"], line["message"]) for page in pages for line in page["events"]]
        except logs.exceptions.ResourceNotFoundException:
            return []
        name = function.removeprefix(stage.prefix)
        return [delivery for at, text in lines if (delivery := _delivery(at, name, text, correlation_id))]

    deliveries = (delivery for found in map_concurrently(read, queries) for delivery in found)
    return sorted(deliveries, key=lambda delivery: delivery.at)


def _delivery(at: int, function: str, text: str, correlation_id: str) -> LoggedDelivery | None:
    try:
        line: dict[str, Any] = json.loads(text)
        if line["correlation_id"] != correlation_id:
            return None
        return LoggedDelivery(
            at=_moment(line.get("timestamp"), at),
            function=function,
            handler=line["handler"],
            outcome=Outcome(line["outcome"]),
            event_id=line.get("event_id"),
            attempt=line["attempt"],
            ms=line["ms"],
            reason=_reason(line),
            replay=line.get("replay"),
            sent_again=line.get("sent_again"),
        )
    except (ValueError, KeyError, TypeError):
        return None  # any other line of the log


def _moment(timestamp: object, ingested_at: int) -> datetime:
    # The logger's own time: CloudWatch's is the time of arrival, by which attempts may be out of order.
    try:
        return datetime.strptime(str(timestamp), "%Y-%m-%d %H:%M:%S,%f%z").astimezone(UTC)
    except ValueError:
        return datetime.fromtimestamp(ingested_at / 1000, UTC)


def _reason(line: dict[str, Any]) -> str | None:
    if exception := line.get("exception"):
        return str(exception).strip().splitlines()[-1]
    return line.get("reason")
