"""The functions' logs, out of CloudWatch Logs: merged by time and written for a reader."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ecom67.base.errors import CliError
from ecom67.base.stage_names import LOCAL
from ecom67.local import aws
from ecom67.local.stage_paths import StagePaths

FOLLOW_SECONDS = 1.0
# Of these the line has its own columns, or they are the same in every line of a function.
_LEFT_OUT = frozenset(
    (
        *("timestamp", "level", "message", "service", "location", "xray_trace_id", "cold_start"),
        *("function_name", "function_arn", "function_memory_size", "function_request_id"),
        *("exception", "exception_name", "stack_trace"),
    )
)
# What the Lambda platform writes about each invocation.
_PLATFORM = ("START RequestId", "END RequestId", "REPORT RequestId", "INIT_START")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a log.

    Attributes:
        at: milliseconds since 1970.
        function: short name, such as ``orders-api``.
        message: as it was written.
    """

    at: int
    function: str
    message: str


def entries(paths: StagePaths, service: str | None = None, since: int = 0) -> list[Entry]:
    """Return what the functions have written, oldest first.

    Parameters:
        paths: of the stage.
        service: only its functions; None takes all.
        since: milliseconds since 1970.

    Raises CliError where no function is of that service.
    """
    logs = aws.client(paths.emulator_url, "logs")
    prefix = f"/aws/lambda/ecom67-{LOCAL}-"
    every = [
        group["logGroupName"]
        for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=prefix)
        for group in page["logGroups"]
    ]
    groups = [group for group in every if service is None or group.startswith(f"{prefix}{service}-")]
    if service is not None and not groups:
        names = ", ".join(sorted({group.removeprefix(prefix).split("-")[0] for group in every}))
        raise CliError(f"No function of {service!r} logs anything. There are: {names or 'none yet; run `make up`'}.")
    found = (
        Entry(event["timestamp"], group.removeprefix(prefix), event["message"])
        for group in groups
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since)
        for event in page["events"]
    )
    # The sort keeps the order of what was written in one millisecond.
    return sorted(found, key=lambda entry: entry.at)


def follow(paths: StagePaths, service: str | None = None, since: int = 0) -> Iterator[Entry]:
    """Return what the functions write, for as long as the caller reads."""
    seen: set[Entry] = set()
    while True:
        fresh = [entry for entry in entries(paths, service, since) if entry not in seen]
        yield from fresh
        if fresh:
            since = fresh[-1].at
            seen = {entry for entry in seen.union(fresh) if entry.at >= since}
        time.sleep(FOLLOW_SECONDS)


def format_entry(entry: Entry) -> str | None:
    """Return an entry as a line to read; None for what the platform writes about each invocation."""
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
    line = f"{head} {fields.get('level', ''):<7} {_plain(fields.get('message', ''))}"
    extra = " ".join(f"{name}={_plain(value)}" for name, value in fields.items() if name not in _LEFT_OUT)
    trace = str(fields.get("exception", ""))
    return "\n".join(filter(None, [f"{line}  {extra}".rstrip() if not trace else line, trace]))


def _fields(text: str) -> dict[str, Any] | None:
    try:
        fields = json.loads(text)
    except ValueError:
        return None
    return fields if isinstance(fields, dict) else None


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
