"""The Checkouts table. Every change of a status is one conditional write that names the status before.

Beside the checkouts it has one item a shopper, ``cart#<userId>``: which checkout has their cart. It is written in
one transaction with the quote, and says nothing by itself: what it means is judged by that checkout.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import Item, from_item, to_attribute, to_item
from bus.dynamodb_errors import failed_condition_item
from bus.outbox import ATTRIBUTE, outbox
from bus.settings import Settings
from services.checkout.domain import AT_WORK, ENDED, RUN_SECONDS, CartHolder, Checkout, Outcome, Quote, Status

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

KEPT_SECONDS = 90 * 24 * 3600
"""Stripe repeats a webhook for three days; disputes and questions come for longer."""

UNQUOTED_SECONDS = 24 * 3600
"""A checkout that never came to a quote is nothing but a request, with an address in it."""

OWED_INDEX = "status-compensatingSince-index"
"""Has the checkouts alone whose money is to go back and has not yet."""

DOCUMENTS = ("request", "quote", "outcome")
"""Attributes that are kept as JSON text: the state machine writes one of them."""


class CheckoutSettings(Settings):
    """What the stack tells the functions of checkout."""

    checkouts_table: str


class CheckoutStore:
    """Reads and moves checkouts.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Checkouts table, keyed by ``orderId``.
        now: the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, now: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self.now = now

    def get(self, order_id: str) -> Checkout | None:
        """Return a checkout, or None."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=_key(order_id), ConsistentRead=True)
        item = answer.get("Item", {})
        return self.read(item) if "status" in item else None

    @staticmethod
    def read(item: Mapping[str, Any]) -> Checkout:
        """Return the checkout that an item of the table is."""
        values = from_item({name: value for name, value in item.items() if name != ATTRIBUTE})
        documents = {name: json.loads(values[name]) for name in DOCUMENTS if name in values}
        return Checkout.model_validate({**values, **documents}, extra="ignore")

    def begin(self, checkout: Checkout) -> Checkout | None:
        """Put a new checkout; return None, or the one that has this order id already."""
        now = int(self.now())
        fresh = checkout.model_copy(update={"lease_until": now + RUN_SECONDS})
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item={**_written(fresh), "expiresAt": to_attribute(now + UNQUOTED_SECONDS)},
                ConditionExpression="attribute_not_exists(orderId)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            return self.read(failed_condition_item(error))
        return None

    def take_over(self, seen: Checkout) -> bool:
        """Take the lease of a run that has not come to its end; False where somebody was faster.

        What is decided stays decided: only a checkout that waits for the shopper runs again.
        """
        to = Status.RUNNING if seen.status is Status.REQUIRES_ACTION else seen.status
        return self._taken(seen, to)

    def give_up_lease(self, order_id: str) -> None:
        """Let the next request go on with it at once: who was at work has ended with a fault."""
        at_work = {f":at_work{index}": status for index, status in enumerate(sorted(AT_WORK))}
        self._moved(
            order_id,
            "SET leaseUntil = :zero",
            f"#status IN ({', '.join(at_work)})",
            {":zero": 0, **at_work},
        )

    def decide(
        self, order_id: str, to: Status, sources: Iterable[Status], payment_intent_id: str | None = None
    ) -> bool:
        """Decide: move the checkout to a status from any of ``sources``; False where it is in none of them.

        Who has decided is at work for as long as a run may last.
        """
        allowed = {f":from{index}": status for index, status in enumerate(sorted(sources))}
        update, values = self._at_work(to)
        if payment_intent_id:
            update, values = f"{update}, paymentIntentId = :intent", {**values, ":intent": payment_intent_id}
        return self._moved(order_id, update, f"#status IN ({', '.join(allowed)})", {**values, **allowed})

    def supersede(self, seen: Checkout) -> bool:
        """Decide against a checkout that nobody is at work on; False where somebody is by now."""
        return self._taken(seen, Status.COMPENSATING)

    def owed(self, limit: int) -> list[str]:
        """Return the ids of checkouts that are COMPENSATING for longer than a run may last, the oldest first."""
        answer = self._dynamodb.query(
            TableName=self._table,
            IndexName=OWED_INDEX,
            KeyConditionExpression="#status = :compensating AND compensatingSince <= :before",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=to_item(
                {":compensating": Status.COMPENSATING, ":before": int(self.now()) - RUN_SECONDS}
            ),
            Limit=limit,
        )
        return [from_item(item)["orderId"] for item in answer["Items"]]

    def holder_of(self, user_id: str) -> CartHolder | None:
        """Return which checkout had a shopper's cart last, None where none ever had."""
        answer = self._dynamodb.get_item(TableName=self._table, Key=_cart_key(user_id), ConsistentRead=True)
        if "Item" not in answer:
            return None
        item = from_item(answer["Item"])
        return CartHolder(order_id=item["heldBy"], sequence=item["cartSequence"])

    def claim_cart(self, order_id: str, user_id: str, quote: Quote, over: CartHolder | None) -> bool:
        """Give a shopper's cart to a checkout, and quote it: both or nothing, as the state machine does.

        Parameters:
            order_id: the checkout.
            user_id: whose cart.
            quote: what it is going to buy.
            over: who had the cart and does not matter any more.

        Returns False where another checkout has taken it since.
        """
        values: dict[str, object] = {
            ":order": order_id,
            ":sequence": quote.sequence,
            ":expires": int(self.now()) + KEPT_SECONDS,
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
                                    ":running": Status.RUNNING,
                                    ":expires": values[":expires"],
                                }
                            ),
                        }
                    },
                    {
                        "Update": {
                            "TableName": self._table,
                            "Key": _cart_key(user_id),
                            "UpdateExpression": ("SET heldBy = :order, cartSequence = :sequence, expiresAt = :expires"),
                            "ConditionExpression": condition,
                            "ExpressionAttributeValues": to_item(values),
                        }
                    },
                ]
            )
        except self._dynamodb.exceptions.TransactionCanceledException:
            return False
        return True

    def forget_cart(self, user_id: str) -> None:
        """Forget who had a shopper's cart."""
        self._dynamodb.delete_item(TableName=self._table, Key=_cart_key(user_id))

    def withdraw(self, order_id: str) -> None:
        """Forget a checkout of which nothing has come: nothing was quoted, reserved or charged."""
        try:
            self._dynamodb.delete_item(
                TableName=self._table,
                Key=_key(order_id),
                ConditionExpression="#status = :running AND attribute_not_exists(quote)",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=to_item({":running": Status.RUNNING}),
            )
        except ClientError as error:
            failed_condition_item(error)

    def finish(self, seen: Checkout, outcome: Outcome) -> bool:
        """Write the end of a run, with the events that it raises; False where the status is another by now.

        A checkout that has ended forgets its request: nobody needs the address any more.
        """
        sequence = seen.sequence + 1
        events = seen.events_of(outcome)
        over = outcome.status in ENDED
        return self._moved(
            seen.order_id,
            "SET #status = :to, outcome = :outcome, #sequence = :sequence"
            + (f", {ATTRIBUTE} = :outbox" if events else "")
            + (" REMOVE #request, compensatingSince" if over else ""),
            "#status = :seen",
            {
                ":to": outcome.status,
                ":seen": seen.status,
                ":outcome": outcome.model_dump_json(exclude_none=True),
                ":sequence": sequence,
            },
            names={"#sequence": "sequence", **({"#request": "request"} if over else {})},
            attributes={":outbox": outbox(*events, sequence=sequence)} if events else {},
        )

    def _taken(self, seen: Checkout, to: Status) -> bool:
        update, values = self._at_work(to)
        return self._moved(
            seen.order_id,
            update,
            "#status = :seen AND leaseUntil = :lease",
            {**values, ":seen": seen.status, ":lease": seen.lease_until},
        )

    def _at_work(self, to: Status) -> tuple[str, dict[str, object]]:
        """Return how a status is written by somebody who is at work from now on."""
        now = int(self.now())
        update = "SET #status = :to, leaseUntil = :until"
        values: dict[str, object] = {":to": to, ":until": now + RUN_SECONDS}
        if to is Status.COMPENSATING:
            return f"{update}, compensatingSince = :now", {**values, ":now": now}
        return update, values

    def _moved(
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


def _written(checkout: Checkout) -> Item:
    values = checkout.model_dump(mode="json", exclude_none=True)
    return to_item({name: json.dumps(value) if name in DOCUMENTS else value for name, value in values.items()})
