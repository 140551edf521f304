"""The catalog's Products table, read and never written: what the index is compared with and built from."""

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
SHOWN = "ACTIVE"
MAX_KEYS = 100
"""Keys a BatchGetItem takes; source: DynamoDB's API reference."""


class CatalogueSettings(Settings):
    """What the stack tells who reads the catalog's table."""

    products_table: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A product as the catalog holds it.

    Attributes:
        product_id: of the product.
        sequence: how many changes it has seen.
        product: in JSON's names; None where shoppers do not see it.
    """

    product_id: str
    sequence: int
    product: dict[str, Any] | None


class Catalogue:
    """The products of the catalog.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Products table.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def page(self, cursor: str | None, limit: int) -> tuple[list[Listed], str | None]:
        """Return products that shoppers see, and the cursor of those that follow.

        Parameters:
            cursor: of the page before.
            limit: products at the most.

        Raises bus.cursor.InvalidCursorError.
        """
        query: QueryInputTypeDef = {
            "TableName": self._table,
            "IndexName": LISTING_INDEX,
            "KeyConditionExpression": "listing = :shown",
            "ExpressionAttributeValues": to_item({":shown": SHOWN}),
            "ProjectionExpression": "productId",
            "Limit": limit,
        }
        if cursor:
            query["ExclusiveStartKey"] = decode_cursor(cursor, listing=str, listedAt=str, productId=str)
        answer = self._dynamodb.query(**query)
        ids = [from_attribute(item["productId"]) for item in answer["Items"]]
        # The index is a little behind; the table itself tells what holds.
        records = self.records(ids)
        following = answer.get("LastEvaluatedKey")
        return [records[each] for each in ids if each in records], encode_cursor(following) if following else None

    def records(self, product_ids: Sequence[str]) -> dict[str, Listed]:
        """Return what the catalog holds of these products at this moment, deleted and hidden ones included."""
        items = batch_get(
            self._dynamodb,
            self._table,
            ({"productId": product_id} for product_id in product_ids),
            ConsistentRead=True,
            ProjectionExpression="productId, #sequence, #product",
            ExpressionAttributeNames={"#sequence": "sequence", "#product": "product"},
        )
        return {listed.product_id: listed for listed in map(_listed, items)}


def _listed(item: Any) -> Listed:
    values = from_item(item)
    product = values.get("product")
    shown = product if product and product["status"] == SHOWN else None
    return Listed(values["productId"], values["sequence"], shown)
