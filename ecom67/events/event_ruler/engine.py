"""Matching by Event Ruler."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ecom67.base.errors import CliError
from ecom67.base.java import JavaLibraries
from ecom67.events.pattern_matching import Verdict

FOLDER = Path(__file__).parent
LIBRARIES = JavaLibraries(FOLDER / "pom.xml", "event-ruler")
# A run takes about a second, most of it the start: no time for the optimising compiler.
OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Dfile.encoding=UTF-8")
TIMEOUT_SECONDS = 120


def missing() -> str | None:
    """Return which requirement of Event Ruler is missing, as a sentence; None where all are met."""
    return LIBRARIES.missing()


def judge(patterns: Sequence[str], events: Sequence[str]) -> list[Verdict]:
    """Return the verdict on each pattern.

    Parameters:
        patterns: event patterns as JSON text.
        events: events as JSON text, as EventBridge delivers them.

    Raises CliError where a requirement is missing, or Event Ruler cannot read an event.
    """
    command = ["java", *OPTIONS, "-cp", f"{LIBRARIES.fetch()}/*", str(FOLDER / "EventRuler.java")]
    run = subprocess.run(
        command,
        input=json.dumps({"patterns": list(patterns), "events": list(events)}),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=TIMEOUT_SECONDS,
    )
    if run.returncode:
        raise CliError(f"Event Ruler failed: {run.stderr.strip()}")
    return [_verdict(given) for given in json.loads(run.stdout)]


def _verdict(given: dict[str, Any]) -> Verdict:
    # The lines after the first say where in the text.
    error = given.get("error")
    return Verdict(error and error.splitlines()[0], given.get("matches", []))
