"""DynamoDB's errors of conditional writes: which ones are conflicts, and what the item was."""

from typing import Any

from botocore.exceptions import ClientError

_OF_ONE_WRITE = frozenset(
    {"ConditionalCheckFailedException", "TransactionConflictException", "TransactionInProgressException"}
)
_OF_A_TRANSACTION = frozenset(
    {"None", "ConditionalCheckFailed", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
)


def failed_condition_item(error: ClientError) -> dict[str, Any]:
    """Return the item for which a condition failed; empty unless the write requested ``ALL_OLD``.

    Parameters:
        error: what the write raised.

    Raises the error itself where it is not a failed condition.
    """
    if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
        raise error
    item: dict[str, Any] = error.response.get("Item", {})  # type: ignore[assignment]
    return item


def cancellation_reasons(error: ClientError) -> list[dict[str, Any]]:
    """Return why a write was cancelled that may succeed when it is decided again.

    A transaction has one reason for each of its writes, in their order: ``Code`` is the text ``None`` for a write that
    did not fail, and ``Item`` is there where the write requested ``ALL_OLD``.

    Parameters:
        error: what the write raised.

    Raises the error itself where it is not a conflict.
    """
    code = error.response["Error"]["Code"]
    if code in _OF_ONE_WRITE:
        return [{"Code": code.removesuffix("Exception")}]
    reasons: list[dict[str, Any]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    if reasons and all(reason.get("Code", "None") in _OF_A_TRANSACTION for reason in reasons):
        return reasons
    raise error
