"""The tables of a stage, whose items become an audit's records."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from pydantic import ValidationError

from audit.difference import Difference
from audit.records import Checkout, Order, Payment, Record, Reservation, SentMail, Stock
from bus.attribute_values import Item, from_item, to_item
from bus.batch_items import batch_get
from bus.concurrent_calls import map_concurrently

R = TypeVar("R", bound=Record)
MAIL_PREFIX = "email#"
"""Of the ids in the send log, which the event's id follows."""


class AuditTables:
    """The tables of a stage. An item that cannot be read is a difference, and is left out.

    Parameters:
        dynamodb: the DynamoDB client.
        prefix: of the tables' names, such as ``ecom67-dev-``.
    """

    def __init__(self, dynamodb: Any, prefix: str) -> None:
        self._dynamodb = dynamodb
        self._prefix = prefix
        self.unreadable: list[Difference] = []

    def payments(self, ids: Iterable[str] | None = None) -> list[Payment]:
        """Return payments: those of some orders, or all."""
        return self._read("Payments", "orderId", ids, Payment.model_validate)

    def checkouts(self, ids: Iterable[str] | None = None) -> list[Checkout]:
        """Return checkouts by order id, or all."""
        return self._read("Checkouts", "orderId", ids, _checkout)

    def reservations(self, ids: Iterable[str] | None = None) -> list[Reservation]:
        """Return reservations, or all."""
        return self._read("Reservations", "reservationId", ids, Reservation.model_validate)

    def stocks(self, ids: Iterable[str] | None = None) -> list[Stock]:
        """Return the stocks of products, or all."""
        return self._read("Stock", "productId", ids, Stock.model_validate)

    def orders(self, ids: Iterable[str] | None = None) -> list[Order]:
        """Return orders, or all."""
        if ids is None:
            return self._read("Orders", "orderId", None, Order.model_validate)

        def items(order_id: str) -> list[dict[str, Any]]:
            answer = self._dynamodb.query(
                TableName=f"{self._prefix}Orders",
                KeyConditionExpression="orderId = :id",
                ExpressionAttributeValues=to_item({":id": order_id}),
                ConsistentRead=True,
            )
            return [from_item(item) for item in answer["Items"]]

        found = (item for some in map_concurrently(items, sorted(set(ids))) for item in some)
        return list(self._records(found, "Orders", "orderId", Order.model_validate))

    def mails(self, event_ids: Iterable[str] | None = None) -> list[SentMail]:
        """Return the entries of the send log about some events, or all."""
        ids = None if event_ids is None else [f"{MAIL_PREFIX}{event_id}" for event_id in event_ids]
        return self._read("SendLog", "inboxId", ids, _mail)

    def _read(self, table: str, key: str, ids: Iterable[str] | None, parse: Callable[[dict[str, Any]], R]) -> list[R]:
        name = f"{self._prefix}{table}"
        if ids is None:
            pages = self._dynamodb.get_paginator("scan").paginate(TableName=name, ConsistentRead=True)
            items: Iterator[Item] = (item for page in pages for item in page["Items"])
        else:
            keys = ({key: value} for value in sorted(set(ids)))
            items = batch_get(self._dynamodb, name, keys, ConsistentRead=True)
        return list(self._records(map(from_item, items), table, key, parse))

    def _records(
        self, items: Iterable[dict[str, Any]], table: str, key: str, parse: Callable[[dict[str, Any]], R]
    ) -> Iterator[R]:
        for item in items:
            # Orders and Checkouts also hold placeholders, tombstones and who has a cart: they have no status.
            if table in ("Orders", "Checkouts") and "status" not in item:
                continue
            try:
                yield parse(item)
            except (ValidationError, ValueError) as error:
                problem = f"{type(error).__name__} in {_places(error)}" if isinstance(error, ValidationError) else error
                self.unreadable.append(
                    Difference("UNREADABLE", f"{table} {item[key]}: the item cannot be read ({problem}).")
                )


def _places(error: ValidationError) -> str:
    """Return the fields that are wrong, without their values, which may be personal data."""
    return ", ".join(".".join(map(str, found["loc"])) for found in error.errors())


def _checkout(item: dict[str, Any]) -> Checkout:
    return Checkout.model_validate({**item, "quote": json.loads(item["quote"])} if "quote" in item else item)


def _mail(item: dict[str, Any]) -> SentMail:
    return SentMail.model_validate({**item, "eventId": item["inboxId"].removeprefix(MAIL_PREFIX)})
