"""The committed contracts are those of the classes: closed for publishers, open for readers, and without a person."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

from bus.context import Context, use_context
from bus.journal import FORMATS
from bus.outbox import envelope_for, outbox_entry
from schemas import generation
from schemas.catalog import ProductSnapshot
from schemas.contract import Contract, Line, Money
from schemas.event import Envelope, Event, Metadata
from schemas.exporters.examples import example
from schemas.registry import SOURCES, event_class, event_classes
from schemas.tax import OrderTax, TaxAmount

EVENTS = list(event_classes())
Json = dict[str, Any]

FREE_FORM = {"attributes"}
"""Fields whose members are data, not fields: what a product is made of, which colour it has."""

PERSONAL = {
    *("email", "mail", "recipient", "sender", "phone", "telephone", "tel", "mobile", "msisdn"),
    *("name", "firstname", "forename", "lastname", "surname", "fullname", "nickname", "username", "customer"),
    *("address", "street", "line1", "line2", "city", "postal", "postcode", "zip", "latitude", "longitude", "location"),
    *("birth", "birthday", "birthdate", "age", "gender", "passport", "ssn", "tax", "language", "photo", "avatar"),
    *("password", "secret", "token", "cookie", "session", "ip", "agent", "card", "iban", "pan", "cvc"),
}
"""Words that no field of an event may have in its name. Events carry ids; who a person is stays with identity."""
OF_THINGS = {Line, ProductSnapshot, TaxAmount}
"""What may have a name: products, the lines that are bought of them, and taxes."""


@pytest.fixture(params=EVENTS, ids=lambda event: event.__name__)
def event(request: pytest.FixtureRequest) -> type[Event]:
    event: type[Event] = request.param
    return event


def schema_of(event: type[Event]) -> Json:
    schema: Json = json.loads(generation.contract_path(event).read_text())
    return schema


def on_the_bus(event: Event) -> Json:
    """Return the detail as the outbox writes it for an event that something else has caused."""
    with use_context(Context(correlation_id="the-request", causation_id="the-cause", traceparent="00-a-b-01")):
        detail: Json = json.loads(outbox_entry(envelope_for(event, sequence=3)).detail)
    return detail


def faults(event: type[Event], detail: Json) -> list[str]:
    validator = Draft202012Validator(schema_of(event), format_checker=FORMATS)
    return [fault.message for fault in validator.iter_errors(detail)]


def objects_in(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every object whose members are fields."""
    if isinstance(value, dict):
        yield path
        for name, held in value.items():
            if name not in FREE_FORM:
                yield from objects_in(held, (*path, name))
    elif isinstance(value, list):
        for position, held in enumerate(value):
            yield from objects_in(held, (*path, position))


def with_unknown_field(detail: Json, path: tuple[str | int, ...]) -> Json:
    changed = deepcopy(detail)
    target: Any = changed
    for step in path:
        target = target[step]
    target["addedLater"] = "?"
    return changed


def models_in(model: type[BaseModel]) -> set[type[BaseModel]]:
    """Return the model and all models that its fields hold."""
    found = {model}
    pending: list[Any] = [field.annotation for field in model.model_fields.values()]
    while pending:
        annotation = pending.pop()
        pending += get_args(annotation)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            found |= models_in(annotation)
    return found


def test_the_committed_files_are_those_of_the_classes() -> None:
    assert generation.stale_files() == []


def test_every_module_of_events_is_registered() -> None:
    declared = {
        (path.stem, name)
        for path in generation.FOLDER.parent.glob("*.py")
        for name in re.findall(r"^class (\w+)\(\s*Event,\s", path.read_text(), re.MULTILINE)
    }

    assert {source for source, _ in declared} == set(SOURCES)
    assert {(event.source().removeprefix("ecom67."), event.__name__) for event in EVENTS} == declared


def test_an_event_is_found_by_the_names_that_it_has_on_the_bus(event: type[Event]) -> None:
    assert event_class(event.source(), event.detail_type()) is event


def test_an_event_that_nobody_declared_is_not_found() -> None:
    with pytest.raises(KeyError, match=r"OrderPlaced of ecom67\.cart"):
        event_class("ecom67.cart", "OrderPlaced")


def test_a_contract_says_what_it_is_of(event: type[Event]) -> None:
    schema = schema_of(event)

    Draft202012Validator.check_schema(schema)
    source = event.source().removeprefix("ecom67.")
    assert schema["$id"] == f"urn:ecom67:{source}:{event.__name__}:{event.version}"
    assert (schema["title"], schema["x-ecom67-source"], schema["x-ecom67-version"]) == (
        event.__name__,
        event.source(),
        event.version,
    )
    assert schema["description"] == event.__doc__
    data = schema["$defs"][event.__name__]
    assert schema["x-ecom67-aggregate"] in data["required"]


