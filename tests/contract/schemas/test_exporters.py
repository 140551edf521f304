"""Every form of a contract means the same: what one takes the others take, and what one refuses they refuse."""

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft7Validator, Draft202012Validator
from jsonschema.protocols import Validator

from bus.journal import FORMATS
from infra.constructs.paths import ROOT
from schemas import generation
from schemas.compatibility.keywords import UnknownKeywordError
from schemas.event import Envelope, Event
from schemas.exporters.asyncapi import asyncapi
from schemas.exporters.draft4 import draft4, registry_name, to_draft4
from schemas.exporters.examples import MissingExampleError, envelope, example
from schemas.exporters.json_schema import json_schema, merged_definitions, service_of
from schemas.exporters.typescript import ToolMissingError, compile_typescript
from schemas.registry import event_classes
from tests.contract.schemas.changing import LEAVES, SCHEMAS

EVENTS = list(event_classes())
Json = dict[str, Any]
ASYNCAPI_3 = ROOT / "node_modules" / "@asyncapi" / "specs" / "schemas" / "3.0.0.json"
OTHERS: tuple[Any, ...] = (None, True, -1, 1.5, "", "x" * 200, "2030-13-45", [], [None], {}, {"amount": "12"})
"""Values of every type, most of which fit nowhere."""


@pytest.fixture(params=EVENTS, ids=lambda event: event.__name__)
def event(request: pytest.FixtureRequest) -> type[Event]:
    event: type[Event] = request.param
    return event


def whole(event: type[Event]) -> Json:
    """Return the committed example: a whole event."""
    found: Json = json.loads(generation.contract_path(event, generation.EXAMPLES).read_text())
    return found


def variants(value: Any) -> Iterator[Any]:
    """Yield a value with one of its parts left out, added or replaced by something else."""
    yield from (deepcopy(other) for other in OTHERS)
    if isinstance(value, dict):
        yield {**value, "addedLater": 1}
        for name, held in value.items():
            yield {other: kept for other, kept in value.items() if other != name}
            yield from ({**value, name: changed} for changed in variants(held))
    elif isinstance(value, list):
        yield [*value, *value]
        for position, held in enumerate(value):
            yield from ([*value[:position], changed, *value[position + 1 :]] for changed in variants(held))


def assert_same_meaning(event: type[Event], modern: Validator, other: Validator) -> None:
    detail = whole(event)["detail"]
    verdicts = [modern.is_valid(variant) for variant in variants(detail)]

    assert modern.is_valid(detail)
    assert other.is_valid(detail)
    assert verdicts.count(False) > len(detail["data"])
    assert [other.is_valid(variant) for variant in variants(detail)] == verdicts


def test_an_example_is_an_event_that_its_reader_reads(event: type[Event]) -> None:
    given = whole(event)

    read: Envelope[Event] = Envelope[event].read(given["detail"])  # type: ignore[valid-type]
    assert (given["source"], given["detail-type"]) == (event.source(), event.detail_type())
    assert read.data == example(event, full=True)
    assert read.metadata.aggregate_id == read.data.aggregate_id
    assert read.metadata.version == event.version


def test_an_example_sets_every_field(event: type[Event]) -> None:
    detail = whole(event)["detail"]
    definitions = json_schema(event)["$defs"]

    assert detail["data"].keys() == definitions[event.__name__]["properties"].keys()
    assert detail["metadata"].keys() == definitions["Metadata"]["properties"].keys()


def test_draft_4_means_what_the_contract_means(event: type[Event]) -> None:
    older = draft4(event)
    of_detail = {**older["properties"]["detail"], "definitions": older["definitions"]}

    Draft4Validator.check_schema(older)
    assert_same_meaning(
        event,
        Draft202012Validator(json_schema(event), format_checker=FORMATS),
        Draft4Validator(of_detail, format_checker=FORMATS),
    )


def test_draft_4_takes_the_whole_event_and_no_other(event: type[Event]) -> None:
    validator = Draft4Validator(draft4(event), format_checker=FORMATS)
    given = whole(event)

    assert list(validator.iter_errors(given)) == []
    assert validator.is_valid({**given, "replay-name": "after-the-fix"})
    for name, value in {"source": "ecom67.elsewhere", "detail-type": "Other", "detail": None, "time": "noon"}.items():
        assert not validator.is_valid({**given, name: value}), name
    for name in given:
        assert not validator.is_valid({kept: value for kept, value in given.items() if kept != name}), name


def test_draft_4_uses_nothing_that_draft_4_has_not(event: type[Event]) -> None:
    text = json.dumps(draft4(event))

    assert not [word for word in ('"$defs"', '"const"', '"$id"', '"examples"', '"deprecated"') if word in text]


