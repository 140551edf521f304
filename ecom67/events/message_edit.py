"""Editing and validation of a failed message before it is sent again."""

import json
from typing import Any

import click

from bus.journal import contract_violations
from ecom67.base.errors import CliError


def edit_message(body: str, assignments: list[str], in_editor: bool) -> str:
    """Return the body of a message after changes.

    Parameters:
        body: JSON of an event as EventBridge delivers it, or of a command.
        assignments: changes such as ``data.total.amount=1299``: a path below the event's detail, or below the command,
            and a value, which is JSON or else text.
        in_editor: whether to open the result in ``$EDITOR``.

    Raises CliError where a path does not exist, or the result is not JSON.
    """
    if not assignments and not in_editor:
        return body
    try:
        message = json.loads(body)
    except ValueError:
        if not in_editor:
            raise CliError("The message is no JSON, so no field of it can be set. Use --edit.") from None
        message = None
    for assignment in assignments:
        _assign(message.get("detail", message) if isinstance(message, dict) else message, assignment)
    text = body if message is None else json.dumps(message, indent=2, ensure_ascii=False)
    if in_editor:
        text = click.edit(text, extension=".json") or text
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError as error:
        raise CliError(f"What was edited is no JSON: {error}.") from None


def message_violations(body: str) -> list[str]:
    """Return the violations of an event of its contract in this checkout; a command has no published contract."""
    try:
        message = json.loads(body)
    except ValueError as error:
        return [f"no JSON: {error}"]
    if isinstance(message, dict) and {"context", "input"} <= message.keys():
        return []
    if not isinstance(message, dict) or not {"source", "detail-type", "detail"} <= message.keys():
        return ["neither an event nor a command"]
    return contract_violations(message)


def _assign(message: Any, assignment: str) -> None:
    path, equals, value = assignment.partition("=")
    *parents, last = path.split(".")
    holder = message
    for name in parents:
        holder = _member(holder, name, path)
    _member(holder, last, path, must_exist=False)
    new = _value(value)
    if not equals:
        raise CliError(f"{assignment!r} sets nothing. Write it as path=value, such as data.orderId=abc.")
    if isinstance(holder, list):
        holder[int(last)] = new
    else:
        holder[last] = new


def _member(holder: Any, name: str, path: str, *, must_exist: bool = True) -> Any:
    if isinstance(holder, list) and name.isdigit() and int(name) < len(holder):
        return holder[int(name)]
    if isinstance(holder, dict) and (name in holder or not must_exist):
        return holder.get(name)
    raise CliError(f"The message has no {path}: {name!r} is not there.")


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
