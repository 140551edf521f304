"""Finds where two contracts differ in meaning, whatever way they are written."""

import math
from collections.abc import Iterator
from typing import Any

from schemas.compatibility.incompatibilities import field_path
from schemas.compatibility.keywords import IDENTITY, REMARKS
from schemas.compatibility.schema_document import Schema, SchemaDocument, Shape, canonical

Place = tuple[str, str]
"""Path and keyword."""

ANNOTATIONS = ("description", "examples", "deprecated", "default")
PRESENCE = "presence"


def differences(old: SchemaDocument, new: SchemaDocument) -> dict[Place, tuple[Any, Any]]:
    """Return the old and the new value of every keyword that differs, by path and keyword."""
    before, after = assertions_of(old), assertions_of(new)
    found: dict[Place, tuple[Any, Any]] = {}
    skipped: list[str] = []
    for place in dict.fromkeys([*before, *after]):
        path, keyword = place
        if canonical(before.get(place)) == canonical(after.get(place)) or path.startswith(tuple(skipped)):
            continue
        if keyword == PRESENCE:
            found[place] = (before.get(place, "absent"), after.get(place, "absent"))
            if "absent" in found[place]:
                # Its parts came or went with it.
                skipped += [f"{path}{sign}" for sign in (".", "[", "{")]
                found = {other: values for other, values in found.items() if other[0] != path or other == place}
        elif (path, PRESENCE) not in found or "absent" not in found[path, PRESENCE]:
            found[place] = (before.get(place), after.get(place))
    return found


def assertions_of(contract: SchemaDocument) -> dict[Place, Any]:
    """Return all assertions of a contract by path and keyword, in a canonical form."""
    said: dict[Place, Any] = {
        ("", keyword): contract.document[keyword]
        for keyword in (*IDENTITY, *REMARKS)
        if contract.document.get(keyword) is not None
    }
    for place, value in _said(contract, contract.root, "", ()):
        said.setdefault(place, value)
    # A default matters only where the field may be missing.
    return {place: value for place, value in said.items() if not _idle_default(said, *place)}


def _idle_default(said: dict[Place, Any], path: str, keyword: str) -> bool:
    return keyword == "default" and said.get((path, PRESENCE), "required") == "required"


def _said(contract: SchemaDocument, schema: Schema, path: str, within: tuple[str, ...]) -> Iterator[tuple[Place, Any]]:
    if canonical(schema) in within:
        return
    within = (*within, canonical(schema))
    resolved = contract.resolved(schema)
    if not isinstance(resolved, bool):
        yield from (((path, keyword), resolved[keyword]) for keyword in ANNOTATIONS if keyword in resolved)
    yield (path, "type"), contract.type_names(schema)
    for shape in contract.alternatives(schema):
        yield from (((path, keyword), value) for keyword, value in _limits(shape).items())
        if shape.values is not None and shape.choices is not None and shape.type not in ("boolean", "null"):
            yield (path, "enum"), sorted(shape.choices, key=canonical)
        if shape.type == "array" and shape.values is None:
            yield from _said(contract, shape.items, f"{path}[]", within)
        if shape.type == "object" and shape.values is None:
            yield from _fields(contract, shape, path, within)


def _limits(shape: Shape) -> dict[str, Any]:
    if shape.type != "integer":
        return shape.limits
    # Whole numbers above 0 are those from 1 on: one form for both.
    bounds = {"minimum": shape.lowest(whole=True)[0], "maximum": -shape.highest(whole=True)[0]}
    others = {
        name: limit for name, limit in shape.limits.items() if name.lower().removeprefix("exclusive") not in bounds
    }
    return others | {name: limit for name, limit in bounds.items() if math.isfinite(limit)}


def _fields(contract: SchemaDocument, shape: Shape, path: str, within: tuple[str, ...]) -> Iterator[tuple[Place, Any]]:
    for name, schema in shape.properties.items():
        inner = field_path(path, name)
        yield (inner, PRESENCE), shape.presence(name)
        yield from _said(contract, schema, inner, within)
    if isinstance(shape.additional, bool) or not shape.additional:
        yield (path, "additionalProperties"), shape.additional is not False
    else:
        yield from _said(contract, shape.additional, f"{path}{{}}", within)
