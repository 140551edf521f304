"""The journal: stores every event on the bus, validated against its published contract.

Foreign producers put events as well, so it validates with ``jsonschema`` against the committed files and knows no
event class.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker, TypeChecker, ValidationError, validators

from bus.attribute_values import to_attribute, to_item
from bus.batch import BatchResponse, partial_batch_response
from bus.clients import dynamodb
from bus.journal_table import NAME, RETENTION_SECONDS, window_of
from bus.log import logger
from bus.metric import count
from bus.quarantine import Quarantine
from bus.settings import Settings
from schemas.contract import RFC_3339

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

CONTRACTS = Path(__file__).resolve().parent.parent / "schemas" / "json"
MAX_VIOLATIONS = 20
MAX_VIOLATION_LENGTH = 500
"""Characters; a violation may quote all of an event, and an item holds 400 KB."""
MAX_KEY_LENGTH = 255
"""Characters; DynamoDB takes 1,024 bytes of a sort key."""

FORMATS = FormatChecker(formats=())
"""The formats that our contracts use. jsonschema knows ``date-time`` only with a further package."""


@FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    """Return whether a text is an RFC 3339 timestamp; the keyword ``type`` judges what is not a text."""
    if not isinstance(value, str):
        return True
    datetime.fromisoformat(value)
    return RFC_3339.fullmatch(value) is not None


def _is_integer(_: TypeChecker, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _pattern(_: Any, pattern: str, value: object, __: Any) -> Iterator[ValidationError]:
    # In Python's `re` alone, `$` also matches before a line end.
    if isinstance(value, str) and not re.search(pattern.removesuffix("$") + r"\Z" * pattern.endswith("$"), value):
        yield ValidationError(f"{value!r} does not match {pattern!r}")


CONTRACT_VALIDATOR = validators.extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    validators={"pattern": _pattern},
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)
"""Judges as the readers do, to which ``1099.0`` is not an integer; JSON Schema takes it for one."""


@cache
def contracts() -> dict[tuple[str, str, int], Any]:
    """Return a validator for each published contract, by source, detail type and version."""
    schemas = (json.loads(path.read_text()) for path in CONTRACTS.rglob("*.json"))
    return {
        (schema["x-ecom67-source"], schema["title"], schema["x-ecom67-version"]): CONTRACT_VALIDATOR(
            schema, format_checker=FORMATS
        )
        for schema in schemas
    }


def contract_violations(message: dict[str, Any]) -> list[str]:
    """Return the violations of an event's contract, each as ``path: message``.

    Parameters:
        message: the event as EventBridge delivers it.
    """
    detail = message["detail"]
    metadata = detail.get("metadata") if isinstance(detail, dict) else None
    version = metadata.get("version") if isinstance(metadata, dict) else None
    source, detail_type = message["source"], message["detail-type"]
    validator = contracts().get((source, detail_type, version)) if isinstance(version, int) else None
    if validator is None:
        return [f"no contract for {detail_type} of {source}, version {version}"[:MAX_VIOLATION_LENGTH]]
    violations = islice(validator.iter_errors(detail), MAX_VIOLATIONS)
    return [f"{found.json_path}: {found.message}"[:MAX_VIOLATION_LENGTH] for found in violations]


class Journal:
    """Stores events in a table keyed by ``eventId``, and invalid ones in quarantine as well.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the journal table.
        quarantine: stores invalid events.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table: str,
        quarantine: Quarantine,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._quarantine = quarantine
        self._now = now

    def store(self, message: dict[str, Any]) -> None:
        """Store an event as EventBridge delivered it. A repeated one is counted and not overwritten."""
        violations = contract_violations(message)
        metadata = _metadata(message)
        event_id = _key(metadata.get("eventId"), message["id"])
        if violations:
            # A violation may quote personal data: it stays in the table.
            logger.warning("event violates its contract", event_id=event_id, violations=len(violations))
            count("EventsInvalid", source=message["source"], detailType=message["detail-type"])
            body = json.dumps(message, ensure_ascii=False)
            self._quarantine.put(consumer=NAME, body=body, reason="; ".join(violations))
        now = self._now()
        first = to_item(
            {
                "correlationId": _key(metadata.get("correlationId"), message["id"]),
                "occurredAt": _key(metadata.get("occurredAt"), message["time"]),
                "aggregateId": _key(metadata.get("aggregateId"), event_id),
                "window": window_of(now),
                "source": message["source"],
                "detailType": message["detail-type"],
                "detail": json.dumps(message["detail"], ensure_ascii=False),
                "faults": violations,
                "journalledAt": int(now * 1000),
                "expiresAt": int(now) + RETENTION_SECONDS,
            }
        )
        self._dynamodb.update_item(
            TableName=self._table,
            Key=to_item({"eventId": event_id}),
            UpdateExpression="SET "
            + ", ".join(f"#{name} = if_not_exists(#{name}, :{name})" for name in first)
            + " ADD timesSeen :one",
            ExpressionAttributeNames={f"#{name}": name for name in first},
            ExpressionAttributeValues={":one": to_attribute(1)} | {f":{name}": value for name, value in first.items()},
        )


def _key(value: object, otherwise: str) -> str:
    """Return a key within the limits of tables and indexes: an empty or long one would make the write fail."""
    return str(value or otherwise)[:MAX_KEY_LENGTH]


def _metadata(message: dict[str, Any]) -> dict[str, Any]:
    detail = message["detail"]
    metadata = detail.get("metadata") if isinstance(detail, dict) else None
    return metadata if isinstance(metadata, dict) else {}


class JournalSettings(Settings):
    """The environment of the journal's function."""

    journal_table: str
    quarantine_table: str


@cache
def _journal() -> Journal:
    settings = JournalSettings.load()
    return Journal(dynamodb(), settings.journal_table, Quarantine(dynamodb(), settings.quarantine_table))


def _store(record: dict[str, Any]) -> bool:
    try:
        _journal().store(json.loads(record["body"]))
    except Exception:  # noqa: BLE001 - only this message is delivered again
        logger.exception("event not stored", message_id=record["messageId"])
        return False
    return True


def handler(batch: dict[str, Any], _context: object) -> BatchResponse:
    """Handle a batch of the journal's queue (the Lambda handler)."""
    return partial_batch_response(batch, _store)