@pytest.mark.parametrize("full", [False, True], ids=["least", "all"])
def test_what_the_outbox_writes_fits_the_committed_contract(event: type[Event], full: bool) -> None:
    assert faults(event, on_the_bus(example(event, full=full))) == []


@pytest.mark.parametrize("full", [False, True], ids=["least", "all"])
def test_a_consumer_reads_what_the_outbox_wrote(event: type[Event], full: bool) -> None:
    written = example(event, full=full)

    read: Envelope[Event] = Envelope[event].read(on_the_bus(written))  # type: ignore[valid-type]

    # Moments are written to the millisecond.
    assert read.data.model_dump(mode="json") == written.model_dump(mode="json")
    assert (read.metadata.aggregate_id, read.metadata.sequence) == (written.aggregate_id, 3)
    assert (read.metadata.correlation_id, read.metadata.causation_id) == ("the-request", "the-cause")


def test_a_publisher_cannot_send_a_field_that_is_in_no_contract(event: type[Event]) -> None:
    detail = on_the_bus(example(event, full=True))

    for path in objects_in(detail):
        assert "addedLater" in str(faults(event, with_unknown_field(detail, path))), path


def test_a_publisher_cannot_build_an_event_with_such_a_field(event: type[Event]) -> None:
    data = on_the_bus(example(event, full=True))["data"]

    for path in objects_in(data):
        with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
            event.model_validate(with_unknown_field(data, path))


def test_a_reader_ignores_such_a_field_wherever_it_is(event: type[Event]) -> None:
    detail = on_the_bus(example(event, full=True))
    expected = Envelope[event].read(detail)  # type: ignore[valid-type]

    for path in objects_in(detail):
        assert Envelope[event].read(with_unknown_field(detail, path)) == expected  # type: ignore[valid-type]


def test_every_field_that_must_be_there_is_missed_by_contract_and_reader_alike(event: type[Event]) -> None:
    detail = on_the_bus(example(event, full=False))

    for part in ("metadata", "data"):
        for name in detail[part]:
            lacking = {**detail, part: {key: value for key, value in detail[part].items() if key != name}}
            required = (
                name in schema_of(event)["$defs"]["Metadata" if part == "metadata" else event.__name__]["required"]
            )
            assert (faults(event, lacking) != []) is required, name
            if required:
                with pytest.raises(ValidationError):
                    Envelope[event].read(lacking)  # type: ignore[valid-type]


def test_the_metadata_that_every_event_has(event: type[Event]) -> None:
    metadata = schema_of(event)["$defs"]["Metadata"]

    assert set(metadata["required"]) == {
        *("eventId", "version", "occurredAt", "producer", "correlationId", "aggregateId", "sequence"),
    }
    assert set(metadata["properties"]) - set(metadata["required"]) == {"causationId", "traceparent"}


def test_money_is_whole_cents_wherever_it_is(event: type[Event]) -> None:
    schema = schema_of(event)

    assert '"number"' not in json.dumps(schema)
    if Money in models_in(event):
        amount = schema["$defs"]["Money"]["properties"]["amount"]
        assert (amount["type"], amount["minimum"]) == ("integer", 0)


def test_no_field_of_an_event_smells_of_a_person(event: type[Event]) -> None:
    for model in models_in(event):
        for field in model.model_fields:
            allowed = {"name"} if model in OF_THINGS else set()
            if field == "tax" and {OrderTax, TaxAmount} & models_in(model):
                # An amount, and no number of a person at the tax office.
                allowed.add("tax")
            assert not set(field.split("_")) & PERSONAL - allowed, f"{model.__name__}.{field}"


def test_every_part_of_an_event_is_a_contract(event: type[Event]) -> None:
    assert all(issubclass(model, Contract) for model in models_in(event))
    assert issubclass(Metadata, Contract)


def test_a_breaking_version_has_a_name_of_its_own() -> None:
    for event in EVENTS:
        suffix = re.search(r"V(\d+)$", event.__name__)
        assert event.version == (int(suffix[1]) if suffix else 1)


def test_an_event_names_a_field_of_its_own_as_its_aggregate() -> None:
    with pytest.raises(TypeError, match="Nothing has no field 'thing_id' to be its aggregate"):
        type("Nothing", (Event,), {}, aggregate="thing_id")
