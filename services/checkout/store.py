"""The Checkouts table. Every change of a status is one write on condition of the status before.

Beside the checkouts it has one item for each shopper, ``cart#<userId>``: the checkout that has their cart. It is
written in one transaction with the quote. Whether it keeps others from the cart depends on that checkout's status.

The state machine (``infra/stacks/checkout_workflow.py``) writes to the same items without this module: the quote with
the cart, and the decision for an order. A test compares its writes with those of this module.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import Item, from_item, to_item
from bus.dynamodb_errors import failed_condition_item
from bus.outbox import ATTRIBUTE, outbox
from bus.settings import Settings
from services.checkout.domain import (
    ABANDONED_AFTER_SECONDS,
    LEASED,
    RUN_SECONDS,
    TERMINAL,
    CartHolder,
    Checkout,
    CheckoutOutcome,
    CheckoutStatus,
    Quote,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

RETENTION_SECONDS = 90 * 24 * 3600
"""How long a checkout with a quote is kept. Stripe repeats a webhook for three days; disputes take longer."""

UNQUOTED_RETENTION_SECONDS = 24 * 3600
"""How long a checkout without a quote is kept: it is only a request, with an address."""

COMPENSATING_INDEX = "status-compensatingSince-index"
"""Sparse: has only the checkouts that are to be compensated and are not yet."""

OPEN_INDEX = "open-leaseUntil-index"
"""Sparse: has only the checkouts that have not ended."""
OPEN = "OPEN"
"""Value of ``open``, the key of that index. Its one partition takes 1,000 checkouts a second."""

JSON_ATTRIBUTES = ("request", "quote", "outcome")
"""Attributes that are stored as JSON text, since the state machine writes the quote so."""


class CheckoutSettings(Settings):
    """Environment of the functions that read or write checkouts."""

    checkouts_table: str


class CheckoutStore:
    """Reads and writes checkouts.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Checkouts table, keyed by ``orderId``.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, now: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self.now = now

    def get(self, order_id: str) -> Checkout | None:
        """Return a checkout, None if there is none."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=_key(order_id), ConsistentRead=True)
        item = answer.get("Item", {})
        return self.parse_item(item) if "status" in item else None

    @staticmethod
    def parse_item(item: Mapping[str, Any]) -> Checkout:
        """Return the checkout of an item of the table."""
        values = from_item({name: value for name, value in item.items() if name != ATTRIBUTE})
        documents = {name: json.loads(values[name]) for name in JSON_ATTRIBUTES if name in values}
        return Checkout.model_validate({**values, **documents}, extra="ignore")

    def create(self, checkout: Checkout) -> Checkout | None:
        """Store a new checkout with a lease; return None, or the stored checkout that has this order id already."""
        now = int(self.now())
        leased = checkout.model_copy(update={"lease_until": now + RUN_SECONDS})
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    **_checkout_item(leased),
                    **to_item({"open": OPEN, "expiresAt": now + UNQUOTED_RETENTION_SECONDS}),
                },
                ConditionExpression="attribute_not_exists(orderId)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            return self.parse_item(failed_condition_item(error))
        return None

    def acquire_lease(self, seen: Checkout) -> bool:
        """Take the lease of a run that has not come to its end; return False where another worker was faster.

        A decision stays: only a checkout that waits for the shopper becomes RUNNING again.

        Parameters:
            seen: the checkout as the caller has read it.
        """
        waits = seen.status is CheckoutStatus.REQUIRES_ACTION
        return self._lease(seen, CheckoutStatus.RUNNING if waits else seen.status)

    def release_lease(self, order_id: str) -> None:
        """End the lease on a checkout, so that the next request can continue at once."""
        leased = {f":leased{index}": status for index, status in enumerate(sorted(LEASED))}
        self._update(
            order_id,
            "SET leaseUntil = :now",
            f"#status IN ({', '.join(leased)})",
            {":now": int(self.now()), **leased},
        )

    def decide(
        self, order_id: str, to: CheckoutStatus, sources: Iterable[CheckoutStatus], payment_intent_id: str | None = None
    ) -> bool:
        """Move a checkout to a status, with a lease; return False where its status is none of ``sources``.

        Parameters:
            order_id: the checkout.
            to: the new status.
            sources: the statuses that it may have before.
            payment_intent_id: stored too, unless it is None.
        """
        allowed = {f":from{index}": status for index, status in enumerate(sorted(sources))}
        update, values = self._with_lease(to)
        if payment_intent_id:
            update, values = f"{update}, paymentIntentId = :intent", {**values, ":intent": payment_intent_id}
        return self._update(order_id, update, f"#status IN ({', '.join(allowed)})", {**values, **allowed})

    def supersede(self, seen: Checkout) -> bool:
        """Decide against a checkout whose lease is over; return False where it has changed since.

        Parameters:
            seen: the checkout as the caller has read it.
        """
        return self._lease(seen, CheckoutStatus.COMPENSATING)

    def list_overdue_compensations(self, limit: int) -> list[str]:
        """Return the ids of checkouts that are COMPENSATING for longer than RUN_SECONDS, the oldest first."""
        answer = self._dynamodb.query(
            TableName=self._table,
            IndexName=COMPENSATING_INDEX,
            KeyConditionExpression="#status = :compensating AND compensatingSince <= :before",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=to_item(
                {":compensating": CheckoutStatus.COMPENSATING, ":before": int(self.now()) - RUN_SECONDS}
            ),
            Limit=limit,
        )
        return [from_item(item)["orderId"] for item in answer["Items"]]

    def list_abandoned(self, limit: int) -> list[str]:
        """Return the ids of checkouts that are open for ABANDONED_AFTER_SECONDS without a lease, the oldest first."""
        answer = self._dynamodb.query(
            TableName=self._table,
            IndexName=OPEN_INDEX,
            KeyConditionExpression="#open = :open AND leaseUntil <= :before",
            ExpressionAttributeNames={"#open": "open"},
            ExpressionAttributeValues=to_item({":open": OPEN, ":before": int(self.now()) - ABANDONED_AFTER_SECONDS}),
            Limit=limit,
        )
        return [from_item(item)["orderId"] for item in answer["Items"]]

    def get_cart_holder(self, user_id: str) -> CartHolder | None:
        """Return the checkout that had a shopper's cart last, None where none ever had."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=_cart_key(user_id), ConsistentRead=True)
        if "Item" not in answer:
            return None
        item = from_item(answer["Item"])
        return CartHolder(order_id=item["heldBy"], sequence=item["cartSequence"])

    def claim_cart(self, order_id: str, user_id: str, quote: Quote, over: CartHolder | None) -> bool:
        """Give a shopper's cart to a checkout and store its quote, both or nothing, as the state machine does.

        Parameters:
            order_id: the checkout.
            user_id: the shopper.
            quote: what it is going to buy.
            over: the holder before, which no longer keeps the cart; None where there was none.

        Returns False where another checkout has taken the cart since.
        """
        values: dict[str, object] = {
            ":order": order_id,
            ":sequence": quote.sequence,
            ":expires": int(self.now()) + RETENTION_SECONDS,
        }
        condition = "attribute_not_exists(orderId)"
        if over:
            condition = "heldBy = :over AND cartSequence = :over_sequence"
            values |= {":over": over.order_id, ":over_sequence": over.sequence}
        try:
            self._dynamodb.transact_write_items(
                TransactItems=[
                    {
                        "Update": {
                            "TableName": self._table,
                            "Key": _key(order_id),
                            "UpdateExpression": "SET quote = :quote, expiresAt = :expires",
                            "ConditionExpression": "#status = :running",
                            "ExpressionAttributeNames": {"#status": "status"},
                            "ExpressionAttributeValues": to_item(
                                {
                                    ":quote": quote.model_dump_json(exclude_none=True),
                                    ":running": CheckoutStatus.RUNNING,
                                    ":expires": values[":expires"],
                                }
                            ),
                        }
                    },
                    {
                        "Update": {
                            "TableName": self._table,
                            "Key": _cart_key(user_id),
                            "UpdateExpression": "SET heldBy = :order, cartSequence = :sequence, expiresAt = :expires",
                            "ConditionExpression": condition,
                            "ExpressionAttributeValues": to_item(values),
                        }
                    },
                ]
            )
        except self._dynamodb.exceptions.TransactionCanceledException:
            return False
        return True

    def release_cart(self, user_id: str) -> None:
        """Delete the record of which checkout has a shopper's cart."""
        self._dynamodb.delete_item(TableName=self._table, Key=_cart_key(user_id))

    def delete_unquoted(self, order_id: str) -> None:
        """Delete a checkout without a quote, so that nothing was reserved or charged; does nothing to any other."""
        try:
            self._dynamodb.delete_item(
                TableName=self._table,
                Key=_key(order_id),
                ConditionExpression="#status = :running AND attribute_not_exists(quote)",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=to_item({":running": CheckoutStatus.RUNNING}),
            )
        except ClientError as error:
            failed_condition_item(error)

    def finish(self, seen: Checkout, outcome: CheckoutOutcome, *, answered: bool = True) -> bool:
        """Store the end of a run with its events; return False where the status has changed since.

        A checkout that has ended loses its request, as nothing needs the address any more.

        Parameters:
            seen: the checkout as the caller has read it.
            outcome: how the run ended.
            answered: whether a request of the shopper gets this outcome as its answer.
        """
        sequence = seen.sequence + 1
        events = seen.events_for(outcome, answered=answered)
        ended = outcome.status in TERMINAL
        return self._update(
            seen.order_id,
            "SET #status = :to, outcome = :outcome, #sequence = :sequence"
            + (f", {ATTRIBUTE} = :outbox" if events else "")
            + (" REMOVE #request, #open, compensatingSince" if ended else ""),
            "#status = :seen",
            {
                ":to": outcome.status,
                ":seen": seen.status,
                ":outcome": outcome.model_dump_json(exclude_none=True),
                ":sequence": sequence,
            },
            names={"#sequence": "sequence", **({"#request": "request", "#open": "open"} if ended else {})},
            attributes={":outbox": outbox(*events, sequence=sequence)} if events else {},
        )

    def _lease(self, seen: Checkout, to: CheckoutStatus) -> bool:
        update, values = self._with_lease(to)
        return self._update(
            seen.order_id,
            update,
            "#status = :seen AND leaseUntil = :lease",
            {**values, ":seen": seen.status, ":lease": seen.lease_until},
        )

    def _with_lease(self, to: CheckoutStatus) -> tuple[str, dict[str, object]]:
        """Return the update expression of a status with a lease from now on, and its values."""
        now = int(self.now())
        update = "SET #status = :to, leaseUntil = :until"
        values: dict[str, object] = {":to": to, ":until": now + RUN_SECONDS}
        if to is CheckoutStatus.COMPENSATING:
            return f"{update}, compensatingSince = :now", {**values, ":now": now}
        return update, values

    def _update(
        self,
        order_id: str,
        update: str,
        condition: str,
        values: dict[str, object],
        names: dict[str, str] | None = None,
        attributes: Item | None = None,
    ) -> bool:
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(order_id),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeNames={"#status": "status", **(names or {})},
                ExpressionAttributeValues={**to_item(values), **(attributes or {})},
            )
        except ClientError as error:
            failed_condition_item(error)
            return False
        return True


def _key(order_id: str) -> Item:
    return to_item({"orderId": order_id})


def _cart_key(user_id: str) -> Item:
    return _key(f"cart#{user_id}")


def _checkout_item(checkout: Checkout) -> Item:
    values = checkout.model_dump(mode="json", exclude_none=True)
    return to_item({name: json.dumps(value) if name in JSON_ATTRIBUTES else value for name, value in values.items()})
