"""Exports TypeScript types of the events as a consumer reads them, by json-schema-to-typescript in Node."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import which

from schemas.compatibility.schema_document import open_schema
from schemas.exporters.json_schema import Json, merged_definitions

PROGRAM = Path(__file__).with_name("typescript.mjs")
BANNER = "// Generated from the contracts. What is not declared here may be there, too: ignore it.\n\n"


class ToolMissingError(Exception):
    """Node or an npm package is missing."""


def consumer_schema(service: str, schemas: Sequence[Json]) -> Json:
    """Return one schema of all events of a service, which allows unknown fields as consumers do.

    Parameters:
        service: the publisher.
        schemas: Draft-4 schemas of whole events.

    Raises ValueError where two of them define one name differently.
    """
    definitions = merged_definitions({schema["title"]: schema["definitions"] for schema in schemas})
    whole = {
        schema["title"]: {
            keyword: schema[keyword] for keyword in ("title", "description", "type", "properties", "required")
        }
        for schema in schemas
    }
    combined: Json = open_schema(
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

    Raises ToolMissingError where Node cannot run the generator.
    """
    return compile_typescript({service: consumer_schema(service, schemas) for service, schemas in schemas_of.items()})


def compile_typescript(schemas: Mapping[str, Json]) -> dict[str, str]:
    """Return a TypeScript module for each schema by its name; raises ToolMissingError where Node cannot run."""
    node = which("node")
    if node is None:
        raise ToolMissingError("Node.js is missing; the TypeScript types are made with it.")
    wanted = [{"name": name, "schema": schema} for name, schema in schemas.items()]
    ran = subprocess.run(  # noqa: S603 - our own program
        [node, str(PROGRAM)], input=json.dumps(wanted), capture_output=True, text=True, check=False
    )
    if "ERR_MODULE_NOT_FOUND" in ran.stderr:
        raise ToolMissingError("A package of node_modules is missing, by which TypeScript is made. Run `make setup`.")
    if ran.returncode:
        raise ToolMissingError(f"The TypeScript types could not be made; `make setup` may help.\n{ran.stderr[-2000:]}")
    return {name: BANNER + text for name, text in zip(schemas, json.loads(ran.stdout), strict=True)}
