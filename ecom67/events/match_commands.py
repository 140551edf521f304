"""``ecom67 events match``: which events a pattern matches, and why it does not match the others."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from ecom67.base.errors import CliError
from ecom67.base.options import AsJson, StageName
from ecom67.base.paths import ROOT
from ecom67.base.stage_names import LOCAL
from ecom67.events.event_ruler import engine
from ecom67.events.journal import StageJournal
from ecom67.events.pattern_matching import Judge, Match, Verdict
from ecom67.events.pattern_matching import match as match_events
from ecom67.events.subscriptions import bus_rules, matches_by_eventbridge
from ecom67.stage_client import StageClient, connect

EXAMPLES = ROOT / "schemas" / "examples"
EVENT_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """An event, with what it was asked for by."""

    name: str
    body: dict[str, Any]


def match(
    pattern: Annotated[
        str, typer.Argument(help="An event pattern as JSON, a file of one, or a rule of the stage, such as cart.")
    ],
    events: Annotated[
        list[str] | None,
        typer.Argument(
            help="Events as JSON, files, ids in the journal, or types, such as OrderPlaced, of which the committed "
            "example is taken; default: all examples."
        ),
    ] = None,
    stage: StageName = LOCAL,
    as_json: AsJson = False,
) -> None:
    """Show which events a pattern matches by EventBridge's own matcher, and which of its keys do not match the others.

    Without Java the stage's EventBridge answers. Exit code 1: no event matches.
    """
    wanted = _pattern(pattern, stage)
    given = [_event(text, stage) for text in events] if events else _examples()
    judge, judged_by = _judge(stage)
    try:
        results = match_events(wanted, [event.body for event in given], judge)
    except ValueError as error:
        raise CliError(f"EventBridge refuses this pattern: {error}") from None
    if as_json:
        typer.echo(json.dumps(_as_json(wanted, judged_by, given, results), indent=2, ensure_ascii=False))
    else:
        _print(wanted, judged_by, given, results)
    raise typer.Exit(0 if any(result.matches for result in results) else 1)


def _pattern(text: str, stage: str) -> dict[str, Any]:
    if (written := _written(text, "pattern")) is not None:
        return written
    rules = bus_rules(connect(stage))
    for rule in rules:
        if text in (rule.consumer, rule.rule_arn, rule.rule_arn.rpartition("/")[2]):
            return rule.pattern
    names = ", ".join(rule.consumer for rule in rules)
    raise CliError(f"{text!r} is no JSON, no file, and no rule of stage {stage}, which has: {names}.")


def _event(text: str, stage: str) -> NamedEvent:
    if (written := _written(text, "event")) is not None:
        return NamedEvent(text if len(text) <= 60 else f"{text[:59]}…", written)
    if found := [event for event in _examples() if event.name == text]:
        return found[-1]
    if not EVENT_ID.fullmatch(text):
        types = ", ".join(sorted({event.name for event in _examples()}))
        raise CliError(f"{text!r} is no JSON, no file, no id of an event, and none of the types {types}.")
    event = StageJournal(connect(stage)).event(text)
    if event is None:
        raise CliError(f"The journal of stage {stage} has no event {text}.")
    return NamedEvent(f"{event.detail_type} {text}", event.message())


def _written(text: str, what: str) -> dict[str, Any] | None:
    """Return the JSON object that the argument is, or that is in the file that it names; None where it is neither."""
    if not text.lstrip().startswith("{"):
        if not Path(text).is_file():
            return None
        text = Path(text).read_text()
    try:
        body = json.loads(text)
    except ValueError as error:
        raise CliError(f"The {what} is no JSON: {error}.") from None
    if not isinstance(body, dict):
        raise CliError(f"The {what} is no JSON object.")
    return body


def _examples() -> list[NamedEvent]:
    files = sorted(EXAMPLES.glob("*/*.json"))
    return [NamedEvent(path.name.partition(".")[0], json.loads(path.read_text())) for path in files]


def _judge(stage: str) -> tuple[Judge, str]:
    """Return the matcher, and which one it is, as a sentence."""
    lack = engine.missing() or _unfetched()
    if lack is None:
        return engine.judge, "Judged by Event Ruler, EventBridge's own matcher."
    where = "the emulator, which differs from it (docs/subscribing.md)" if stage == LOCAL else f"stage {stage} in AWS"
    try:
        asked = connect(stage)
    except CliError as error:
        raise CliError(f"{lack} Without it a stage answers. {error}") from None

    def ask(patterns: Sequence[str], events: Sequence[str]) -> list[Verdict]:
        return [_asked(asked, pattern, events) for pattern in patterns]

    return ask, f"{lack} So this is not judged by Event Ruler on this machine, but by {where}."


def _unfetched() -> str | None:
    """Fetch Event Ruler, and return why that fails, None where it does not."""
    try:
        engine.LIBRARIES.fetch()
    except CliError as fault:
        return fault.message
    return None


def _asked(stage: StageClient, pattern: str, events: Sequence[str]) -> Verdict:
    client = stage.client("events")
    try:
        return Verdict(None, [matches_by_eventbridge(stage, pattern, json.loads(event)) for event in events])
    except client.exceptions.InvalidEventPatternException as error:
        return Verdict(error.response["Error"]["Message"], [])


def _as_json(pattern: dict[str, Any], judged_by: str, events: list[NamedEvent], results: list[Match]) -> dict[str, Any]:
    return {
        "pattern": pattern,
        "judgedBy": judged_by,
        "events": [
            {"event": event.name, "matches": result.matches, "reasons": result.reasons}
            for event, result in zip(events, results, strict=True)
        ],
    }


def _print(pattern: dict[str, Any], judged_by: str, events: list[NamedEvent], results: list[Match]) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"[dim]{escape(json.dumps(pattern, ensure_ascii=False))}[/]")
    for event, result in zip(events, results, strict=True):
        console.print(f"[green]✓[/] {escape(event.name)}" if result.matches else f"[red]✗[/] {escape(event.name)}")
        for reason in result.reasons:
            console.print(f"    {escape(reason)}")
    console.print(f"[dim]{escape(judged_by)}[/]")
