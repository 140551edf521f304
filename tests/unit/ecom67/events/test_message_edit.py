"""A failed message is edited at the given paths only, and validated against its contract."""

import json

import click
import pytest

from ecom67.base.errors import CliError
from ecom67.events.message_edit import edit_message, message_violations
from tests.unit.bus.messages import message_of
from tests.unit.ecom67.events.journalled import DELIVERED

BODY = json.dumps(message_of(DELIVERED))
COMMAND = json.dumps({"context": {"correlationId": "c"}, "input": {"lines": [{"quantity": 1}]}})


def test_without_a_change_the_body_is_the_very_same() -> None:
    assert edit_message("{ not JSON", [], in_editor=False) == "{ not JSON"


@pytest.mark.parametrize(
    ("assignment", "path", "value"),
    [
        ("data.orderId=abc", ("data", "orderId"), "abc"),
        ("data.orderId=5", ("data", "orderId"), 5),
        ('data.orderId="5"', ("data", "orderId"), "5"),
        ("data.note=a=b", ("data", "note"), "a=b"),
        ("metadata.sequence=2", ("metadata", "sequence"), 2),
    ],
)
def test_a_field_of_an_event_is_set_by_its_path(assignment: str, path: tuple[str, str], value: object) -> None:
    before, after = json.loads(BODY), json.loads(edit_message(BODY, [assignment], in_editor=False))

    assert after["detail"][path[0]][path[1]] == value
    before["detail"][path[0]][path[1]] = value
    assert after == before


def test_a_field_of_a_command_is_set_inside_of_a_list_too() -> None:
    after = json.loads(edit_message(COMMAND, ["input.lines.0.quantity=2"], in_editor=False))

    assert after["input"]["lines"] == [{"quantity": 2}]


@pytest.mark.parametrize(
    "assignment", ["data.nothing.there=1", "data.orderId.deeper=1", "nowhere.at=1", "data.orderId", "data.0=1x.y=2"]
)
def test_a_change_that_cannot_be_made_is_refused(assignment: str) -> None:
    body = BODY if assignment != "data.0=1x.y=2" else "[]"
    with pytest.raises(CliError, match=r"is not there|sets nothing"):
        edit_message(body, [assignment], in_editor=False)


def test_no_field_of_what_is_no_json_can_be_set() -> None:
    with pytest.raises(CliError, match="Use --edit"):
        edit_message("{", ["data.orderId=1"], in_editor=False)


def test_the_editor_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click, "edit", lambda text, **_: text.replace("order-1", "order-2"))

    after = json.loads(edit_message(BODY, [], in_editor=True))

    assert after["detail"]["data"]["orderId"] == "order-2"


def test_what_the_editor_leaves_has_to_be_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(click, "edit", lambda *_, **__: "{")

    with pytest.raises(CliError, match="What was edited is no JSON"):
        edit_message(BODY, [], in_editor=True)


def test_an_event_is_judged_by_its_contract_and_a_command_is_not() -> None:
    assert message_violations(BODY) == []
    assert message_violations(edit_message(BODY, ["data.orderId=5"], in_editor=False)) == [
        "$.data.orderId: 5 is not of type 'string'"
    ]
    assert message_violations(COMMAND) == []


@pytest.mark.parametrize("body", ["{", "[]", '"text"', "{}", '{"source": "s"}'])
def test_what_is_neither_is_said_to_be_neither(body: str) -> None:
    (fault,) = message_violations(body)

    assert fault.startswith("no JSON") or fault == "neither an event nor a command"
