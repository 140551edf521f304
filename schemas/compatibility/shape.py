"""What a schema takes, in a form in which two schemas can be compared: alternatives, each of one type."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jsonschema import Draft202012Validator

from schemas.compatibility.keywords import ANNOTATIONS, DEFINITION, LIMITS, refuse_unknown

Schema = Mapping[str, Any] | bool
Bound = tuple[float, bool]
"""A limit, and whether it is itself excluded."""

ANYTHING: Schema = True
TYPES = ("string", "number", "boolean", "null", "array", "object")
IDLE: Mapping[str, Any] = {"minLength": 0, "minItems": 0, "minProperties": 0, "uniqueItems": False}
"""Limits that limit nothing."""


def canonical(value: Any) -> str:
    """Return the text of a JSON value that equal values have in common; 1 and true differ, 1 and 1.0 do not."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True)


@dataclass(frozen=True)
class Shape:
    """One alternative of a schema.

    Attributes:
        type: the one JSON type of its values.
        schema: the keywords that it was read from.
        values: all its values where it lists them, else None.
    """

    type: str
    schema: Mapping[str, Any]
    values: tuple[Any, ...] | None = None

    @property
    def choices(self) -> list[Any] | None:
        """Return the values that the contract spells out."""
        return None if self.values is None or not {"enum", "const"} & self.schema.keys() else list(self.values)

    @cached_property
    def limits(self) -> dict[str, Any]:
        """Return the limits that limit something, by keyword."""
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
        """Return what the fields that are not named may be; False where there may be none."""
        schema: Schema = self.schema.get("additionalProperties", ANYTHING)
        return schema

    @property
    def items(self) -> Schema:
        """Return what the members of an array may be."""
        schema: Schema = self.schema.get("items", ANYTHING)
        return schema

    def presence(self, name: str) -> str:
        """Say how a field of an object is there: absent, optional or required."""
        if name not in self.properties:
            return "absent"
        return "required" if name in self.required else "optional"

    def lowest(self, whole: bool) -> Bound:
        """Return the lower limit of a number; ``whole`` where only whole numbers count."""
        bounds = [
            (self.schema.get("minimum", -math.inf), False),
            (self.schema.get("exclusiveMinimum", -math.inf), True),
        ]
        return max(_whole(bound) if whole else bound for bound in bounds)

    def highest(self, whole: bool) -> Bound:
        """Return the upper limit of a number, negated, so that a larger one is the stricter."""
        bounds = [
            (-self.schema.get("maximum", math.inf), False),
            (-self.schema.get("exclusiveMaximum", math.inf), True),
        ]
        return max(_whole(bound) if whole else bound for bound in bounds)


def _whole(bound: Bound) -> Bound:
    limit, excluded = bound
    if math.isinf(limit):
        return limit, False
    return (math.floor(limit) + 1 if excluded else math.ceil(limit)), False


class Contract:
    """A contract to be compared.

    Parameters:
        document: its JSON Schema; raises UnknownKeywordError where it has a keyword that is not judged.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        refuse_unknown(document)
        self.document = document

    @cached_property
    def root(self) -> Mapping[str, Any]:
        """Return the schema of the whole, without what identifies the contract."""
        return {name: value for name, value in self.document.items() if not name.startswith(("$", "x-"))}

    def resolved(self, schema: Schema) -> Schema:
        """Return what a reference or an only alternative leads to, with the annotations beside it.

        Anything else is returned as it is.
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
        """Return the alternatives of a schema, each once."""
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
        """Return a validator of a part of the contract."""
        if isinstance(schema, bool):
            return Draft202012Validator(schema)
        return Draft202012Validator({**schema, "$defs": self.document.get("$defs", {})})

    def type_names(self, schema: Schema) -> str:
        """Return the types of a schema as one reads them: ``string | null``."""
        names = list(dict.fromkeys(shape.type for shape in self.alternatives(schema)))
        return " | ".join(sorted(names, key=lambda name: name == "null")) if set(names) != set(TYPES) else "anything"


def type_of(value: Any) -> str:
    """Return the JSON type of a value; whole numbers are integers."""
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


def opened(schema: Any) -> Any:
    """Return a schema as a consumer reads it: fields that it does not know are ignored."""
    match schema:
        case Mapping():
            return {
                name: opened(value)
                for name, value in schema.items()
                if not (name == "additionalProperties" and value is False)
            }
        case list():
            return [opened(member) for member in schema]
    return schema
