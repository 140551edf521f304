"""Run as a process of its own in place of the emulator: the same, and it remembers who has called what.

``GET /_calls`` returns what was called since it was asked last, as a list of objects, and how many invocations are
under way. Depends on MiniStack's inner structure.
"""

import json
from collections import deque
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from ministack import app as emulator
from ministack.services import dynamodb, lambda_svc, sts

from ecom67.local.persistence.__main__ import main

PATH = "/_calls"
REMEMBERED = 500_000
"""Calls; a bench that nobody asks would otherwise fill the memory."""
WRITES = ("put_item", "update_item", "delete_item", "batch_write_item", "transact_write_items")
COUNTED_INSIDE = ("dynamodb", "lambda")
"""Services whose calls are counted where they are carried out, whoever has made them."""
READS = ("get_item", "query", "scan", "batch_get_item", "transact_get_items")

calls: deque[dict[str, Any]] = deque(maxlen=REMEMBERED)
running: deque[int] = deque()
caller: ContextVar[str] = ContextVar("caller", default="")


class CountingApp:
    """The emulator's ASGI application, which remembers the calls of functions to what is not counted inside."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Handle a request; the protocol of ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == PATH:
            await _answer(send)
        else:
            await self._count(scope, receive, send)

    async def _count(self, scope: Any, receive: Any, send: Any) -> None:
        headers = {name.decode().lower(): value.decode() for name, value in scope["headers"]}
        service, who = _service_and_caller(headers.get("authorization", ""))
        caller.set(who)
        body = bytearray()

        async def read() -> Any:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        await self._app(scope, read, send)
        if who and service not in COUNTED_INSIDE:
            operation = headers.get("x-amz-target", "").rpartition(".")[2] or f"{scope['method']} {scope['path']}"
            calls.append({"caller": who, "service": service, "operation": operation, "entries": _entries(bytes(body))})


def _service_and_caller(authorization: str) -> tuple[str, str]:
    """Return the service that a request is signed for, and the function that has signed it, or nothing."""
    scope = authorization.partition("Credential=")[2].partition(",")[0].split("/")
    if len(scope) < 4:
        return "", ""
    session = sts._sessions.get(scope[0], {})
    return scope[3], str(session.get("Arn", "")).rpartition("/")[2]


def _entries(body: bytes) -> int:
    """Return of how many messages or events a call is."""
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        return 1
    listed = given.get("Entries") if isinstance(given, dict) else None
    return len(listed) if isinstance(listed, list) else 1


async def _answer(send: Any) -> None:
    found = [calls.popleft() for _ in range(len(calls))]
    body = json.dumps({"calls": found, "running": len(running)}).encode()
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]},
    )
    await send({"type": "http.response.body", "body": body})


def count_invocations() -> None:
    """Remember each invocation, and what has caused it."""
    dispatch = lambda_svc._execute_function_dispatch

    def counted(func: Any, config: Any, event: Any, *rest: Any) -> Any:
        records = event.get("Records") if isinstance(event, dict) else None
        source = records[0].get("eventSource", records[0].get("EventSource", "")) if records else ""
        calls.append(
            {
                "caller": config["FunctionName"],
                "service": "lambda",
                "operation": source,
                "entries": len(records) if records else 1,
            }
        )
        running.append(1)
        try:
            return dispatch(func, config, event, *rest)
        finally:
            running.pop()

    lambda_svc._execute_function_dispatch = counted


def count_capacity() -> None:
    """Remember each call of DynamoDB, by whomever, with its units. A refused write takes one."""
    for name in (*WRITES, *READS):
        _count_operation(name)


def _count_operation(name: str) -> None:
    handle: Callable[[Any], Any] = getattr(dynamodb, f"_{name}")

    def counted(data: Any) -> Any:
        status, headers, body = handle({**data, "ReturnConsumedCapacity": "INDEXES"})
        consumed = json.loads(body or b"{}").get("ConsumedCapacity", [])
        tables = consumed if isinstance(consumed, list) else [consumed]
        units = {table["TableName"]: table["CapacityUnits"] for table in tables}
        if status != 200:
            units = {data.get("TableName", "?"): 1.0}
        calls.append(
            {
                "caller": caller.get(),
                "service": "dynamodb",
                "operation": name,
                "write": name in WRITES,
                "units": units,
                "entries": 1,
            }
        )
        return status, headers, body

    setattr(dynamodb, f"_{name}", counted)


if __name__ == "__main__":
    emulator.app = CountingApp(emulator.app)
    count_invocations()
    count_capacity()
    main()
