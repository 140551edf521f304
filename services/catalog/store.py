"""The Products and Categories tables: lists for shoppers, and changes with their events and counts in one write.

An item of Products has the product itself in ``product``. ``category``, the key of an index, is there only while
shoppers see it; ``listing``, that of the other, is its status, so what shoppers see and what is hidden are two lists. A
deleted product stays for 400 days without ``product``, so that its sequence does not restart.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from pydantic import Field

from bus.attribute_values import Item, from_item, to_item
from bus.batch_items import batch_get
from bus.cursor import InvalidCursorError, decode_cursor, encode_cursor
from bus.dynamodb_errors import cancellation_reasons, failed_condition_item
from bus.optimistic_locking import ConflictError
from bus.outbox import ATTRIBUTE, outbox
from bus.settings import Settings
from schemas.catalog import ProductDeleted, ProductSnapshot, ProductStatus
from schemas.contract import Contract
from services.catalog.domain import (
    ProductChange,
    ProductRecord,
    category_count_changes,
    category_name,
    is_visible,
    lost_pictures,
    new_pictures,
)
from services.catalog.history import HistoryLine, history_after

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef, QueryInputTypeDef, TransactWriteItemTypeDef

CATEGORY_INDEX = "category-index"
LISTING_INDEX = "listing-index"
VISIBLE = "ACTIVE"
LISTED = "LISTED"
SEARCHED_AT_ONCE = 500
"""Products that one query of a search by staff reads; with 1 MB it ends earlier."""
TOMBSTONE_RETENTION = timedelta(days=400)
"""Longer than the archive keeps events (365 days), so that no replayed event is newer than a product created again."""
MAX_CHANGES = 25
"""Changes of one write: with as many categories half of what a transaction takes, and within its 4 MB."""
_RECORD_READ: dict[str, Any] = {
    "ConsistentRead": True,
    "ProjectionExpression": "productId, #sequence, #product, history",
    "ExpressionAttributeNames": {"#sequence": "sequence", "#product": "product"},
}
MAX_READS = 3
"""Queries of one page of a search by staff, of 1 MB each; where they find too little, the next page goes on."""


class CatalogSettings(Settings):
    """Environment of every catalog function."""

    products_table: str
    categories_table: str


class Category(Contract):
    """A category in which there is something to see."""

    category: str
    name: str
    product_count: int
    image_url: str | None = Field(default=None, description="Picture of one of its products.")


class CatalogStore:
    """Reads and writes the catalog.

    Parameters:
        dynamodb: the DynamoDB client.
        settings: names of the tables.
        author: user id of who makes its changes; None where it is not known.
    """

    def __init__(self, dynamodb: "DynamoDBClient", settings: CatalogSettings, author: str | None = None) -> None:
        self._dynamodb = dynamodb
        self._settings = settings
        self._products = settings.products_table
        self._categories = settings.categories_table
        self._author = author

    def signed_by(self, user_id: str) -> "CatalogStore":
        """Return the same catalog, whose changes are the given person's in the history of each product."""
        return CatalogStore(self._dynamodb, self._settings, author=user_id)

    def get_visible(self, product_id: str) -> ProductSnapshot | None:
        """Return a product that shoppers see; None if it is unknown, hidden or deleted."""
        response = self._dynamodb.get_item(
            TableName=self._products,
            Key=to_item({"productId": product_id}),
            ProjectionExpression="#product",
            ExpressionAttributeNames={"#product": "product"},
        )
        product = _product(response.get("Item", {}))
        return product if is_visible(product) else None

    def list_visible(
        self, category: str | None, limit: int, cursor: str | None
    ) -> tuple[list[ProductSnapshot], str | None]:
        """Return a page of the products that shoppers see, and the cursor of the next page, None on the last one.

        Parameters:
            category: only this one; None for all products, the newest first.
            limit: products on the page.
            cursor: returned with the page before; None for the first page.

        Raises InvalidCursorError if the cursor is malformed or of another list.
        """
        field, value = ("listing", VISIBLE) if category is None else ("category", category)
        query = self._query(field, value, cursor)
        # One more than the page takes: its presence means that there is a next page.
        products = [ProductSnapshot.model_validate(item["product"]) for item in self._items(query, limit + 1)]
        if len(products) <= limit:
            return products, None
        return products[:limit], encode_cursor(_key_in_list(products[limit - 1], category))

    def list_by_status(
        self, status: ProductStatus, words: Sequence[str], limit: int, cursor: str | None
    ) -> tuple[list[ProductSnapshot], str | None]:
        """Return a page of the products of a status, the newest first, and the cursor of the next page.

        A page may have fewer than ``limit`` products, or none, and still a next one: a search reads so much at a time.

        Parameters:
            status: what shoppers see, or what is hidden.
            words: in lower case, each of which the name, id, brand or SKU has; none finds all.
            limit: products on the page.
            cursor: returned with the page before; None for the first page.

        Raises InvalidCursorError if the cursor is malformed or of another list.
        """
        query = self._query("listing", status, cursor)
        found: list[ProductSnapshot] = []
        for _ in range(MAX_READS if words else 1):
            query["Limit"] = SEARCHED_AT_ONCE if words else limit
            response = self._dynamodb.query(**query)
            products = [ProductSnapshot.model_validate(from_item(item)["product"]) for item in response["Items"]]
            found += [product for product in products if _has_words(product, words)]
            if len(found) > limit:
                return found[:limit], encode_cursor(_key_in_list(found[limit - 1], None))
            if "LastEvaluatedKey" not in response:
                return found, None
            query["ExclusiveStartKey"] = response["LastEvaluatedKey"]
        return found, encode_cursor(query["ExclusiveStartKey"])

    def list_categories(self) -> list[Category]:
        """Return the categories with visible products, ordered by key."""
        query: QueryInputTypeDef = {
            "TableName": self._categories,
            "IndexName": LISTING_INDEX,
            "KeyConditionExpression": "listing = :listing",
            "FilterExpression": "productCount > :none",
            "ExpressionAttributeValues": to_item({":listing": LISTED, ":none": 0}),
        }
        return [Category.model_validate(item, extra="ignore") for item in self._items(query)]

    def get_records(self, product_ids: Sequence[str]) -> dict[str, ProductRecord]:
        """Return the stored records by product id, hidden and deleted products included, by a consistent read."""
        keys = ({"productId": product_id} for product_id in product_ids)
        items = batch_get(self._dynamodb, self._products, keys, **_RECORD_READ)
        return {
            item["productId"]["S"]: ProductRecord(int(item["sequence"]["N"]), _product(item), _history(item))
            for item in items
        }

    def write_changes(self, changes: Sequence[ProductChange]) -> None:
        """Write changes of different products, their events, and their categories' counts and pictures, all or nothing.

        A category then loses the picture of a product that has left it, until another product comes.

        Parameters:
            changes: at most MAX_CHANGES, each with an event.

        Raises ConflictError if a product has changed since its change was decided.
        """
        counts, pictures = category_count_changes(changes), new_pictures(changes)
        try:
            self._dynamodb.transact_write_items(
                TransactItems=[
                    *(self._put(change) for change in changes),
                    *(
                        self._put_category(category, counts.get(category, 0), pictures.get(category))
                        for category in sorted(counts.keys() | pictures.keys())
                    ),
                ]
            )
        except ClientError as error:
            cancellation_reasons(error)
            raise ConflictError(", ".join(change.product_id for change in changes)) from None
        for category, lost in lost_pictures(changes).items():
            self._remove_picture(category, lost)

    def _put(self, change: ProductChange) -> "TransactWriteItemTypeDef":
        put: PutTypeDef = {
            "TableName": self._products,
            "Item": _item(change, self._author),
            "ConditionExpression": "attribute_not_exists(productId)",
        }
        if change.before is not None:
            put["ConditionExpression"] = "#sequence = :decided_on"
            put["ExpressionAttributeNames"] = {"#sequence": "sequence"}
            put["ExpressionAttributeValues"] = to_item({":decided_on": change.before.sequence})
        return {"Put": put}

    def _put_category(self, category: str, step: int, picture: str | None) -> "TransactWriteItemTypeDef":
        values: dict[str, Any] = {":name": category_name(category), ":listing": LISTED, ":n": step}
        set_picture = ""
        if picture is not None:
            set_picture, values[":picture"] = ", imageUrl = :picture", picture
        return {
            "Update": {
                "TableName": self._categories,
                "Key": to_item({"category": category}),
                "UpdateExpression": f"SET #name = if_not_exists(#name, :name), listing = :listing{set_picture}"
                " ADD productCount :n",
                "ExpressionAttributeNames": {"#name": "name"},
                "ExpressionAttributeValues": to_item(values),
            }
        }

    def _remove_picture(self, category: str, lost: Sequence[str]) -> None:
        names = [f":lost{number}" for number in range(len(lost))]
        try:
            self._dynamodb.update_item(
                TableName=self._categories,
                Key=to_item({"category": category}),
                UpdateExpression="REMOVE imageUrl",
                ConditionExpression=f"imageUrl IN ({', '.join(names)})",
                ExpressionAttributeValues=to_item(dict(zip(names, lost, strict=True))),
            )
        except ClientError as error:
            # It has the picture of another of its products.
            failed_condition_item(error)

    def _query(self, field: str, value: str, cursor: str | None) -> "QueryInputTypeDef":
        query: QueryInputTypeDef = {
            "TableName": self._products,
            "IndexName": LISTING_INDEX if field == "listing" else CATEGORY_INDEX,
            "KeyConditionExpression": "#field = :value",
            "ExpressionAttributeNames": {"#field": field, "#product": "product"},
            "ExpressionAttributeValues": to_item({":value": value}),
            "ProjectionExpression": "#product",
            "ScanIndexForward": field == "category",
        }
        if cursor:
            query["ExclusiveStartKey"] = _start(cursor, field, value)
        return query

    def _items(self, query: "QueryInputTypeDef", limit: int | None = None) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        while True:
            if limit is not None:
                query["Limit"] = limit - len(items)
            response = self._dynamodb.query(**query)
            items += [from_item(item) for item in response["Items"]]
            # DynamoDB ends a response after 1 MB, whatever the limit.
            if "LastEvaluatedKey" not in response or len(items) == limit:
                return items
            query["ExclusiveStartKey"] = response["LastEvaluatedKey"]


