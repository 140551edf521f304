"""The table OrderSearch: by which texts, and at which moment, staff finds an order.

An entry is written with its order, in one transaction, and never changes; erasure deletes those that are personal. Its
partition is the beginning of its text, so that the beginning of a name, an e-mail address or an order number finds it,
the newest first among equal texts. One more entry an order, in the partition ``placed``, lists all of them by time.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bus.attribute_values import from_item, to_attribute, to_item
from bus.batch_items import batch_get
from bus.cursor import InvalidCursorError, decode_cursor, encode_cursor
from bus.settings import Settings
from schemas.order_number import order_number, typed_order_number
from services.orders.domain import Order

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import QueryInputTypeDef, TransactWriteItemTypeDef

PLACED = "placed"
"""Partition of the entries that list all orders. DynamoDB writes 1,000 entries a second to one partition."""
BUCKET_SIGNS = 2
"""Signs of a text that are its partition."""
MAX_SIGNS = 128
"""Signs of a text that are stored: a sort key has room for 1,024 bytes."""
MAX_WORDS = 12
"""Words of a name that find an order: a transaction has room for 100 writes."""
LAST_SIGN = "\U0010ffff"
"""It sorts behind every other sign, in UTF-8 as well, by which DynamoDB compares."""
END_OF_TIME_MS = 10**13 - 1
"""The largest moment of thirteen digits, so that moments sort as texts."""


class OrderSearchSettings(Settings):
    """Environment of the functions that write or read the entries."""

    order_search_table: str


@dataclass(frozen=True, slots=True)
class OrderKey:
    """The key of an order.

    Attributes:
        order_id: the order.
        user_id: its shopper.
    """

    order_id: str
    user_id: str


@dataclass(frozen=True, slots=True)
class KeyPage:
    """A page of keys, the newest order first among equal texts.

    Attributes:
        entries: the key of each order, and the cursor behind it. An order that two of its words find is there twice,
            also on two pages: the one of ``first_cursor`` is its first.
        next_cursor: of the next page.
    """

    entries: list[tuple[OrderKey, str]]
    next_cursor: str | None


class OrderSearch:
    """The entries by which staff finds orders.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the table, keyed by ``bucket`` and ``entry``.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def puts(self, order: Order) -> "list[TransactWriteItemTypeDef]":
        """Return the writes of all entries of an order, for the transaction that stores it."""
        at = _moment(order)
        keys = [_listing_key(order), *(_text_key(text, at, order.order_id) for text in sorted(_texts(order)))]
        found = {"orderId": order.order_id, "userId": order.user_id}
        return [{"Put": {"TableName": self._table, "Item": to_item({**key, **found})}} for key in keys]

    def unlisted(self, orders: Sequence[Order]) -> list[Order]:
        """Return those of some orders that have no entries: they were placed before there were any.

        Parameters:
            orders: a hundred of them are one read.
        """
        # An order's entries are written together, so one of them tells of all.
        found = batch_get(self._dynamodb, self._table, map(_listing_key, orders), ConsistentRead=True)
        listed = {item["orderId"]["S"] for item in found}
        return [order for order in orders if order.order_id not in listed]

    def personal_deletes(self, order: Order) -> "list[TransactWriteItemTypeDef]":
        """Return the deletes of the entries by which its shopper is found, for the transaction that erases them.

        Parameters:
            order: with its address and e-mail address.
        """
        keys = [_text_key(text, _moment(order), order.order_id) for text in _personal_texts(order)]
        return [{"Delete": {"TableName": self._table, "Key": to_item(key)}} for key in keys]

    def list_placed(self, from_ms: int, to_ms: int, limit: int, cursor: str | None) -> KeyPage:
        """Return a page of the orders that were placed in a period, the newest first.

        Parameters:
            from_ms: its first millisecond since the epoch.
            to_ms: its last one.
            limit: how many at most.
            cursor: of the page; None for the first one.

        Raises InvalidCursorError.
        """
        return self._query(
            PLACED,
            # "$" is the sign that follows the separator, so behind every order of the last millisecond.
            (f"{from_ms:013d}", f"{to_ms:013d}$"),
            limit,
            cursor,
        )

    def find(self, text: str, limit: int, cursor: str | None) -> KeyPage:
        """Return a page of the orders of which a text begins with this one.

        Parameters:
            text: an order's number, an e-mail address, or a word of a name, as ``search_texts`` returns it.
            limit: how many entries to read at most.
            cursor: of the page; None for the first one.

        Raises InvalidCursorError.
        """
        return self._query(_bucket(text), (text, text + LAST_SIGN), limit, cursor)

    def _query(self, bucket: str, between: tuple[str, str], limit: int, cursor: str | None) -> KeyPage:
        first, last_entry = between
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "KeyConditionExpression": "#bucket = :bucket AND entry BETWEEN :first AND :last",
            "ExpressionAttributeNames": {"#bucket": "bucket"},
            "ExpressionAttributeValues": to_item({":bucket": bucket, ":first": first, ":last": last_entry}),
            "ScanIndexForward": False,
            "Limit": limit,
        }
        if cursor:
            start = decode_cursor(cursor, bucket=str, entry=str)
            # DynamoDB refuses a start outside of what is queried: it is a cursor of another search.
            if start["bucket"] != to_attribute(bucket) or not first <= start["entry"]["S"] <= last_entry:
                raise InvalidCursorError(cursor)
            query["ExclusiveStartKey"] = start
        answer = self._dynamodb.query(**query)
        last = answer.get("LastEvaluatedKey")
        entries = []
        for item in answer["Items"]:
            values_of = from_item(item)
            cursor_behind = encode_cursor({name: item[name] for name in ("bucket", "entry")})
            entries.append((OrderKey(values_of["orderId"], values_of["userId"]), cursor_behind))
        return KeyPage(entries, encode_cursor(last) if last else None)


