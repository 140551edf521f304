"""The fields of an event as a flat list with readable types and limits."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.compatibility.keywords import LIMITS

DEFINITIONS = "#/definitions/"
RANGES = (
    ("minimum", "maximum", "{}"),
    ("minLength", "maxLength", "{} characters"),
    ("minItems", "maxItems", "{} members"),
    ("minProperties", "maxProperties", "{} entries"),
)


@dataclass(frozen=True, slots=True)
class ContractField:
    """A field of an event.

    Attributes:
        path: its path, such as ``data.lines[].quantity``.
        type: a readable type: ``string | null``, ``Money``, ``Line[]``.
        required: whether it is always present.
        limits: its limits as text.
        meaning: its description in the contract.
    """

    path: str
    type: str
    required: bool
    limits: str
    meaning: str


def fields_of(schema: dict[str, Any], part: str) -> list[ContractField]:
    """Return the fields of a part of an event's Draft-4 schema, such as ``detail``, each followed by its own fields."""
    definitions = schema["definitions"]
    return list(_fields(definitions, _resolved(definitions, schema["properties"][part]), "", ()))


def _fields(definitions: Any, schema: Any, path: str, within: tuple[str, ...]) -> Iterator[ContractField]:
    for name, given in schema.get("properties", {}).items():
        inner = f"{path}{name}"
        held = _resolved(definitions, given)
        sign, member = "", next(iter(_branches(definitions, held)), held)
        if member.get("type") == "array":
            sign, member = "[]", _resolved(definitions, member.get("items", {}))
        yield ContractField(
            path=inner,
            type=_type(definitions, held),
            required=name in schema.get("required", ()),
            limits=", ".join(_limits(definitions, held)),
            meaning=given.get("description", held.get("description", "") if "properties" not in member else ""),
        )
        title = member.get("title", "")
        if "properties" in member and title not in within:
            yield from _fields(definitions, member, f"{inner}{sign}.", (*within, title))


def _resolved(definitions: Any, schema: Any) -> Any:
    if "$ref" in schema:
        return definitions[schema["$ref"].removeprefix(DEFINITIONS)]
    if "allOf" in schema:
        return {**_resolved(definitions, schema["allOf"][0]), **{k: v for k, v in schema.items() if k != "allOf"}}
    return schema


def _branches(definitions: Any, schema: Any) -> list[Any]:
    branches = [_resolved(definitions, branch) for branch in schema.get("anyOf", [schema])]
    return [branch for branch in branches if branch.get("type") != "null"]


def _type(definitions: Any, schema: Any) -> str:
    names = []
    for branch in (_resolved(definitions, given) for given in schema.get("anyOf", [schema])):
        match branch:
            case {"enum": list(values)}:
                names.append(" | ".join(map(str, values)))
            case {"type": "array", "items": dict(items)}:
                names.append(f"{_type(definitions, _resolved(definitions, items))}[]")
            case {"type": "object", "title": str(title)}:
                names.append(title)
            case {"type": "object", "additionalProperties": dict(values)}:
                names.append(f"map of {_type(definitions, values)}")
            case {"type": str(name)}:
                names.append(name)
            case _:
                names.append("anything")
    return " | ".join(names)


def _limits(definitions: Any, schema: Any) -> Iterator[str]:
    for branch in _branches(definitions, schema):
        for least, most, words in RANGES:
            if least in branch or most in branch:
                yield words.format(_range(branch.get(least), branch.get(most)))
        ranges = {keyword for least, most, _ in RANGES for keyword in (least, most)}
        for keyword in branch:
            if keyword in ("pattern", "format"):
                yield str(branch[keyword])
            elif keyword in LIMITS - ranges:
                yield f"{keyword} {branch[keyword]}"
    if schema.get("default") is not None:
        yield f"{json.dumps(schema['default'])} if left out"


def _range(least: Any, most: Any) -> str:
    if most is None:
        return f"≥ {least}"
    return f"≤ {most}" if least is None else f"{least} to {most}"
