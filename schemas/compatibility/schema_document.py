"""A JSON Schema as comparable alternatives, each of one JSON type."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jsonschema import Draft202012Validator

from schemas.compatibility.keywords import ANNOTATIONS, DEFINITION, LIMITS, reject_unknown
from schemas.contract import MAX_INTEGER

Schema = Mapping[str, Any] | bool
Bound = tuple[float, bool]
"""A limit, and whether it is itself excluded."""

ANYTHING: Schema = True
TYPES = ("string", "number", "boolean", "null", "array", "object")
IDLE: Mapping[str, Any] = {"minLength": 0, "minItems": 0, "minProperties": 0, "uniqueItems": False}
"""Limits without an effect."""


def canonical(value: Any) -> str:
    """Return the canonical text of a JSON value: 1 and true differ, 1 and 1.0 do not."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True)


@dataclass(frozen=True)
class Shape:
    """One alternative of a schema.

    Attributes:
        type: the JSON type of its values.
        schema: the keywords of the schema.
        values: all its values where the schema lists them, else None.
    """

    type: str
    schema: Mapping[str, Any]
    values: tuple[Any, ...] | None = None

    @property
    def choices(self) -> list[Any] | None:
        """Return the values of ``enum`` or ``const``; None without them."""
        return None if self.values is None or not {"enum", "const"} & self.schema.keys() else list(self.values)

    @cached_property
    def limits(self) -> dict[str, Any]:
        """Return the limits with an effect, by keyword."""
        found = {name: value for name, value in self.schema.items() if name in LIMITS and value != IDLE.get(name)}
        if self.type == "integer" and found.get("multipleOf") == 1:
            del found["multipleOf"]
        return found

    @property
    def properties(self) -> Mapping[str, Schema]:
        """Return the fields of an object."""
        fields: Mapping[str, Schema] = self.schema.get("properties", {})
        return fields

    @property
    def required(self) -> list[str]:
        """Return the fields that an object must have."""
        names: list[str] = self.schema.get("required", [])
        return names

    @property
    def additional(self) -> Schema:
        """Return the schema of unnamed fields; False where there may be none."""
        schema: Schema = self.schema.get("additionalProperties", ANYTHING)
        return schema

    @property
    def items(self) -> Schema:
        """Return the schema of an array's members."""
        schema: Schema = self.schema.get("items", ANYTHING)
        return schema

    def presence(self, name: str) -> str:
        """Return whether a field of an object is ``absent``, ``optional`` or ``required``."""
        if name not in self.properties:
            return "absent"
        return "required" if name in self.required else "optional"

    def lowest(self, whole: bool) -> Bound:
        """Return the lower limit of a number.

        Parameters:
            whole: whether only whole numbers count, and of those the ones that every reader reads exactly.
        """
        bounds = [
            (self.schema.get("minimum", -math.inf), False),
            (self.schema.get("exclusiveMinimum", -math.inf), True),
            (-MAX_INTEGER if whole else -math.inf, False),
        ]
        return max(_whole(bound) if whole else bound for bound in bounds)

    def highest(self, whole: bool) -> Bound:
        """Return the upper limit of a number, negated, so that a larger one is stricter.

        Parameters:
            whole: whether only whole numbers count, and of those the ones that every reader reads exactly.
        """
        bounds = [
            (-self.schema.get("maximum", math.inf), False),
            (-self.schema.get("exclusiveMaximum", math.inf), True),
            (-MAX_INTEGER if whole else -math.inf, False),
        ]
        return max(_whole(bound) if whole else bound for bound in bounds)


def _whole(bound: Bound) -> Bound:
    limit, excluded = bound
    if math.isinf(limit):
        return limit, False
    return (math.floor(limit) + 1 if excluded else math.ceil(limit)), False


class SchemaDocument:
    """The JSON Schema of a contract, ready to be compared.

    Parameters:
        document: the JSON Schema.

    Raises UnknownKeywordError where it has a keyword that is not judged.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        reject_unknown(document)
        self.document = document

    @cached_property
    def root(self) -> Mapping[str, Any]:
        """Return the root schema, without the keywords that identify the contract."""
        return {name: value for name, value in self.document.items() if not name.startswith(("$", "x-"))}

    def resolved(self, schema: Schema) -> Schema:
        """Return the target of a reference or of a single alternative, with the annotations beside it.

        Any other schema is returned as it is.
        """
        while isinstance(schema, Mapping):
            match schema:
                case {"$ref": str(reference)}:
                    target = self.document["$defs"][reference.removeprefix(DEFINITION)]
                case {"anyOf": [target]}:
                    pass
                case _:
                    break
            beside = {name: value for name, value in schema.items() if name not in ("$ref", "anyOf")}
            if isinstance(target, bool):
                return target
            schema = {**target, **beside}
        return schema

    def alternatives(self, schema: Schema) -> list[Shape]:
        """Return the distinct alternatives of a schema."""
        found: dict[str, Shape] = {}
        for shape in self._alternatives(self.resolved(schema)):
            assertions = {name: value for name, value in shape.schema.items() if name not in ANNOTATIONS}
            found.setdefault(f"{shape.type} {json.dumps(assertions, sort_keys=True)}", shape)
        return list(found.values())

    def _alternatives(self, schema: Schema) -> Iterator[Shape]:
        if schema is False:
            return
        given: Mapping[str, Any] = {} if schema is True or isinstance(schema, bool) else schema
        if "anyOf" in given:
            for branch in given["anyOf"]:
                yield from self._alternatives(self.resolved(branch))
            return
        if "enum" in given or "const" in given:
            yield from self._listed(given)
            return
        types = given.get("type", TYPES)
        for name in [types] if isinstance(types, str) else types:
            yield Shape(name, given, {"null": (None,), "boolean": (False, True)}.get(name))

    def _listed(self, given: Mapping[str, Any]) -> Iterator[Shape]:
        validator = self.validator(given)
        candidates = given["enum"] if "enum" in given else [given["const"]]
        by_type: dict[str, dict[str, Any]] = {}
        for value in candidates:
            if validator.is_valid(value):
                by_type.setdefault(type_of(value), {})[canonical(value)] = value
        for name, values in by_type.items():
            yield Shape(name, given, tuple(values.values()))

    def validator(self, schema: Schema) -> Draft202012Validator:
        """Return a validator of a part of the document."""
        if isinstance(schema, bool):
            return Draft202012Validator(schema)
        return Draft202012Validator({**schema, "$defs": self.document.get("$defs", {})})

    def type_names(self, schema: Schema) -> str:
        """Return the types of a schema for a reader: ``string | null``."""
        names = list(dict.fromkeys(shape.type for shape in self.alternatives(schema)))
        return " | ".join(sorted(names, key=lambda name: name == "null")) if set(names) != set(TYPES) else "anything"


def type_of(value: Any) -> str:
    """Return the JSON type of a value; a whole number is an integer."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "integer" if value.is_integer() else "number"
        case str():
            return "string"
        case list():
            return "array"
    return "object"


def open_schema(schema: Any) -> Any:
    """Return a schema as a consumer reads it: unknown fields are allowed."""
    match schema:
        case Mapping():
            return {
                name: open_schema(value)
                for name, value in schema.items()
                if not (name == "additionalProperties" and value is False)
            }
        case list():
            return [open_schema(member) for member in schema]
    return schema