def search_texts(query: str) -> list[list[str]]:
    """Return what a query may mean, the likeliest first; each is texts that an order has to have all.

    Parameters:
        query: as staff typed it: an order number, an e-mail address, or words of a name.
    """
    folded = _fold(query)
    if "@" in folded:
        return [["".join(folded.split())[:MAX_SIGNS]]]
    words = sorted(_words(folded), key=len, reverse=True)
    number = typed_order_number(query)
    meanings = [[number.casefold()]] if number else []
    if words and words not in meanings:
        meanings.append(words)
    return meanings


def has_texts(order: Order, texts: Iterable[str]) -> bool:
    """Return whether each of some texts is the beginning of one by which an order is found."""
    return all(any(candidate.startswith(text) for candidate in _texts(order)) for text in texts)


def first_cursor(order: Order, text: str) -> str:
    """Return the cursor behind the first entry by which a search finds an order.

    Parameters:
        order: one that the search finds.
        text: the beginning of one of its texts, or of several.
    """
    at = _moment(order)
    keys = [_text_key(each, at, order.order_id) for each in _texts(order) if each.startswith(text)]
    return encode_cursor(to_item(max(keys, key=lambda key: str(key["entry"]))))


def _texts(order: Order) -> set[str]:
    return {order_number(order.order_id).casefold(), *_personal_texts(order)}


def _personal_texts(order: Order) -> set[str]:
    texts = set(_words(_fold(order.shipping_address.name))[:MAX_WORDS]) if order.shipping_address else set()
    return texts | {_fold(order.email)[:MAX_SIGNS]} if order.email else texts


def _words(folded: str) -> list[str]:
    words = "".join(sign if sign.isalnum() else " " for sign in folded).split()
    return [word[:MAX_SIGNS] for word in words]


def _fold(text: str) -> str:
    """Return a text without differences of capitals and accents: staff types either."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFKC", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))


def _bucket(text: str) -> str:
    return f"text#{text[:BUCKET_SIGNS]}"


def _text_key(text: str, at: str, order_id: str) -> dict[str, Any]:
    return {"bucket": _bucket(text), "entry": f"{text}#{at}#{order_id}"}


def _listing_key(order: Order) -> dict[str, Any]:
    return {"bucket": PLACED, "entry": f"{_moment(order)}#{order.order_id}"}


def _moment(order: Order) -> str:
    return f"{int(order.placed_at.timestamp() * 1000):013d}"