def test_a_schema_is_named_as_eventbridge_names_them(event: type[Event]) -> None:
    assert registry_name(event) == f"ecom67.{service_of(event)}@{event.__name__}"


@given(
    SCHEMAS,
    st.lists(
        st.recursive(
            st.sampled_from([None, True, False, 0, 1, 2, 3, 2.5, "", "a", "ab", "abab"]),
            lambda inner: st.one_of(
                st.lists(inner, max_size=4), st.dictionaries(st.sampled_from("abcd"), inner, max_size=3)
            ),
            max_leaves=6,
        ),
        min_size=10,
        max_size=20,
    ),
)
def test_any_schema_means_the_same_in_draft_4(schema: Any, values: list[Any]) -> None:
    modern, older = Draft202012Validator(schema), Draft4Validator(to_draft4(schema))

    Draft4Validator.check_schema(older.schema)
    assert [older.is_valid(value) for value in values] == [modern.is_valid(value) for value in values]


@given(LEAVES)
def test_what_stands_beside_a_reference_is_kept_in_draft_4(leaf: Any) -> None:
    schema = {"$defs": {"Leaf": leaf}, "properties": {"a": {"$ref": "#/$defs/Leaf", "description": "Why."}}}

    (held,) = to_draft4(schema)["properties"].values()

    assert held == {"description": "Why.", "allOf": [{"$ref": "#/definitions/Leaf"}]}


def test_what_no_contract_may_use_is_not_converted() -> None:
    with pytest.raises(UnknownKeywordError, match="patternProperties"):
        to_draft4({"$defs": {"A": {"patternProperties": {}}}})


def of_services() -> Mapping[str, list[type[Event]]]:
    return {service: [event for event in EVENTS if service_of(event) == service] for service in map(service_of, EVENTS)}


@pytest.fixture(scope="module")
def asyncapi_3() -> Draft7Validator:
    return Draft7Validator(json.loads(ASYNCAPI_3.read_text()))


@pytest.mark.parametrize("service", of_services())
def test_an_asyncapi_document_is_valid(service: str, asyncapi_3: Draft7Validator) -> None:
    document = json.loads((generation.ASYNCAPI / f"{service}.json").read_text())

    assert [f"{fault.json_path}: {fault.message}" for fault in asyncapi_3.iter_errors(document)] == []


def test_the_validator_of_asyncapi_documents_finds_faults(asyncapi_3: Draft7Validator) -> None:
    document = asyncapi(of_services()["orders"])
    document["operations"]["publishOrderPlaced"]["action"] = "publish"

    assert not asyncapi_3.is_valid(document)


@pytest.mark.parametrize("service", of_services())
def test_every_reference_of_an_asyncapi_document_leads_somewhere(service: str) -> None:
    document = asyncapi(of_services()[service])

    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            yield from [value["$ref"]] if "$ref" in value else []
            value = list(value.values())
        if isinstance(value, list):
            for held in value:
                yield from references(held)

    for reference in references(document):
        target = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


def test_an_asyncapi_payload_means_what_the_contract_means(event: type[Event]) -> None:
    document = asyncapi(of_services()[service_of(event)])
    payload = document["components"]["messages"][event.__name__]["payload"]

    assert_same_meaning(
        event,
        Draft202012Validator(json_schema(event), format_checker=FORMATS),
        Draft7Validator({**payload, "components": document["components"]}, format_checker=FORMATS),
    )


def test_two_meanings_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="B defines Money differently than another contract"):
        merged_definitions({"A": {"Money": {"type": "integer"}}, "B": {"Money": {"type": "number"}}})


def test_a_field_without_an_example_is_named() -> None:
    event = type(
        "Novelty",
        (Event,),
        {"__annotations__": {"novelty_id": str}},
        aggregate="novelty_id",
    )

    with pytest.raises(MissingExampleError, match="The field novelty_id of Novelty has no example value"):
        envelope(event)


def test_what_is_left_of_an_event_that_is_gone_is_stale(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "orders").mkdir()
    left = tmp_path / "orders" / "OrderForgotten.v1.json"
    left.write_text("{}")
    monkeypatch.setattr(generation, "FORMS", (*generation.FORMS, tmp_path))

    assert generation.stale_files() == [left]


def test_a_missing_package_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "typescript.mjs"
    program.write_text('import "a-package-that-nobody-has-installed";\n')
    monkeypatch.setattr("schemas.exporters.typescript.PROGRAM", program)

    with pytest.raises(ToolMissingError, match=r"^A package of node_modules is missing.* `make setup`\.$"):
        compile_typescript({})
