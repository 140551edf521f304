"""The Payments table. Every update is conditional on the sequence that it was derived from."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import Item, from_item, to_attribute, to_item
from bus.dynamodb_errors import failed_condition_item
from bus.optimistic_locking import DEFAULT_RETRY, ConflictError, RetryPolicy, retry_on_conflict
from bus.outbox import ATTRIBUTE, envelope_for, outbox_attribute
from schemas.event import Envelope, Event
from services.payment.domain import Payment, PaymentChange, PaymentStatus

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

DUE_INDEX = "status-refundDueAt-index"
"""Sparse: only payments with an unsettled refund have ``refundDueAt``, and only succeeded ones have refunds."""


class PaymentStore:
    """Reads and writes payments.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Payments table, keyed by ``orderId``.
        retry: how long an update that meets a conflict is retried.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, retry: RetryPolicy = DEFAULT_RETRY) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._retry = retry

    def get(self, order_id: str) -> Payment | None:
        """Return the payment of an order, None if there is none."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=to_item({"orderId": order_id}), ConsistentRead=True)
        return _from_item(answer["Item"]) if "Item" in answer else None

    def list_due_refunds(self, now: int, limit: int) -> list[str]:
        """Return the orders with a refund that is to be tried again, the longest due first. The index lags a little.

        Parameters:
            now: seconds since the epoch.
            limit: how many to return at most.
        """
        answer = self._dynamodb.query(
            TableName=self._table,
            IndexName=DUE_INDEX,
            KeyConditionExpression="#status = :succeeded AND refundDueAt <= :now",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=to_item({":succeeded": PaymentStatus.SUCCEEDED, ":now": now}),
            Limit=limit,
        )
        return [str(from_item(item)["orderId"]) for item in answer["Items"]]

    def get_or_create(self, payment: Payment) -> Payment:
        """Store a new payment and return it; return the stored one where the order has one already."""
        return self._write(None, payment, []) or payment

    def update(self, payment: Payment, rule: Callable[[Payment], PaymentChange | None]) -> Payment:
        """Store the change that a rule makes, with its events; return the payment after it.

        Parameters:
            payment: as the caller has read it.
            rule: returns the change, or None where there is nothing to change. After a conflict it is applied again,
                to the payment as it is then.

        Raises what the rule raises, RetriesExhaustedError, and LookupError where an event is raised outside of any
        context.
        """

        def attempt() -> Payment:
            nonlocal payment
            change = rule(payment)
            if change is None:
                return payment
            after = change.after
            events = [event for event in (change.earlier_version, change.event) if event]
            envelopes = [envelope_for(event, after.sequence) for event in events]
            for envelope in envelopes:
                after = after.with_event_id_of(envelope)
            if stored := self._write(payment, after, envelopes):
                payment = stored
                raise ConflictError(payment.order_id)
            return after

        return retry_on_conflict(attempt, self._retry)

    def _write(self, before: Payment | None, after: Payment, envelopes: list[Envelope[Event]]) -> Payment | None:
        """Write a payment; return None, or the stored payment that the write conflicts with."""
        values = _attributes(after)
        removed = sorted(_attributes(before).keys() - values.keys()) if before else []
        if envelopes:
            values[ATTRIBUTE] = outbox_attribute(*envelopes)
        condition = "#sequence = :seen" if before else "attribute_not_exists(orderId)"
        seen = {":seen": to_attribute(before.sequence)} if before else {}
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"orderId": after.order_id}),
                UpdateExpression="SET "
                + ", ".join(f"#{name} = :{name}" for name in values)
                + (" REMOVE " + ", ".join(f"#{name}" for name in removed) if removed else ""),
                ConditionExpression=condition,
                ExpressionAttributeNames={f"#{name}": name for name in (*values, *removed)},
                ExpressionAttributeValues={**{f":{name}": value for name, value in values.items()}, **seen},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            return _from_item(failed_condition_item(error))
        return None


def _attributes(payment: Payment) -> Item:
    return to_item(payment.model_dump(mode="json", exclude_none=True, exclude={"order_id"}))


def _from_item(item: Mapping[str, Any]) -> Payment:
    values = from_item({name: value for name, value in item.items() if name != ATTRIBUTE})
    return Payment.model_validate(values, extra="ignore")
