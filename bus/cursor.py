"""Opaque cursors of lists: the key at which a page ended, encode_cursor for a URL."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from bus.attribute_values import Item, from_item, to_item

MAX_BYTES = 1024
"""Bytes of a string in a key: DynamoDB's limit of a sort key; a partition key may have twice that."""
MAX_INTEGER = 10**38 - 1
"""DynamoDB's numbers have 38 digits."""


class InvalidCursorError(ValueError):
    """A text that is not a cursor of this list."""


def encode_cursor(key: Mapping[str, Any]) -> str:
    """Return the cursor of a ``LastEvaluatedKey``."""
    return base64.urlsafe_b64encode(json.dumps(from_item(key)).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, **kinds: type) -> Item:
    """Return the key of a cursor.

    Parameters:
        cursor: a text from outside, which ``encode_cursor`` may have made.
        kinds: the names that the key must have, and the type of each.

    Raises InvalidCursorError for any other text.
    """
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise InvalidCursorError(cursor) from error
    if not isinstance(values, dict) or values.keys() != kinds.keys():
        raise InvalidCursorError(cursor)
    if not all(type(values[name]) is kind and _can_be_key(values[name]) for name, kind in kinds.items()):
        raise InvalidCursorError(cursor)
    return to_item(values)


def _can_be_key(value: str | int) -> bool:
    """Return whether DynamoDB takes a value in a key: what it refuses is the client's mistake, not a fault."""
    if isinstance(value, int):
        return abs(value) <= MAX_INTEGER
    try:
        return 0 < len(value.encode()) <= MAX_BYTES
    except UnicodeEncodeError:  # JSON can spell half of a surrogate pair
        return False
