"""The Payments table. Every change names the sequence that it was derived from."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_attribute, to_item
from bus.dynamodb_errors import failed_condition_item
from bus.optimistic_locking import DEFAULT_RETRY, ConflictError, RetryPolicy, retry_on_conflict
from bus.outbox import ATTRIBUTE, envelope_for, outbox_attribute
from schemas.event import Envelope, Event
from services.payment.domain import Change, Payment

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


class PaymentStore:
    """Reads and writes payments.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Payments table, keyed by ``orderId``.
        retry: how long a change that meets a conflict is retried.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, retry: RetryPolicy = DEFAULT_RETRY) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._retry = retry

    def get(self, order_id: str) -> Payment | None:
        """Return the payment of an order, or None."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=to_item({"orderId": order_id}), ConsistentRead=True)
        return _read(answer["Item"]) if "Item" in answer else None

    def open(self, payment: Payment) -> Payment:
        """Put a new payment; return it, or the one that the order has already."""
        return self._conflicting(None, payment, None) or payment

    def change(self, payment: Payment, rule: Callable[[Payment], Change | None]) -> Payment:
        """Apply a rule to a payment and write what follows with its event; return the payment after it.

        Where somebody else changed the payment meanwhile, the rule is applied to it as it is now. A
        rule returns None where there is nothing left to do.

        Raises what the rule raises, ContendedError, and LookupError where an event is raised outside of
        any context.
        """

        def attempt() -> Payment:
            nonlocal payment
            change = rule(payment)
            if change is None:
                return payment
            after, envelope = change.after, None
            if change.event:
                envelope = envelope_for(change.event, after.sequence)
                after = after.remembering(envelope)
            if conflicting := self._conflicting(payment, after, envelope):
                payment = conflicting
                raise ConflictError(payment.order_id)
            return after

        return retry_on_conflict(attempt, self._retry)

    def _conflicting(self, before: Payment | None, after: Payment, envelope: Envelope[Event] | None) -> Payment | None:
        written = after.model_dump(mode="json", exclude_none=True, exclude={"order_id"})
        values = to_item(written)
        if envelope:
            values[ATTRIBUTE] = outbox_attribute(envelope)
        condition = "#sequence = :seen" if before else "attribute_not_exists(orderId)"
        seen = {":seen": to_attribute(before.sequence)} if before else {}
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"orderId": after.order_id}),
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
                ConditionExpression=condition,
                ExpressionAttributeNames={f"#{name}": name for name in values},
                ExpressionAttributeValues={**{f":{name}": value for name, value in values.items()}, **seen},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            return _read(failed_condition_item(error))
        return None


def _read(item: Mapping[str, Any]) -> Payment:
    values = from_item({name: value for name, value in item.items() if name != ATTRIBUTE})
    return Payment.model_validate(values, extra="ignore")
