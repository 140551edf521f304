"""The committed JSON Schemas, generated from the event classes: ``schemas/json/<source>/<DetailType>.v<N>.json``."""

import json
from pathlib import Path
from typing import Any

from schemas.event import SOURCE_PREFIX, Envelope, Event
from schemas.registry import event_classes

FOLDER = Path(__file__).parent / "json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(event: type[Event]) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an event's ``detail``, closed as publishers are."""
    source = event.source().removeprefix(SOURCE_PREFIX)
    generated = Envelope[event].model_json_schema(by_alias=True)  # type: ignore[valid-type]
    generated.pop("title")
    generated.pop("description", None)
    return {
        "$schema": DIALECT,
        "$id": f"urn:ecom67:{source}:{event.detail_type()}:{event.version}",
        "title": event.detail_type(),
        "description": (event.__doc__ or "").strip(),
        "x-ecom67-source": event.source(),
        "x-ecom67-version": event.version,
        "x-ecom67-aggregate": event.model_fields[event.aggregate].alias,
        **generated,
    }


def path_of(event: type[Event]) -> Path:
    """Return where the schema of an event is committed."""
    source = event.source().removeprefix(SOURCE_PREFIX)
    return FOLDER / source / f"{event.detail_type()}.v{event.version}.json"


def documents() -> dict[Path, str]:
    """Return the content of every file that has to be committed."""
    return {path_of(event): json.dumps(json_schema(event), indent=2) + "\n" for event in event_classes()}


def write() -> list[Path]:
    """Write the files that differ from the classes, delete those without a class; return both."""
    differing = stale()
    wanted = documents()
    for path in differing:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path])
        else:
            path.unlink()
    return differing


def stale() -> list[Path]:
    """Return the committed files that differ from the classes, are missing, or have no class."""
    wanted = documents()
    present = set(FOLDER.rglob("*.json"))
    differing = {path for path, text in wanted.items() if path not in present or path.read_text() != text}
    return sorted(differing | (present - wanted.keys()))
