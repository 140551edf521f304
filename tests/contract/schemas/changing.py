"""Random contracts, random changes of them, and random events that fit them."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st
from jsonschema import Draft202012Validator

Schema = Any
Json = dict[str, Any]
Draw = st.DrawFn

NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.sampled_from([None, True, False, 0, 1, 2.5, "", "a", "ab"])
# Small domains: a limit that differs is soon met.
SMALL = st.integers(0, 3)
LIMITS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "integer": {"minimum": SMALL, "exclusiveMaximum": st.integers(2, 6), "multipleOf": st.integers(1, 3)},
    "number": {"exclusiveMinimum": SMALL, "maximum": st.integers(2, 6), "minimum": SMALL},
    "string": {"minLength": SMALL, "maxLength": st.integers(1, 4), "pattern": st.sampled_from(["^a", "^[ab]*$"])},
    "array": {"minItems": SMALL, "maxItems": st.integers(0, 4), "uniqueItems": st.booleans()},
    "object": {"minProperties": st.integers(0, 2), "maxProperties": st.integers(1, 3)},
}


@st.composite
def limited(draw: Draw, kind: str) -> Json:
    """Draw a schema of one type with some of its limits."""
    found: Json = draw(st.fixed_dictionaries({"type": st.just(kind)}, optional=LIMITS[kind]))
    return found


@st.composite
def arrays(draw: Draw, inner: st.SearchStrategy[Schema]) -> Json:
    """Draw a schema of lists."""
    return {**draw(limited("array")), "items": draw(inner)}


@st.composite
def objects(draw: Draw, inner: st.SearchStrategy[Schema]) -> Json:
    """Draw a schema of a part with fields, or of a map."""
    properties = draw(st.dictionaries(NAMES, inner, max_size=3))
    return {
        "type": "object",
        "properties": properties,
        "required": draw(st.lists(st.sampled_from(sorted(properties)), unique=True)) if properties else [],
        **draw(st.one_of(st.builds(dict), limited("object"))),
        "additionalProperties": draw(st.one_of(st.just(False), st.just(False), st.just(True), inner)),
    }


LEAVES: st.SearchStrategy[Schema] = st.one_of(
    *(limited(kind) for kind in ("integer", "number", "string")),
    st.builds(dict, type=st.just("boolean")),
    st.builds(dict),
    st.lists(VALUES, min_size=1, max_size=3).map(lambda values: {"enum": values}),
    VALUES.map(lambda value: {"const": value}),
)
SCHEMAS: st.SearchStrategy[Schema] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        arrays(inner),
        objects(inner),
        objects(inner),
        st.lists(inner, min_size=1, max_size=2).map(lambda n: {"anyOf": n}),
    ),
    max_leaves=5,
)


def contract(data: Schema) -> Json:
    """Return a contract whose data are of that schema."""
    return {"type": "object", "properties": {"data": data}, "required": ["data"], "additionalProperties": False}


@st.composite
def changes(draw: Draw) -> tuple[Json, Json]:
    """Draw a contract and what became of it by one or two changes, most of which are small."""
    old = contract(draw(st.one_of(LEAVES, objects(LEAVES), SCHEMAS)))
    new = deepcopy(old)
    for _ in range(draw(st.integers(1, 2))):
        place = draw(st.sampled_from(list(_places(new))))
        _change(draw, place)
    return old, new


def _places(schema: Schema) -> Iterator[Json]:
    if isinstance(schema, dict):
        yield schema
        inner = [*schema.get("anyOf", []), *schema.get("properties", {}).values()]
        for held in [*inner, schema.get("items"), schema.get("additionalProperties")]:
            yield from _places(held)


def _change(draw: Draw, place: Json) -> None:
    kind = place.get("type")
    if "anyOf" in place:
        place["anyOf"] = [*place["anyOf"][draw(st.integers(0, 1)) :], draw(LEAVES)]
    elif kind == "object":
        name = draw(NAMES)
        match draw(st.integers(0, 5)):
            case 0 | 1:
                place.setdefault("properties", {}).setdefault(name, draw(LEAVES))
            case 2:
                place.get("properties", {}).pop(name, None)
                place["required"] = [other for other in place.get("required", []) if other != name]
            case 3:
                place["required"] = sorted(set(place.get("required", [])) ^ {name} & set(place.get("properties", {})))
            case 4:
                place |= draw(limited("object"))
            case _:
                place["additionalProperties"] = draw(st.one_of(st.booleans(), LEAVES))
    elif "enum" in place:
        place["enum"] = draw(st.lists(st.one_of(st.sampled_from(place["enum"]), VALUES), min_size=1, max_size=3))
    elif kind in LIMITS and isinstance(kind, str):
        keyword = draw(st.sampled_from(sorted(LIMITS[kind])))
        if draw(st.booleans()):
            place.pop(keyword, None)
        else:
            place[keyword] = draw(LIMITS[kind][keyword])
    else:
        place.clear()
        place.update(draw(LEAVES))


CANDIDATES: dict[str, list[Any]] = {
    "integer": [-1, 0, 1, 2, 3, 4, 5, 6, 7],
    "number": [-1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4.5, 6],
    "string": ["", "a", "b", "ab", "ba", "aab", "bbb", "abab", "c", "ac", "babab"],
    "boolean": [True, False],
}


def instances(schema: Schema) -> st.SearchStrategy[Any]:
    """Return a strategy of values that fit a schema; it is empty where none was found."""
    guided = _guided(schema)
    return guided if guided.is_empty else guided.filter(Draft202012Validator(schema).is_valid)


def _guided(schema: Schema) -> st.SearchStrategy[Any]:
    if isinstance(schema, bool) or not schema:
        return VALUES if schema is not False else st.nothing()
    if "anyOf" in schema:
        return st.one_of([_guided(branch) for branch in schema["anyOf"]])
    if "enum" in schema or "const" in schema:
        return st.sampled_from(schema["enum"] if "enum" in schema else [schema["const"]])
    if schema["type"] == "object":
        return _objects(schema)
    if schema["type"] == "array":
        least, most = schema.get("minItems", 0), schema.get("maxItems", 5)
        members = _guided(schema["items"])
        if least > most or (least and members.is_empty):
            return st.nothing()
        if members.is_empty:
            most = 0
        elif schema.get("uniqueItems"):
            # Few members are often unique, and the filter sees to the rest.
            most = min(most, max(least, 1))
        return st.lists(members, min_size=least, max_size=most)
    fitting = [value for value in CANDIDATES[schema["type"]] if Draft202012Validator(schema).is_valid(value)]
    return st.sampled_from(fitting) if fitting else st.nothing()


def _objects(schema: Json) -> st.SearchStrategy[Json]:
    properties = schema.get("properties", {})
    required = {name: _guided(properties[name]) for name in schema.get("required", [])}
    if any(strategy.is_empty for strategy in required.values()):
        return st.nothing()
    optional = {name: _guided(held) for name, held in properties.items() if name not in required}
    additional = schema.get("additionalProperties", True)
    if additional is not False:
        optional |= {name: _guided(additional) for name in ("a", "b", "c", "d") if name not in properties}
    present = {name: strategy for name, strategy in optional.items() if not strategy.is_empty}
    return st.fixed_dictionaries(required, optional=present)
