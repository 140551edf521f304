"""What breaks a contract is told, and told right: by a list that was there first, and by random changes."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas.compatibility.changes import Party, compare, compare_all
from schemas.compatibility.keywords import UnknownKeywordError
from schemas.compatibility.schema_document import open_schema
from schemas.generation import FOLDER
from tests.contract.schemas.changing import changes, contract, instances

VECTORS = Path(__file__).parent / "evolution"
Json = dict[str, Any]
NAME = "warehouse/ParcelPacked"


def vectors(kind: str) -> list[Any]:
    found = json.loads((VECTORS / f"{kind}.json").read_text())
    return [pytest.param(vector, id=vector["name"]) for vector in found]


def base() -> Json:
    found: Json = json.loads((VECTORS / "base.json").read_text())
    return found


def holder(document: Any, pointer: str) -> tuple[Any, Any]:
    """Return what holds the value at a JSON pointer, and the key under which it does."""
    *steps, last = pointer.split("/")[1:]
    for step in steps:
        document = document[int(step)] if isinstance(document, list) else document[step]
    return document, int(last) if isinstance(document, list) else last


def changed(vector: Json) -> Json:
    """Return the contract of the vectors, changed as one of them says."""
    document = base()
    for pointer in vector.get("drop", []):
        held, key = holder(document, pointer)
        del held[key]
    for pointer, value in vector.get("set", {}).items():
        held, key = holder(document, pointer)
        held[key] = value
    for pointer, value in vector.get("append", {}).items():
        held, key = holder(document, pointer)
        held[key].append(value)
    return document


def with_field(schema: Any) -> Json:
    document = base()
    data = document["$defs"]["ParcelPacked"]
    data["properties"]["field"] = schema
    data["required"].append("field")
    return document


@pytest.mark.parametrize("vector", vectors("breaking"))
def test_a_breaking_change_is_told_with_its_place_and_who_breaks(vector: Json) -> None:
    verdicts = [
        [change.path, change.keyword, change.old, change.new, list(change.breaks)]
        for change in compare(NAME, base(), changed(vector))
        if not change.compatible
    ]

    assert verdicts == sorted(vector["verdicts"])


@pytest.mark.parametrize("vector", vectors("compatible"))
def test_a_compatible_change_breaks_nobody(vector: Json) -> None:
    verdicts = compare(NAME, base(), changed(vector))

    assert [change for change in verdicts if not change.compatible] == []
    assert [[change.path, change.keyword] for change in verdicts] == vector.get("changes", [])


@pytest.mark.parametrize("vector", vectors("keywords"))
def test_every_keyword_is_judged(vector: Json) -> None:
    verdicts = compare(NAME, with_field(vector["old"]), with_field(vector["new"]))

    assert {party for change in verdicts for party in change.breaks} == set(vector["breaks"])
    assert {change.path.rstrip("{}[]").removesuffix(".a").removesuffix(".b") for change in verdicts} <= {"data.field"}


def test_there_are_thirty_of_each_and_eighty_in_all() -> None:
    counts = {kind: len(vectors(kind)) for kind in ("breaking", "compatible", "keywords")}

    assert counts["breaking"] >= 30
    assert counts["compatible"] >= 30
    assert sum(counts.values()) >= 80


def test_a_contract_that_is_gone_breaks_those_who_had_it() -> None:
    (gone,) = compare_all({NAME: base()}, {})

    assert (gone.contract, gone.keyword, gone.new) == (NAME, "contract", None)
    assert gone.breaks == (Party.PUBLISHERS, Party.OLD_CONSUMERS)


def test_a_retired_contract_may_be_gone() -> None:
    (gone,) = compare_all({NAME: base()}, {}, retired=[NAME])

    assert gone.compatible


def test_a_new_contract_breaks_nobody() -> None:
    (added,) = compare_all({}, {NAME: base()})

    assert added.compatible


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "contentEncoding": "base64"},
        {"oneOf": [{"type": "string"}]},
        {"type": "array", "prefixItems": [{"type": "string"}]},
        {"type": "object", "patternProperties": {"^a": {"type": "string"}}},
        {"anyOf": [{"type": "string"}], "minLength": 1},
        {"$ref": "#/$defs/Money", "required": ["currency"]},
        {"$ref": "https://example.com/money.json"},
        {"type": "array", "items": {"not": {}}},
        {"type": "array", "items": [{"type": "string"}]},
    ],
    ids=lambda schema: json.dumps(schema)[:40],
)
def test_what_nobody_has_said_how_to_judge_is_refused(schema: Any) -> None:
    with pytest.raises(UnknownKeywordError, match=r"ParcelPacked: #/\$defs/ParcelPacked/properties/field"):
        compare(NAME, base(), with_field(schema))


@pytest.mark.parametrize(
    ("definitions", "named"),
    [
        ({"A": {"$ref": "#/$defs/A"}}, ["A"]),
        ({"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}, ["A", "B"]),
        ({"A": {"anyOf": [{"$ref": "#/$defs/A"}, {"type": "null"}]}}, ["A"]),
        ({"A": {"anyOf": [{"$ref": "#/$defs/B"}]}, "B": {"anyOf": [{"$ref": "#/$defs/A"}]}}, ["A", "B"]),
    ],
    ids=json.dumps,
)
def test_a_reference_that_leads_to_itself_is_refused_with_its_path(definitions: Json, named: list[str]) -> None:
    document = with_field({"$ref": "#/$defs/A"})
    document["$defs"] |= definitions

    with pytest.raises(UnknownKeywordError) as refused:
        compare(NAME, base(), document)

    for name in named:
        assert f"#/$defs/{name}/$ref leads back to itself" in str(refused.value)


def test_a_part_may_hold_itself() -> None:
    document = with_field({"$ref": "#/$defs/Box"})
    document["$defs"]["Box"] = {
        "type": "object",
        "properties": {"within": {"anyOf": [{"$ref": "#/$defs/Box"}, {"type": "null"}]}},
    }

    assert compare(NAME, document, document) == []


def test_a_refusal_names_every_place() -> None:
    document = with_field({"not": {}})
    document["$defs"]["Money"]["if"] = {}
    document["$vocabulary"] = {}

    with pytest.raises(UnknownKeywordError) as refused:
        compare_all({}, {NAME: document})

    assert all(place in str(refused.value) for place in ("field/not", "#/$defs/Money/if", "#/$vocabulary"))


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.json")), ids=lambda path: path.stem)
def test_a_published_contract_is_judged_and_fits_itself(path: Path) -> None:
    document = json.loads(path.read_text())

    assert compare(path.stem, document, deepcopy(document)) == []


def test_a_part_that_holds_itself_is_compared() -> None:
    node = {
        "type": "object",
        "properties": {"value": {"type": "integer"}, "next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}},
        "required": ["value"],
        "additionalProperties": False,
    }
    old = {**contract({"$ref": "#/$defs/Node"}), "$defs": {"Node": node}}
    new = deepcopy(old)
    new["$defs"]["Node"]["properties"]["value"]["type"] = "number"

    assert compare(NAME, old, old) == []
    assert [(change.path, change.breaks) for change in compare(NAME, old, new)] == [
        ("data.next.value", (Party.OLD_CONSUMERS,)),
        ("data.value", (Party.OLD_CONSUMERS,)),
    ]


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(changes(), st.data())
def test_a_change_called_compatible_loses_no_event(change: tuple[Json, Json], data: st.DataObject) -> None:
    old, new = change
    breaks = {party for told in compare(NAME, old, new) for party in told.breaks}

    # What each party must be able to read, of what which contract lets others write.
    promises = {
        Party.OLD_CONSUMERS: (new, open_schema(old)),
        Party.NEW_CONSUMERS: (old, open_schema(new)),
        Party.PUBLISHERS: (old, new),
    }
    for party, (written, reader) in promises.items():
        fitting = instances(written)
        if party not in breaks and not fitting.is_empty:
            sent = data.draw(st.lists(fitting, min_size=6, max_size=12), label=f"events for {party}")
            assert [event for event in sent if not Draft202012Validator(reader).is_valid(event)] == [], party
