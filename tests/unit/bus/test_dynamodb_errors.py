"""What DynamoDB answers to a write that lost is told from what it answers to one that is wrong."""

import pytest
from botocore.exceptions import ClientError

from bus.dynamodb_errors import cancellation_reasons


def cancelled(*codes: str) -> ClientError:
    reasons = [{"Code": code} for code in codes]
    answer = {"Error": {"Code": "TransactionCanceledException", "Message": ""}, "CancellationReasons": reasons}
    return ClientError(answer, "TransactWriteItems")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "codes",
    [
        ("None", "ConditionalCheckFailed"),
        ("TransactionConflict", "None"),
        ("ThrottlingError", "ConditionalCheckFailed"),
    ],
)
def test_a_transaction_that_met_another_is_told_write_by_write(codes: tuple[str, ...]) -> None:
    assert [refusal["Code"] for refusal in cancellation_reasons(cancelled(*codes))] == list(codes)


@pytest.mark.parametrize("code", ["ConditionalCheckFailed", "TransactionConflict"])
def test_a_single_write_that_met_another_is_one_refusal(code: str) -> None:
    error = ClientError({"Error": {"Code": f"{code}Exception", "Message": ""}}, "UpdateItem")

    assert cancellation_reasons(error) == [{"Code": code}]


@pytest.mark.parametrize(
    "error",
    [
        cancelled("ValidationError", "None"),
        cancelled("TransactionConflict", "ItemCollectionSizeLimitExceeded"),
        cancelled(),
        ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "UpdateItem"),
    ],
)
def test_a_fault_is_no_refusal(error: ClientError) -> None:
    with pytest.raises(ClientError) as raised:
        cancellation_reasons(error)

    assert raised.value is error
