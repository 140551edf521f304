"""The functions' logs from CloudWatch Logs, merged chronologically and formatted for the terminal."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ecom67.base.errors import CliError
from ecom67.stage_client import StageClient

FOLLOW_SECONDS = 1.0
# Fields with columns of their own, and fields that are the same in all lines of a function.
_OMITTED = frozenset(
    (
        *("timestamp", "level", "message", "service", "location", "xray_trace_id", "cold_start"),
        *("function_name", "function_arn", "function_memory_size", "function_request_id"),
        *("exception", "exception_name", "stack_trace"),
    )
)
# Lines of the Lambda platform about each invocation.
_PLATFORM = ("START RequestId", "END RequestId", "REPORT RequestId", "INIT_START")


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A line of a log.

    Attributes:
        at: milliseconds since 1970.
        function: name without the stage's prefix, such as ``orders-api``.
        message: the logged text.
    """

    at: int
    function: str
    message: str


def read(stage: StageClient, service: str | None = None, since: int = 0) -> list[LogEntry]:
    """Return the log entries of a stage, oldest first.

    Parameters:
        stage: the deployed stage.
        service: only the functions of this service; None selects all.
        since: milliseconds since 1970.

    Raises CliError where the service has no logs.
    """
    logs = stage.client("logs")
    prefix = f"/aws/lambda/{stage.prefix}"
    all_groups = [
        group["logGroupName"]
        for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
        for group in page["logGroups"]
    ]
    groups = [group for group in all_groups if service is None or group.startswith(f"{prefix}{service}-")]
    if service is not None and not groups:
        names = ", ".join(sorted({group.removeprefix(prefix).split("-")[0] for group in all_groups}))
        nothing = "none yet; run `make up`" if stage.is_local else f"none; is stage {stage.name} deployed?"
        raise CliError(f"No function of {service!r} logs anything. There are: {names or nothing}.")
    selected = (
        LogEntry(event["timestamp"], group.removeprefix(prefix), event["message"])
        for group in groups
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since)
        for event in page["events"]
    )
    # The sort is stable: lines of the same millisecond keep their order.
    return sorted(selected, key=lambda entry: entry.at)


def follow(stage: StageClient, service: str | None = None, since: int = 0) -> Iterator[LogEntry]:
    """Yield log entries and wait for new ones, until the caller stops reading."""
    seen: set[LogEntry] = set()
    while True:
        fresh = [entry for entry in read(stage, service, since) if entry not in seen]
        yield from fresh
        if fresh:
            since = fresh[-1].at
            seen = {entry for entry in seen.union(fresh) if entry.at >= since}
        time.sleep(FOLLOW_SECONDS)


def format_entry(entry: LogEntry) -> str | None:
    """Return an entry as text for the terminal; None for lines of the platform and for metrics."""
    text = entry.message.rstrip()
    if not text or text.startswith(_PLATFORM):
        return None
    at = datetime.fromtimestamp(entry.at / 1000, UTC).strftime("%H:%M:%S.%f")[:-3]
    head = f"{at} {entry.function:<24}"
    fields = _fields(text)
    if fields is None:
        return f"{head} {text}"
    if "_aws" in fields:
        return None
    line = f"{head} {fields.get('level', ''):<7} {_text(fields.get('message', ''))}"
    extra = " ".join(f"{name}={_text(value)}" for name, value in fields.items() if name not in _OMITTED)
    trace = str(fields.get("exception", ""))
    return "\n".join(filter(None, [f"{line}  {extra}".rstrip() if not trace else line, trace]))


def _fields(text: str) -> dict[str, Any] | None:
    try:
        fields = json.loads(text)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
