"""Opaque cursors of lists: the key at which a page ended, in a form that a URL carries."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from bus.items import Item, from_item, to_item


class InvalidCursorError(ValueError):
    """A cursor that no list of ours has given out."""


def encoded(key: Mapping[str, Any]) -> str:
    """Return the cursor of a ``LastEvaluatedKey``."""
    return base64.urlsafe_b64encode(json.dumps(from_item(key)).encode()).decode().rstrip("=")


def decoded(cursor: str, **kinds: type) -> Item:
    """Return the key of a cursor.

    Parameters:
        cursor: as ``encoded`` made it.
        kinds: the names that the key must have, and the type of each.

    Raises InvalidCursorError for anything else: it came from outside.
    """
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise InvalidCursorError(cursor) from error
    if not isinstance(values, dict) or values.keys() != kinds.keys():
        raise InvalidCursorError(cursor)
    if not all(type(values[name]) is kind for name, kind in kinds.items()):
        raise InvalidCursorError(cursor)
    return to_item(values)
