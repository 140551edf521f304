"""What DynamoDB says when the condition of a write does not hold, or another write was in its way."""

from typing import Any

from botocore.exceptions import ClientError

_OF_ONE_WRITE = frozenset(
    {"ConditionalCheckFailedException", "TransactionConflictException", "TransactionInProgressException"}
)
_OF_A_TRANSACTION = frozenset(
    {"None", "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
)


def refused_item(error: ClientError) -> dict[str, Any]:
    """Return the item that made a condition fail; empty unless the write asked for ``ALL_OLD``.

    Raises the error itself where it is any other one.
    """
    if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
        raise error
    item: dict[str, Any] = error.response.get("Item", {})  # type: ignore[assignment]
    return item


def refusals(error: ClientError) -> list[dict[str, Any]]:
    """Return why a write was refused that is worth another attempt, on what is there by then.

    For a transaction it is a reason for each of its writes, in their order: ``Code`` is ``None`` for
    one that was not refused, and ``Item`` is there where the write asked for ``ALL_OLD``.

    Raises the error itself where it is a fault.
    """
    code = error.response["Error"]["Code"]
    if code in _OF_ONE_WRITE:
        return [{"Code": code.removesuffix("Exception")}]
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    if reasons and all(reason.get("Code", "None") in _OF_A_TRANSACTION for reason in reasons):
        return reasons
    raise error
