"""The JSON Schema keywords that a contract may use; any other one is rejected."""

from collections.abc import Iterator, Mapping
from typing import Any

LIMITS = frozenset(
    {
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
        *("minLength", "maxLength", "pattern", "format"),
        *("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"),
    }
)
ASSERTIONS = LIMITS | {"type", "enum", "const", "items", "properties", "required", "additionalProperties"}
ANNOTATIONS = frozenset({"title", "description", "default", "examples", "deprecated"})
IDENTITY = ("x-ecom67-source", "x-ecom67-version", "x-ecom67-aggregate")
REMARKS = ("x-ecom67-unheard",)
OF_A_CONTRACT = frozenset({"$schema", "$id", "$defs", *IDENTITY, *REMARKS})
DEFINITION = "#/$defs/"


class UnknownKeywordError(ValueError):
    """A contract uses a keyword that cannot be judged."""


def reject_unknown(contract: Mapping[str, Any]) -> None:
    """Raise UnknownKeywordError, which names every place with a keyword, or a use of one, that cannot be judged."""
    violations = list(_unknown(contract, contract, "#", allowed=OF_A_CONTRACT))
    violations += [
        violation
        for name, schema in contract.get("$defs", {}).items()
        for violation in _unknown(contract, schema, f"{DEFINITION}{name}")
    ]
    violations += _endless(contract.get("$defs", {}))
    if violations:
        raise UnknownKeywordError(f"{contract.get('title', 'the contract')}: {'; '.join(violations)}")


def _unknown(contract: Mapping[str, Any], schema: Any, at: str, allowed: frozenset[str] = frozenset()) -> Iterator[str]:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, Mapping):
        yield f"{at} is no schema"
        return
    known = allowed | ANNOTATIONS
    if "$ref" in schema:
        known |= {"$ref"}
        if schema["$ref"].removeprefix(DEFINITION) not in contract.get("$defs", {}):
            yield f"{at}/$ref leads to {schema['$ref']}, which is no definition of it"
    elif "anyOf" in schema:
        known |= {"anyOf"}
    else:
        known |= ASSERTIONS
    yield from (f"{at}/{keyword} is not judged here" for keyword in schema if keyword not in known)
    for position, branch in enumerate(schema.get("anyOf", ())):
        yield from _unknown(contract, branch, f"{at}/anyOf/{position}")
    for name, held in schema.get("properties", {}).items():
        yield from _unknown(contract, held, f"{at}/properties/{name}")
    for keyword in ("items", "additionalProperties"):
        if keyword in schema:
            yield from _unknown(contract, schema[keyword], f"{at}/{keyword}")


def _endless(definitions: Mapping[str, Any]) -> Iterator[str]:
    """Yield the definitions that are only references to themselves, and so never say what a value is."""
    for name, schema in definitions.items():
        reached: list[str] = []
        pending = list(_referenced(schema))
        while pending:
            target = pending.pop()
            if target not in reached:
                reached.append(target)
                pending += _referenced(definitions.get(target, True))
        if name in reached:
            yield f"{DEFINITION}{name}/$ref leads back to itself"


def _referenced(schema: Any) -> Iterator[str]:
    """Yield the definitions that a value has to match as a whole."""
    if isinstance(schema, Mapping):
        if "$ref" in schema:
            yield schema["$ref"].removeprefix(DEFINITION)
        for branch in schema.get("anyOf", ()):
            yield from _referenced(branch)
