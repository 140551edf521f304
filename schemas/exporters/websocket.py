"""The JSON Schema of the chat's messages: one document, in which each message has its definition."""

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode

from schemas import websocket
from schemas.exporters.json_schema import DIALECT, Json


def websocket_schema() -> Json:
    """Return the schema; ``$defs`` has every message, and ``Incoming`` and ``Outgoing`` of them."""
    directions: tuple[tuple[str, JsonSchemaMode, Any], ...] = (
        ("Incoming", "validation", websocket.Incoming),
        ("Outgoing", "serialization", websocket.Outgoing),
    )
    unions, generated = TypeAdapter.json_schemas([(name, mode, TypeAdapter(kind)) for name, mode, kind in directions])
    definitions = {**generated["$defs"], **{name: union for (name, _), union in unions.items()}}
    return {
        "$schema": DIALECT,
        "$id": "urn:ecom67:chat:messages",
        "title": "ChatMessage",
        "description": "A message of the chat's WebSocket, in either direction.",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name, _, _ in directions],
        "$defs": _untitled(definitions),
    }


def _untitled(schema: Any) -> Any:
    # pydantic titles each field, and TypeScript made of that would have a type for each.
    match schema:
        case dict():
            kept = {name: value for name, value in schema.items() if not (name == "title" and isinstance(value, str))}
            return {name: _untitled(value) for name, value in kept.items()}
        case list():
            return [_untitled(value) for value in schema]
    return schema
