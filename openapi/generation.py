"""The committed OpenAPI document, generated from the routes of the services: ``openapi/openapi.json``."""

import json
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic.alias_generators import to_camel

import services
from openapi.problems import (
    GATEWAY_MESSAGE,
    PROBLEM,
    PROBLEM_RESPONSE,
    SECURITY,
    SECURITY_SCHEMES,
    TOO_MANY_REQUESTS_RESPONSE,
    UNAUTHORIZED_RESPONSE,
)
from openapi.request_bodies import RAW_BODIES

FILE = Path(__file__).parent / "openapi.json"
TITLE = "e-com67"
VERSION = "1"
API_MODULES = ("api", "staff_api", "link_api", "slip_api", "delivery_api")
"""Modules of a service that have routes."""
POWERTOOLS_SCHEMAS = frozenset({"HTTPValidationError", "ResponseValidationError", "ValidationError"})
"""Schemas of Powertools' own validation errors; the services return problem details instead."""

Json = dict[str, Any]


class AmbiguousNameError(Exception):
    """Two routes have the same operation id, or two different schemas the same name."""


def build_document() -> Json:
    """Return the OpenAPI document of all routes; raises AmbiguousNameError."""
    paths: dict[str, Json] = {}
    schemas: dict[str, Json] = {"Problem": PROBLEM, "GatewayMessage": GATEWAY_MESSAGE}
    operation_ids: set[str] = set()
    for module in _api_modules():
        generated = json.loads(module.app.get_openapi_json_schema(title=TITLE, security_schemes=SECURITY_SCHEMES))
        for path, methods in generated["paths"].items():
            for method, described in methods.items():
                operation = _operation(module, path, method, described)
                operation_id = operation["operationId"]
                if operation_id in operation_ids:
                    raise AmbiguousNameError(f"two routes are called {operation_id}")
                operation_ids.add(operation_id)
                paths.setdefault(_path(path), {})[method] = operation
        _merge_schemas(schemas, generated.get("components", {}).get("schemas", {}), module.__name__)
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": "The HTTP API of the shop."},
        "servers": [{"url": "/"}],
        "security": SECURITY,
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {
                "Problem": PROBLEM_RESPONSE,
                "Unauthorized": UNAUTHORIZED_RESPONSE,
                "TooManyRequests": TOO_MANY_REQUESTS_RESPONSE,
            },
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def render_document() -> str:
    """Return the text of the document as it has to be committed."""
    return json.dumps(build_document(), indent=2, ensure_ascii=False) + "\n"


def write_document() -> bool:
    """Write the file if it differs from the routes; return whether it did."""
    stale = is_stale()
    if stale:
        FILE.write_text(render_document())
    return stale


def is_stale() -> bool:
    """Return whether the committed file differs from the routes, or is missing."""
    return not FILE.exists() or FILE.read_text() != render_document()


def _api_modules() -> Iterator[ModuleType]:
    for service in sorted(module.name for module in pkgutil.iter_modules(services.__path__)):
        for module in API_MODULES:
            if find_spec(f"services.{service}.{module}") is not None:
                yield import_module(f"services.{service}.{module}")


def _operation(module: ModuleType, path: str, method: str, described: Json) -> Json:
    function = described["operationId"].removesuffix(re.sub(r"\W", "_", path) + f"_{method}")
    summary = " ".join((getattr(module, function).__doc__ or "").split())
    operation: Json = {"operationId": to_camel(function), "tags": described["tags"], "summary": summary}
    if "security" in described:
        operation["security"] = described["security"]
    if "parameters" in described:
        operation["parameters"] = [_parameter(parameter) for parameter in described["parameters"]]
    if "requestBody" in described:
        operation["requestBody"] = _normalize(described["requestBody"])
    elif operation["operationId"] in RAW_BODIES:
        operation["requestBody"] = RAW_BODIES[operation["operationId"]]
    operation["responses"] = _responses(described["responses"], anyone=operation.get("security") == [{}])
    return operation


EMPTY_STATUSES = {"204", "303"}
"""Answers without a body."""


def _responses(described: Json, *, anyone: bool) -> Json:
    responses = {}
    for status, response in sorted(described.items()):
        if status in EMPTY_STATUSES:
            responses[status] = {"description": response["description"]}
        elif status.startswith("2"):
            responses[status] = _normalize(response)
    if not anyone:
        responses["401"] = {"$ref": "#/components/responses/Unauthorized"}
    responses["429"] = {"$ref": "#/components/responses/TooManyRequests"}
    return {**responses, "default": {"$ref": "#/components/responses/Problem"}}


def _path(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda match: f"{{{to_camel(match[1])}}}", path)


def _parameter(described: Json) -> Json:
    name = described["name"]
    if described["in"] == "path":
        name = to_camel(name)
    if described["in"] == "header":
        name = name.title()
    return {
        "name": name,
        "in": described["in"],
        "required": described["required"],
        "schema": _normalize(described["schema"]),
    }


def _merge_schemas(schemas: dict[str, Json], described: Json, module: str) -> None:
    for name, schema in described.items():
        if name in POWERTOOLS_SCHEMAS:
            continue
        normalized = _normalize(schema)
        if schemas.setdefault(name, normalized) != normalized:
            raise AmbiguousNameError(f"{module} calls something {name} that is another thing in another service")


def _normalize(described: Any) -> Any:
    """Return a description without the titles that pydantic derives from names, and with whole floats as integers."""
    if isinstance(described, dict):
        # Below `properties` a title is a property of that name, and is described by an object.
        return {key: _normalize(value) for key, value in described.items() if key != "title" or isinstance(value, dict)}
    if isinstance(described, list):
        return [_normalize(entry) for entry in described]
    if isinstance(described, float) and described.is_integer():
        return int(described)
    return described
