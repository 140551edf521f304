"""Partial batch responses: only the messages of a batch that failed are delivered again."""

from collections.abc import Callable
from typing import Any, TypedDict


class BatchItemFailure(TypedDict):
    """A message of a queue, or the first record of a stream, that has to be delivered again."""

    itemIdentifier: str


class BatchResponse(TypedDict):
    """What a handler with ReportBatchItemFailures returns."""

    batchItemFailures: list[BatchItemFailure]


def partial_batch_response(batch: dict[str, Any], handle: Callable[[dict[str, Any]], bool]) -> BatchResponse:
    """Handle every message of an SQS batch and return which ones failed.

    Parameters:
        batch: the Lambda event of an SQS event source.
        handle: handles one record; returns False where it has to be delivered again.
    """
    failed = [record["messageId"] for record in batch["Records"] if not handle(record)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
