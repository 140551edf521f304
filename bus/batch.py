"""Partial batch failures: the messages of a batch that failed, and only those, come again."""

from collections.abc import Callable
from typing import Any, TypedDict


class BatchItemFailure(TypedDict):
    """A message, or the first record of a stream, that has to be delivered again."""

    itemIdentifier: str


class BatchAnswer(TypedDict):
    """What a handler with ReportBatchItemFailures returns."""

    batchItemFailures: list[BatchItemFailure]


def answer_for(batch: dict[str, Any], handled: Callable[[dict[str, Any]], bool]) -> BatchAnswer:
    """Hand every message of an SQS batch to ``handled``; name those for which it returns False."""
    failed = [record["messageId"] for record in batch["Records"] if not handled(record)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
