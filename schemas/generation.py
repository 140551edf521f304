"""Generates the committed files of the contracts from the event classes, in every format.

===========================================  ==========================================================
``json/<source>/<DetailType>.v<N>.json``      JSON Schema 2020-12 of the detail
``draft4/<source>/<DetailType>.v<N>.json``    Draft 4 of the whole event, as the registry takes it
``examples/<source>/<DetailType>.v<N>.json``  a whole event with every field set
``asyncapi/<source>.json``                    AsyncAPI 3 of what a service publishes
``typescript/<source>.ts``                    types of the events as a consumer reads them
``chat/messages.json``, ``chat/messages.ts``  JSON Schema and types of the messages of the chat's WebSocket
===========================================  ==========================================================
"""

import json
from itertools import groupby
from pathlib import Path
from typing import Any

from schemas.event import Event
from schemas.exporters.asyncapi import asyncapi
from schemas.exporters.draft4 import draft4
from schemas.exporters.examples import envelope
from schemas.exporters.json_schema import json_schema, service_of
from schemas.exporters.typescript import compile_typescript, typescript
from schemas.exporters.websocket import websocket_schema
from schemas.registry import event_classes

PUBLISHED = Path(__file__).parent
FOLDER = PUBLISHED / "json"
DRAFT_4 = PUBLISHED / "draft4"
EXAMPLES = PUBLISHED / "examples"
ASYNCAPI = PUBLISHED / "asyncapi"
TYPESCRIPT = PUBLISHED / "typescript"
CHAT = PUBLISHED / "chat"
FORMS = (FOLDER, DRAFT_4, EXAMPLES, ASYNCAPI, TYPESCRIPT, CHAT)


def contract_path(event: type[Event], folder: Path = FOLDER) -> Path:
    """Return the path of an event's committed file; that of its JSON Schema by default."""
    return folder / service_of(event) / f"{event.detail_type()}.v{event.version}.json"


def documents() -> dict[Path, str]:
    """Return the content of every committed file by its path.

    Raises schemas.exporters.typescript.ToolMissingError where there is no Node, and
    schemas.exporters.examples.MissingExampleError where a field has no example value.
    """
    found: dict[Path, str] = {}
    registered: dict[str, list[dict[str, Any]]] = {}
    for service, group in groupby(event_classes(), service_of):
        events = list(group)
        registered[service] = [draft4(event) for event in events]
        for event, older in zip(events, registered[service], strict=True):
            found[contract_path(event)] = _text(json_schema(event))
            found[contract_path(event, DRAFT_4)] = _text(older)
            found[contract_path(event, EXAMPLES)] = _text(envelope(event))
        found[ASYNCAPI / f"{service}.json"] = _text(asyncapi(events))
    messages = websocket_schema()
    found[CHAT / "messages.json"] = _text(messages)
    found[CHAT / "messages.ts"] = compile_typescript({"ChatMessage": messages})["ChatMessage"]
    types = typescript(registered)
    return found | {TYPESCRIPT / f"{service}.ts": text for service, text in types.items()}


def contracts() -> dict[str, dict[str, Any]]:
    """Return the JSON Schemas of the event classes by name: ``orders/OrderPlaced``."""
    return {f"{service_of(event)}/{event.detail_type()}": json_schema(event) for event in event_classes()}


def write_files() -> list[Path]:
    """Write the files that differ from the classes, delete those without a class, and return both."""
    wanted = documents()
    differing = _differing(wanted)
    for path in differing:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path])
        else:
            path.unlink()
    return differing


def stale_files() -> list[Path]:
    """Return the committed files that differ from the classes, are missing, or have no class."""
    return _differing(documents())


def _differing(wanted: dict[Path, str]) -> list[Path]:
    present = {path for folder in FORMS for path in folder.rglob("*") if path.is_file()}
    differing = {path for path, text in wanted.items() if path not in present or path.read_text() != text}
    return sorted(differing | (present - wanted.keys()))


def _text(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
