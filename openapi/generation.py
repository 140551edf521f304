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
from openapi.bodies import BODIES
from openapi.problems import PROBLEM, PROBLEM_ANSWER, SECURITY, SECURITY_SCHEMES

FILE = Path(__file__).parent / "openapi.json"
TITLE = "e-com67"
VERSION = "1"
OF_POWERTOOLS = frozenset({"HTTPValidationError", "ResponseValidationError", "ValidationError"})
"""Powertools' own descriptions of what is not valid; the services answer with problem details instead."""

Json = dict[str, Any]


class AmbiguousError(Exception):
    """Two services give one name to different things."""


def document() -> Json:
    """Return the OpenAPI document of all routes; raises AmbiguousError."""
    paths: dict[str, Json] = {}
    schemas: dict[str, Json] = {"Problem": PROBLEM}
    operations: set[str] = set()
    for module in _apis():
        described = json.loads(module.app.get_openapi_json_schema(title=TITLE, security_schemes=SECURITY_SCHEMES))
        for path, methods in described["paths"].items():
            for method, operation in methods.items():
                told = _operation(module, path, method, operation)
                if told["operationId"] in operations:
                    raise AmbiguousError(f"two routes are called {told['operationId']}")
                operations.add(told["operationId"])
                paths.setdefault(_path(path), {})[method] = told
        _take_over(schemas, described.get("components", {}).get("schemas", {}), module.__name__)
    return {
        "openapi": "3.1.0",
        "info": {"title": TITLE, "version": VERSION, "description": "The HTTP API of the shop."},
        "servers": [{"url": "/"}],
        "security": SECURITY,
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "responses": {"Problem": PROBLEM_ANSWER},
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def text() -> str:
    """Return the document as it has to be committed."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def write() -> bool:
    """Write the file where it differs from the routes; return whether it did."""
    differs = is_stale()
    if differs:
        FILE.write_text(text())
    return differs


def is_stale() -> bool:
    """Return whether the committed file differs from the routes, or is missing."""
    return not FILE.exists() or FILE.read_text() != text()


def _apis() -> Iterator[ModuleType]:
    for service in sorted(module.name for module in pkgutil.iter_modules(services.__path__)):
        if find_spec(f"services.{service}.api") is not None:
            yield import_module(f"services.{service}.api")


def _operation(module: ModuleType, path: str, method: str, described: Json) -> Json:
    function = described["operationId"].removesuffix(re.sub(r"\W", "_", path) + f"_{method}")
    sentences = " ".join((getattr(module, function).__doc__ or "").split())
    told: Json = {"operationId": to_camel(function), "tags": described["tags"], "summary": sentences}
    if "security" in described:
        told["security"] = described["security"]
    if "parameters" in described:
        told["parameters"] = [_parameter(parameter) for parameter in described["parameters"]]
    if "requestBody" in described:
        told["requestBody"] = _plain(described["requestBody"])
    elif told["operationId"] in BODIES:
        told["requestBody"] = BODIES[told["operationId"]]
    told["responses"] = _answers(described["responses"])
    return told


def _answers(described: Json) -> Json:
    answers = {}
    for status, answer in sorted(described.items()):
        if status == "204":
            answers[status] = {"description": answer["description"]}
        elif status.startswith("2"):
            answers[status] = _plain(answer)
    return {**answers, "default": {"$ref": "#/components/responses/Problem"}}


def _path(path: str) -> str:
    return re.sub(r"{(\w+)}", lambda found: f"{{{to_camel(found[1])}}}", path)


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
        "schema": _plain(described["schema"]),
    }


def _take_over(schemas: dict[str, Json], described: Json, module: str) -> None:
    for name, schema in described.items():
        if name in OF_POWERTOOLS:
            continue
        plain = _plain(schema)
        if schemas.setdefault(name, plain) != plain:
            raise AmbiguousError(f"{module} calls something {name} that is another thing in another service")


def _plain(described: Any) -> Any:
    """Return a description without the titles that pydantic derives from names, and with whole numbers whole."""
    if isinstance(described, dict):
        # Below `properties` a title is a property of that name, and is described by an object.
        return {key: _plain(value) for key, value in described.items() if key != "title" or isinstance(value, dict)}
    if isinstance(described, list):
        return [_plain(entry) for entry in described]
    if isinstance(described, float) and described.is_integer():
        return int(described)
    return described
