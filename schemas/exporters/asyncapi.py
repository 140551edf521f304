"""Exports AsyncAPI 3 documents: one for each service, of the events that it publishes."""

from collections.abc import Iterable, Sequence

from schemas.event import Event
from schemas.exporters.examples import envelope
from schemas.exporters.json_schema import (
    DEFINITIONS,
    Json,
    each_schema,
    json_schema,
    merged_definitions,
    service_of,
    without_titles,
)

VERSION = "3.0.0"
REFERENCES = "#/components/schemas/"


def asyncapi(events: Sequence[type[Event]]) -> Json:
    """Return the AsyncAPI document of a service.

    Parameters:
        events: the events that it publishes; at least one.
    """
    service = service_of(events[0])
    return {
        "asyncapi": VERSION,
        "id": f"urn:ecom67:{service}",
        "info": {
            "title": f"Events of {service}",
            "version": str(max(event.version for event in events)),
            "description": f"What the {service} service of e-com67 publishes on the event bus.",
            "license": {"name": "MIT"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "bus": {
                "host": "events.amazonaws.com",
                "protocol": "eventbridge",
                "description": "The custom event bus `ecom67-<stage>`; its ARN is the SSM parameter "
                "`/ecom67/<stage>/bus/arn`. Subscribe with a rule on `source` and `detail-type`.",
            }
        },
        "channels": {
            event.detail_type(): {
                "address": event.detail_type(),
                "description": f"Events with source `{event.source()}` and detail type `{event.detail_type()}`.",
                "servers": [{"$ref": "#/servers/bus"}],
                "messages": {event.detail_type(): {"$ref": f"#/components/messages/{event.detail_type()}"}},
            }
            for event in events
        },
        "operations": {
            f"publish{event.detail_type()}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{event.detail_type()}"},
                "summary": (event.__doc__ or "").strip(),
            }
            for event in events
        },
        "components": {
            "messages": {event.detail_type(): _message(event) for event in events},
            "schemas": _schemas(events),
        },
    }


def _message(event: type[Event]) -> Json:
    return {
        "name": event.detail_type(),
        "title": event.detail_type(),
        "summary": (event.__doc__ or "").strip(),
        "contentType": "application/json",
        "payload": {"$ref": f"{REFERENCES}{event.detail_type()}Detail"},
        "correlationId": {
            "description": "The request in which all of it began.",
            "location": "$message.payload#/metadata/correlationId",
        },
        "examples": [{"name": "all", "summary": "Every field is set.", "payload": envelope(event)["detail"]}],
    }


def _schemas(events: Iterable[type[Event]]) -> Json:
    contracts = {event.detail_type(): json_schema(event) for event in events}
    details = {
        f"{name}Detail": {
            keyword: contract[keyword] for keyword in ("type", "properties", "required", "additionalProperties")
        }
        for name, contract in contracts.items()
    }
    parts = merged_definitions({name: contract["$defs"] for name, contract in contracts.items()})
    return {name: each_schema(schema, _moved) for name, schema in sorted({**details, **parts}.items())}


def _moved(schema: Json) -> Json:
    moved = without_titles(schema)
    if "$ref" in moved:
        moved["$ref"] = moved["$ref"].replace(DEFINITIONS, REFERENCES)
    return moved
