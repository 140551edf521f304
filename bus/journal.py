"""The journal: every event on the bus, checked against its published contract and kept for a while.

It reads what foreign producers put as well as what our services raise, so it validates with
``jsonschema`` against the committed files and knows no event class.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator, FormatChecker

from bus.batch import BatchAnswer, answer_for
from bus.clients import dynamodb
from bus.items import to_attribute, to_item
from bus.log import logger
from bus.metric import count
from bus.quarantine import Quarantine
from bus.settings import Settings
from schemas.contract import RFC_3339

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

KEPT_SECONDS = 30 * 24 * 3600
NAME = "journal"
"""Of the journal as a consumer, in the quarantine."""
CORRELATION_INDEX = "correlation-index"
AGGREGATE_INDEX = "aggregate-index"
HOUR_INDEX = "hour-index"
CONTRACTS = Path(__file__).resolve().parent.parent / "schemas" / "json"
MAX_FAULTS = 20
MAX_FAULT_LENGTH = 500
"""Characters; what is wrong may quote all of an event, and an item holds 400 KB."""
MAX_KEY_LENGTH = 255
"""Characters; DynamoDB takes 1,024 bytes of a sort key."""

FORMATS = FormatChecker(formats=())
"""The formats that our contracts use. jsonschema knows ``date-time`` only with a further package."""


@FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    """Say whether it is a moment as RFC 3339 writes it. What is no string is for ``type`` to judge."""
    if not isinstance(value, str):
        return True
    datetime.fromisoformat(value)
    return RFC_3339.fullmatch(value) is not None


@cache
def contracts() -> dict[tuple[str, str, int], Draft202012Validator]:
    """Return a validator for each published contract, by source, detail type and version."""
    schemas = (json.loads(path.read_text()) for path in CONTRACTS.rglob("*.json"))
    return {
        (schema["x-ecom67-source"], schema["title"], schema["x-ecom67-version"]): Draft202012Validator(
            schema, format_checker=FORMATS
        )
        for schema in schemas
    }


def faults_of(message: dict[str, Any]) -> list[str]:
    """Return what is wrong with an event by its contract, each as ``path: why``; none where it fits."""
    detail = message["detail"]
    metadata = detail.get("metadata") if isinstance(detail, dict) else None
    version = metadata.get("version") if isinstance(metadata, dict) else None
    source, detail_type = message["source"], message["detail-type"]
    validator = contracts().get((source, detail_type, version)) if isinstance(version, int) else None
    if validator is None:
        return [f"no contract for {detail_type} of {source}, version {version}"[:MAX_FAULT_LENGTH]]
    faults = islice(validator.iter_errors(detail), MAX_FAULTS)
    return [f"{fault.json_path}: {fault.message}"[:MAX_FAULT_LENGTH] for fault in faults]


class Journal:
    """Keeps events in a table keyed by ``eventId``, and those that are not valid in quarantine as well.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the journal table.
        quarantine: for what does not fit its contract.
        now: the time in seconds since the epoch; replaced in tests.
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

    def record(self, message: dict[str, Any]) -> None:
        """Keep an event as EventBridge delivered it. One that comes again is counted, not written over."""
        faults = faults_of(message)
        metadata = _metadata(message)
        event_id = _key(metadata.get("eventId"), message["id"])
        if faults:
            # What is wrong may quote personal data: it stays in the table.
            logger.warning("event does not fit its contract", event_id=event_id, faults=len(faults))
            count("EventsInvalid", source=message["source"], detailType=message["detail-type"])
            body = json.dumps(message, ensure_ascii=False)
            self._quarantine.put(consumer=NAME, body=body, reason="; ".join(faults))
        now = self._now()
        first = to_item(
            {
                "correlationId": _key(metadata.get("correlationId"), message["id"]),
                "occurredAt": _key(metadata.get("occurredAt"), message["time"]),
                "aggregateId": _key(metadata.get("aggregateId"), event_id),
                "hour": hour_of(now),
                "source": message["source"],
                "detailType": message["detail-type"],
                "detail": json.dumps(message["detail"], ensure_ascii=False),
                "faults": faults,
                "journalledAt": int(now * 1000),
                "expiresAt": int(now) + KEPT_SECONDS,
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
    """Return a key of the table or of an index, which would refuse an empty or a long one, and the event with it."""
    return str(value or otherwise)[:MAX_KEY_LENGTH]


def hour_of(moment: float) -> str:
    """Return the hour of a moment in seconds since the epoch, by which the journal is read in the order of time."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H")


def _metadata(message: dict[str, Any]) -> dict[str, Any]:
    detail = message["detail"]
    metadata = detail.get("metadata") if isinstance(detail, dict) else None
    return metadata if isinstance(metadata, dict) else {}


class JournalSettings(Settings):
    """What the bus stack tells the journal."""

    journal_table: str
    quarantine_table: str


@cache
def _journal() -> Journal:
    settings = JournalSettings.load()
    return Journal(dynamodb(), settings.journal_table, Quarantine(dynamodb(), settings.quarantine_table))


def _journalled(record: dict[str, Any]) -> bool:
    try:
        _journal().record(json.loads(record["body"]))
    except Exception:  # noqa: BLE001 - this message alone comes again
        logger.exception("event not journalled", message_id=record["messageId"])
        return False
    return True


def handler(batch: dict[str, Any], _context: object) -> BatchAnswer:
    """Lambda entry of the journal's queue."""
    return answer_for(batch, _journalled)
