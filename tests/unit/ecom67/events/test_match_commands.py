"""``ecom67 events match``: patterns and events as they are given, and who judges."""

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from ecom67 import main
from ecom67.base.errors import CliError
from ecom67.events import match_commands
from ecom67.events.event_ruler import engine
from ecom67.events.pattern_matching import Verdict
from ecom67.events.subscriptions import BusRule
from schemas.exporters.examples import envelope
from schemas.orders import OrderPlaced, OrderShipped

LACK = "Java is missing: a JDK 17 or newer is needed."
PLACED = json.dumps({"detail-type": ["OrderPlaced"]})
runner = CliRunner()


def by_type(patterns: Sequence[str], events: Sequence[str]) -> list[Verdict]:
    """Judge patterns of the detail type alone."""
    kinds = [json.loads(event)["detail-type"] for event in events]
    return [Verdict(None, [kind in json.loads(pattern)["detail-type"] for kind in kinds]) for pattern in patterns]


@pytest.fixture
def ruler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "missing", lambda: None)
    monkeypatch.setattr(match_commands, "_unfetched", lambda: None)
    monkeypatch.setattr(engine, "judge", by_type)


def matched(*arguments: str) -> tuple[int, dict[str, bool], dict[str, list[str]]]:
    """Return the exit code, and which events matched, and the reasons of the others."""
    result = runner.invoke(main.app, ["events", "match", *arguments, "--json"])
    assert result.stdout, result.exception
    events = json.loads(result.stdout)["events"]
    return (
        result.exit_code,
        {event["event"]: event["matches"] for event in events},
        {event["event"]: event["reasons"] for event in events},
    )


@pytest.mark.usefixtures("ruler")
def test_without_events_every_example_is_judged() -> None:
    code, matches, _ = matched(PLACED)

    assert code == 0
    assert [name for name, matches in matches.items() if matches] == ["OrderPlaced"]
    assert len(matches) > 15


@pytest.mark.usefixtures("ruler")
def test_a_pattern_and_an_event_can_be_files(tmp_path: Path) -> None:
    pattern, event = tmp_path / "pattern.json", tmp_path / "event.json"
    pattern.write_text(PLACED)
    event.write_text(json.dumps(envelope(OrderPlaced)))

    assert matched(str(pattern), str(event))[0] == 0


@pytest.mark.usefixtures("ruler")
def test_an_event_that_does_not_match_says_which_key_and_ends_with_1() -> None:
    code, matches, reasons = matched(PLACED, "OrderShipped")

    assert code == 1
    assert matches == {"OrderShipped": False}
    assert reasons["OrderShipped"] == ['detail-type is "OrderShipped"; the pattern allows ["OrderPlaced"]']


@pytest.mark.usefixtures("ruler")
def test_a_rule_of_the_stage_is_known_by_its_consumer(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = BusRule("cart", "arn:aws:events:::rule/bus/ecom67-local-cart-events", json.loads(PLACED), True, None, None)
    monkeypatch.setattr(match_commands, "connect", lambda stage: stage)
    monkeypatch.setattr(match_commands, "bus_rules", lambda stage: [rule])

    assert matched("cart", "OrderPlaced")[0] == matched("ecom67-local-cart-events", "OrderPlaced")[0] == 0
    unknown = runner.invoke(main.app, ["events", "match", "carts", "OrderPlaced"])
    assert str(unknown.exception) == "'carts' is no JSON, no file, and no rule of stage local, which has: cart."


@pytest.mark.parametrize(
    ("pattern", "event", "message"),
    [
        ("{", "OrderPlaced", "The pattern is no JSON"),
        (PLACED, "{]", "The event is no JSON"),
        (PLACED, "OrderPlaces", "'OrderPlaces' is no JSON, no file, no id of an event, and none of the types Cart"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(pattern: str, event: str, message: str) -> None:
    result = runner.invoke(main.app, ["events", "match", pattern, event])

    assert isinstance(result.exception, CliError)
    assert str(result.exception).startswith(message)


def test_where_java_is_missing_the_stage_answers_and_the_command_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "missing", lambda: LACK)
    client = SimpleNamespace(
        exceptions=SimpleNamespace(InvalidEventPatternException=KeyError),
        meta=SimpleNamespace(region_name="us-east-1"),
        test_event_pattern=lambda **call: {"Result": by_type([call["EventPattern"]], [call["Event"]])[0].matches[0]},
    )
    monkeypatch.setattr(match_commands, "connect", lambda _: SimpleNamespace(client=lambda _: client))

    result = runner.invoke(main.app, ["events", "match", PLACED, json.dumps(envelope(OrderShipped))])

    assert result.exit_code == 1
    assert f"{LACK} So this is not judged by Event Ruler on this machine, but by the emulator" in result.stdout


def test_where_java_is_missing_and_no_stage_runs_both_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "missing", lambda: LACK)

    def none(stage: str) -> None:
        raise CliError("The local stage does not run.")

    monkeypatch.setattr(match_commands, "connect", none)

    result = runner.invoke(main.app, ["events", "match", PLACED, "OrderPlaced"])

    assert str(result.exception) == f"{LACK} Without it a stage answers. The local stage does not run."