def _start(cursor: str, field: str, value: str) -> Item:
    """Return the key of a cursor; raises InvalidCursorError if it is malformed or of another list."""
    kinds = {field: str, "productId": str} | ({"listedAt": str} if field == "listing" else {})
    start = decode_cursor(cursor, **kinds)
    if start[field]["S"] != value:
        raise InvalidCursorError(cursor)
    return start


def _key_in_list(product: ProductSnapshot, category: str | None) -> Item:
    return to_item({**_index_keys(product, category), "productId": product.product_id})


def _index_keys(product: ProductSnapshot, category: str | None) -> dict[str, str]:
    if category is not None:
        return {"category": category}
    return {"listing": product.status, "listedAt": f"{_iso(product.created_at)}#{product.product_id}"}


def _item(change: ProductChange, author: str | None) -> Item:
    if change.event is None:
        raise ValueError(f"nothing changes of {change.product_id}")
    values: dict[str, Any] = {"productId": change.product_id, "sequence": change.sequence}
    product = change.after
    if product is not None:
        values["product"] = product.model_dump(mode="json", exclude_none=True)
        values |= _index_keys(product, None)
        if is_visible(product):
            values |= _index_keys(product, product.category)
    if isinstance(change.event, ProductDeleted):
        values["deletedAt"] = _iso(change.event.deleted_at)
        values["expiresAt"] = int((change.event.deleted_at + TOMBSTONE_RETENTION).timestamp())
    history = history_after(change, change.before.history if change.before else (), author)
    values["history"] = [line.model_dump(mode="json", exclude_defaults=True) for line in history]
    return {**to_item(values), ATTRIBUTE: outbox(change.event, sequence=change.sequence)}


def _product(item: Mapping[str, Any]) -> ProductSnapshot | None:
    return ProductSnapshot.model_validate(from_item(item["product"]["M"])) if "product" in item else None


def _history(item: Mapping[str, Any]) -> tuple[HistoryLine, ...]:
    # Products that were stored before there was a history have none.
    return tuple(HistoryLine.model_validate(line) for line in from_item(item).get("history", ()))


def _has_words(product: ProductSnapshot, words: Sequence[str]) -> bool:
    searched = [product.name, product.product_id, product.brand, product.attributes.get("sku", "")]
    text = "\n".join(searched).casefold()
    return all(word in text for word in words)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")
