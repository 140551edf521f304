"""What differs between two contracts by meaning: what is only written in another way does not."""

import math
from collections.abc import Iterator
from typing import Any

from schemas.compatibility.containment import below
from schemas.compatibility.keywords import IDENTITY, REMARKS
from schemas.compatibility.shape import Contract, Schema, Shape, canonical

Place = tuple[str, str]
"""Path and keyword."""

TOLD = ("description", "examples", "deprecated", "default")
PRESENCE = "presence"


def differences(old: Contract, new: Contract) -> dict[Place, tuple[Any, Any]]:
    """Return what the old and the new contract say wherever they do not say the same."""
    before, after = said_by(old), said_by(new)
    found: dict[Place, tuple[Any, Any]] = {}
    skipped: list[str] = []
    for place in dict.fromkeys([*before, *after]):
        path, keyword = place
        if canonical(before.get(place)) == canonical(after.get(place)) or path.startswith(tuple(skipped)):
            continue
        if keyword == PRESENCE:
            found[place] = (before.get(place, "absent"), after.get(place, "absent"))
            if "absent" in found[place]:
                # What is in it came or went with it.
                skipped += [f"{path}{sign}" for sign in (".", "[", "{")]
                found = {other: values for other, values in found.items() if other[0] != path or other == place}
        elif (path, PRESENCE) not in found or "absent" not in found[path, PRESENCE]:
            found[place] = (before.get(place), after.get(place))
    return found


def said_by(contract: Contract) -> dict[Place, Any]:
    """Return all that a contract says, by path and keyword, in one form whatever way it is written."""
    said: dict[Place, Any] = {
        ("", keyword): contract.document[keyword]
        for keyword in (*IDENTITY, *REMARKS)
        if contract.document.get(keyword) is not None
    }
    for place, value in _said(contract, contract.root, "", ()):
        said.setdefault(place, value)
    # What a field is when it is left out matters only where it can be.
    return {place: value for place, value in said.items() if not _idle_default(said, *place)}


def _idle_default(said: dict[Place, Any], path: str, keyword: str) -> bool:
    return keyword == "default" and said.get((path, PRESENCE), "required") == "required"


def _said(contract: Contract, schema: Schema, path: str, within: tuple[str, ...]) -> Iterator[tuple[Place, Any]]:
    if canonical(schema) in within:
        return
    within = (*within, canonical(schema))
    resolved = contract.resolved(schema)
    if not isinstance(resolved, bool):
        yield from (((path, keyword), resolved[keyword]) for keyword in TOLD if keyword in resolved)
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


def _fields(contract: Contract, shape: Shape, path: str, within: tuple[str, ...]) -> Iterator[tuple[Place, Any]]:
    for name, schema in shape.properties.items():
        inner = below(path, name)
        yield (inner, PRESENCE), shape.presence(name)
        yield from _said(contract, schema, inner, within)
    if isinstance(shape.additional, bool) or not shape.additional:
        yield (path, "additionalProperties"), shape.additional is not False
    else:
        yield from _said(contract, shape.additional, f"{path}{{}}", within)
