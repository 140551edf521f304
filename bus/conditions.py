"""What a conditional write of DynamoDB says when its condition does not hold."""

from typing import Any

from botocore.exceptions import ClientError


def refused_item(error: ClientError) -> dict[str, Any]:
    """Return the item that made a condition fail; empty unless the write asked for ``ALL_OLD``.

    Raises the error itself where it is any other one.
    """
    if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
        raise error
    item: dict[str, Any] = error.response.get("Item", {})  # type: ignore[assignment]
    return item
