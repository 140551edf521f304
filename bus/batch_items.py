"""Reads and deletes of many DynamoDB items, in calls within the limits, until every item was processed.

Limits of 100 keys for a read and 25 for a write; source: the API reference of BatchGetItem and BatchWriteItem.
"""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from bus.attribute_values import Item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

T = TypeVar("T")

MAX_READS = 100
"""Keys a BatchGetItem call takes."""
MAX_WRITES = 25
"""Requests a BatchWriteItem call takes."""
SHORTEST_PAUSE = 0.05
LONGEST_PAUSE = 1.0


def batch_get(
    dynamodb: "DynamoDBClient", table: str, keys: Iterable[Mapping[str, object]], **options: Any
) -> Iterator[Item]:
    """Yield the items of the keys that exist, in no order.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the table.
        keys: plain values of the keys, each once; any number of them.
        options: further members of the table's request, such as ``ConsistentRead=True``.

    Raises botocore.exceptions.ClientError where a call fails.
    """
    for chunk in _chunks(map(to_item, keys), MAX_READS):
        for _, item in batch_get_tables(dynamodb, {table: {**options, "Keys": chunk}}):
            yield item


def batch_get_tables(
    dynamodb: "DynamoDBClient", requests: Mapping[str, Mapping[str, Any]], pause: Callable[[float], None] = time.sleep
) -> Iterator[tuple[str, Item]]:
    """Yield the items of one BatchGetItem over several tables, each with the name of its table.

    Parameters:
        dynamodb: the DynamoDB client.
        requests: the request of each table, at most ``MAX_READS`` keys in all.
        pause: waits that many seconds before unprocessed keys are requested again; replaced in tests.

    Raises botocore.exceptions.ClientError where a call fails.
    """
    remaining: Mapping[str, Any] = requests
    attempt = 0
    while remaining:
        if attempt:
            pause(_backoff(attempt))
        # A response holds at least one of the items, or it is an error: this ends.
        response: Any = dynamodb.batch_get_item(RequestItems=remaining)
        for table, items in response["Responses"].items():
            yield from ((table, item) for item in items)
        remaining = response.get("UnprocessedKeys", {})
        attempt += 1


def batch_delete(
    dynamodb: "DynamoDBClient",
    table: str,
    keys: Iterable[Mapping[str, Any]],
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """Delete the items of the keys; a key without an item is ignored.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the table.
        keys: the keys as DynamoDB returned them, each once; any number of them.
        pause: waits that many seconds before unprocessed requests are sent again; replaced in tests.

    Raises botocore.exceptions.ClientError where a call fails.
    """
    for chunk in _chunks(keys, MAX_WRITES):
        remaining: Any = {table: [{"DeleteRequest": {"Key": key}} for key in chunk]}
        attempt = 0
        while remaining:
            if attempt:
                pause(_backoff(attempt))
            remaining = dynamodb.batch_write_item(RequestItems=remaining).get("UnprocessedItems", {})
            attempt += 1


def _chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _backoff(attempt: int) -> float:
    # DynamoDB asks for an exponential pause before what it left unprocessed is sent again.
    return random.uniform(0, min(LONGEST_PAUSE, SHORTEST_PAUSE * 2**attempt))  # noqa: S311
