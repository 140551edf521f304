"""Exports JSON Schema Draft 4 of a whole event as EventBridge delivers it, which is what its schema registry takes."""

from typing import Any

from schemas.compatibility.keywords import reject_unknown
from schemas.compatibility.schema_document import canonical
from schemas.event import Event
from schemas.exporters.json_schema import DEFINITIONS, Json, each_schema, json_schema, without_titles

DIALECT = "http://json-schema.org/draft-04/schema#"
REFERENCES = "#/definitions/"
UNKNOWN_TO_DRAFT_4 = ("examples", "deprecated")
EXCLUSIVE = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}

ENVELOPE: Json = {
    "version": {"type": "string", "description": "Of EventBridge's envelope."},
    "id": {"type": "string", "description": "EventBridge's own; another one when an event is put again."},
    "account": {"type": "string"},
    "time": {"type": "string", "format": "date-time", "description": "When EventBridge took the event."},
    "region": {"type": "string"},
    "resources": {"type": "array", "items": {"type": "string"}},
    "replay-name": {"type": "string", "description": "Of the replay that brings the event; else it is not there."},
}
OPTIONAL = {"replay-name"}


def registry_name(event: type[Event]) -> str:
    """Return the name of an event's schema in the registry: ``source@detail-type``, as EventBridge names them."""
    return f"{event.source()}@{event.detail_type()}"


def draft4(event: type[Event]) -> Json:
    """Return the Draft-4 schema of a whole event. Its ``detail`` is closed, as the contract is."""
    contract = json_schema(event)
    name = event.detail_type()
    detail = {keyword: contract[keyword] for keyword in ("type", "properties", "required", "additionalProperties")}
    envelope = {
        **ENVELOPE,
        "source": {"type": "string", "enum": [event.source()]},
        "detail-type": {"type": "string", "enum": [name]},
        "detail": {"$ref": f"{REFERENCES}{name}Detail"},
    }
    return {
        "$schema": DIALECT,
        "id": contract["$id"],
        "title": f"{name}Event",
        "description": contract["description"],
        "x-amazon-events-source": event.source(),
        "x-amazon-events-detail-type": name,
        "type": "object",
        "required": [field for field in envelope if field not in OPTIONAL],
        "properties": envelope,
        "definitions": {
            **{defined: _titled(defined, schema) for defined, schema in to_draft4(contract)["definitions"].items()},
            f"{name}Detail": {
                "title": f"{name}Detail",
                "description": "What the event carries: metadata and data.",
                **to_draft4(detail),
            },
        },
    }


def to_draft4(schema: Json) -> Json:
    """Return the Draft 4 schema that is equivalent to one of 2020-12.

    One difference remains: in Draft 4, ``1.0`` is not an integer.

    Raises UnknownKeywordError where the schema has a keyword that a contract may not use.
    """
    if "$defs" in schema:
        reject_unknown(schema)
    definitions = {name: each_schema(held, _older) for name, held in schema.get("$defs", {}).items()}
    rest = {keyword: value for keyword, value in schema.items() if not keyword.startswith(("$", "x-"))}
    older: Json = each_schema(rest, _older)
    return {**older, "definitions": definitions} if definitions else older


def _titled(name: str, schema: Json) -> Json:
    return {"title": name, **schema}


def _older(schema: Json) -> Json:
    older = {keyword: value for keyword, value in without_titles(schema).items() if keyword not in UNKNOWN_TO_DRAFT_4}
    if "const" in older:
        older["enum"] = [older.pop("const")]
    if "enum" in older:
        # A value twice is an error in Draft 4.
        older["enum"] = list({canonical(value): value for value in older["enum"]}.values())
    for keyword, inclusive in EXCLUSIVE.items():
        if keyword in older:
            _exclude(older, keyword, inclusive)
    if "$ref" in older:
        return _reference(older)
    # An empty list of required fields is an error in Draft 4.
    return {keyword: value for keyword, value in older.items() if not (keyword == "required" and not value)}


def _exclude(schema: Json, keyword: str, inclusive: str) -> None:
    """Replace an exclusive limit by Draft 4's form: the limit and a flag. The stricter of both limits counts."""
    limit: Any = schema.pop(keyword)
    other = schema.get(inclusive)
    if other is None or (limit >= other if inclusive == "minimum" else limit <= other):
        schema[inclusive] = limit
        schema[keyword] = True


def _reference(schema: Json) -> Json:
    reference = {"$ref": schema.pop("$ref").replace(DEFINITIONS, REFERENCES)}
    # Draft 4 ignores whatever stands beside a reference.
    return {**schema, "allOf": [reference]} if schema else reference
