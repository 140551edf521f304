"""Read access to the catalog's Products table, from which the index is built and with which it is compared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bus.attribute_values import from_attribute, from_item, to_item
from bus.batch_items import batch_get
from bus.cursor import decode_cursor, encode_cursor
from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import QueryInputTypeDef

LISTING_INDEX = "listing-index"
ACTIVE = "ACTIVE"
"""Status of products that shoppers see."""


class CatalogReaderSettings(Settings):
    """Settings of the functions that read the catalog's table."""

    products_table: str


@dataclass(frozen=True, slots=True)
class CatalogRecord:
    """A product as the catalog stores it.

    Attributes:
        product_id: id of the product.
        sequence: number of the product's last change.
        product: the product with JSON field names; None if shoppers do not see it.
    """

    product_id: str
    sequence: int
    product: dict[str, Any] | None


class CatalogReader:
    """The products of the catalog.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Products table.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def page(self, cursor: str | None, limit: int) -> tuple[list[CatalogRecord], str | None]:
        """Return a page of the products that shoppers see, and the cursor of the next page.

        Parameters:
            cursor: cursor of this page; None for the first.
            limit: maximum number of products.

        Raises:
            InvalidCursorError: the cursor was not returned by this method.
        """
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "IndexName": LISTING_INDEX,
            "KeyConditionExpression": "listing = :active",
            "ExpressionAttributeValues": to_item({":active": ACTIVE}),
            "ProjectionExpression": "productId",
            "Limit": limit,
        }
        if cursor:
            query["ExclusiveStartKey"] = decode_cursor(cursor, listing=str, listedAt=str, productId=str)
        answer = self._dynamodb.query(**query)
        ids = [from_attribute(item["productId"]) for item in answer["Items"]]
        # The index is eventually consistent, so the products themselves are read from the table.
        records = self.records(ids)
        last_key = answer.get("LastEvaluatedKey")
        page = [records[product_id] for product_id in ids if product_id in records]
        return page, encode_cursor(last_key) if last_key else None

    def records(self, product_ids: Sequence[str]) -> dict[str, CatalogRecord]:
        """Return the current records of these products by id, deleted and hidden ones included."""
        items = batch_get(
            self._dynamodb,
            self._table,
            ({"productId": product_id} for product_id in product_ids),
            ConsistentRead=True,
            ProjectionExpression="productId, #sequence, #product",
            ExpressionAttributeNames={"#sequence": "sequence", "#product": "product"},
        )
        return {record.product_id: record for record in map(_record, items)}


def _record(item: Any) -> CatalogRecord:
    values = from_item(item)
    product = values.get("product")
    visible = product if product and product["status"] == ACTIVE else None
    return CatalogRecord(values["productId"], values["sequence"], visible)
