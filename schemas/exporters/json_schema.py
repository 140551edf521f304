"""Exports JSON Schema 2020-12 of an event's ``detail``, from which all other formats but the examples are made."""

from collections.abc import Callable
from typing import Any

from schemas.event import SOURCE_PREFIX, Envelope, Event

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DEFINITIONS = "#/$defs/"

Json = dict[str, Any]


def service_of(event: type[Event]) -> str:
    """Return the service that publishes an event: its source without the prefix."""
    return event.source().removeprefix(SOURCE_PREFIX)


def json_schema(event: type[Event]) -> Json:
    """Return the JSON Schema of an event's ``detail``, closed as publishers are."""
    generated = Envelope[event].model_json_schema(by_alias=True)  # type: ignore[valid-type]
    generated.pop("title")
    generated.pop("description", None)
    remarks = {"x-ecom67-unheard": event.no_subscriber_reason} if event.no_subscriber_reason else {}
    return {
        "$schema": DIALECT,
        "$id": f"urn:ecom67:{service_of(event)}:{event.detail_type()}:{event.version}",
        "title": event.detail_type(),
        "description": (event.__doc__ or "").strip(),
        "x-ecom67-source": event.source(),
        "x-ecom67-version": event.version,
        "x-ecom67-aggregate": event.model_fields[event.aggregate].alias,
        **remarks,
        **generated,
    }


def each_schema(schema: Any, change: Callable[[Json], Json]) -> Any:
    """Return a schema with a function applied to every schema in it, the innermost first.

    Parameters:
        schema: a JSON Schema; ``$defs`` are left as they are.
        change: takes a schema whose parts are changed already and returns its replacement.
    """
    if not isinstance(schema, dict):
        return schema
    changed = dict(schema)
    if "properties" in changed:
        changed["properties"] = {name: each_schema(held, change) for name, held in changed["properties"].items()}
    for keyword in ("items", "additionalProperties"):
        if keyword in changed:
            changed[keyword] = each_schema(changed[keyword], change)
    for keyword in ("anyOf", "allOf", "oneOf"):
        if keyword in changed:
            changed[keyword] = [each_schema(branch, change) for branch in changed[keyword]]
    return change(changed)


def without_titles(schema: Json) -> Json:
    """Return a schema without the title that pydantic gives each field, which only repeats the field's name."""
    return {keyword: value for keyword, value in schema.items() if keyword != "title"}


def merged_definitions(definitions_of: dict[str, Json]) -> Json:
    """Return the definitions of several contracts merged.

    Parameters:
        definitions_of: the definitions of each contract, by its name.

    Raises ValueError where two contracts define one name differently.
    """
    merged: Json = {}
    for contract, definitions in definitions_of.items():
        for name, definition in definitions.items():
            if merged.setdefault(name, definition) != definition:
                raise ValueError(f"{contract} defines {name} differently than another contract of its source")
    return merged
