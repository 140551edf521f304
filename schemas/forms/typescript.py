"""TypeScript types of the events as a consumer reads them, made by json-schema-to-typescript in Node."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import which

from schemas.compatibility.shape import opened
from schemas.forms.json_schema import Json, merged_definitions

PROGRAM = Path(__file__).with_name("typescript.mjs")
BANNER = "// Generated from the contracts. What is not declared here may be there, too: ignore it.\n\n"


class ToolMissingError(Exception):
    """Node, or what the program needs of npm, is not there."""


def reading(service: str, schemas: Sequence[Json]) -> Json:
    """Return the schemas of a service's events as one, open as a consumer reads them.

    Parameters:
        service: whose events they are.
        schemas: Draft-4 schemas of whole events.

    Raises ValueError where two of them mean different things by one name.
    """
    definitions = merged_definitions({schema["title"]: schema["definitions"] for schema in schemas})
    whole = {
        schema["title"]: {
            keyword: schema[keyword] for keyword in ("title", "description", "type", "properties", "required")
        }
        for schema in schemas
    }
    combined: Json = opened(
        {
            "$schema": schemas[0]["$schema"],
            "title": f"{service.capitalize()}Event",
            "description": f"Any event of {service}, told apart by its detail-type.",
            "oneOf": [{"$ref": f"#/definitions/{title}"} for title in whole],
            "definitions": {**whole, **definitions},
        }
    )
    return combined


def typescript(schemas_of: Mapping[str, Sequence[Json]]) -> dict[str, str]:
    """Return a TypeScript module for each service.

    Parameters:
        schemas_of: Draft-4 schemas of whole events, by the service that publishes them.

    Raises ToolMissingError where Node cannot run it.
    """
    return compiled({service: reading(service, schemas) for service, schemas in schemas_of.items()})


def compiled(schemas: Mapping[str, Json]) -> dict[str, str]:
    """Return a TypeScript module for each schema, by its name; raises ToolMissingError where Node cannot run it."""
    node = which("node")
    if node is None:
        raise ToolMissingError("Node.js is missing; the TypeScript types are made with it.")
    wanted = [{"name": name, "schema": schema} for name, schema in schemas.items()]
    ran = subprocess.run(  # noqa: S603 - our own program
        [node, str(PROGRAM)], input=json.dumps(wanted), capture_output=True, text=True, check=False
    )
    if ran.returncode:
        raise ToolMissingError(f"The TypeScript types could not be made; `make setup` may help.\n{ran.stderr[-2000:]}")
    return {name: BANNER + text for name, text in zip(schemas, json.loads(ran.stdout), strict=True)}
