"""The SearchProducts table: what the index should hold, one item a product.

Catalog and inventory count their changes separately, so an item has a sequence of each; what is not newer
than the one seen changes nothing, in whatever order it comes. ``revision`` counts all that did change
it. The table's stream feeds the index.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_item
from bus.batch_items import batch_get
from bus.dynamodb_errors import failed_condition_item
from bus.settings import Settings
from services.search.document import Document

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

MAX_KEYS = 100
"""Keys a BatchGetItem takes; source: DynamoDB's API reference."""


class StoreSettings(Settings):
    """What the stack tells the functions that keep the table."""

    search_products_table: str


class SearchProducts:
    """The products as they should be found.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the SearchProducts table, keyed by ``productId``.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def show(self, product: Mapping[str, Any], sequence: int) -> Document:
        """Note a product as the catalog shows it; return what the index should hold of it now."""
        return self._note(
            product["productId"],
            "SET #product = :product, #counter = :sequence ADD #revision :one",
            "productSequence",
            sequence,
            {"#product": "product"},
            {":product": dict(product)},
        )

    def hide(self, product_id: str, sequence: int) -> Document:
        """Note that a product is not shown any more; return what the index should hold of it now."""
        return self._note(
            product_id,
            "SET #counter = :sequence REMOVE #product ADD #revision :one",
            "productSequence",
            sequence,
            {"#product": "product"},
            {},
        )

    def count(self, product_id: str, available: int, sequence: int) -> Document:
        """Note how many units can be bought; return what the index should hold of it now."""
        return self._note(
            product_id,
            "SET #available = :available, #counter = :sequence ADD #revision :one",
            "stockSequence",
            sequence,
            {"#available": "available"},
            {":available": available},
        )

    def documents(self, product_ids: Sequence[str]) -> dict[str, Document]:
        """Return what the index should hold of these products; without those that nobody has told of."""
        keys = ({"productId": product_id} for product_id in product_ids)
        documents = map(document_of, batch_get(self._dynamodb, self._table, keys, ConsistentRead=True))
        return {document.product_id: document for document in documents}

    def _note(
        self,
        product_id: str,
        update: str,
        counter: str,
        sequence: int,
        names: dict[str, str],
        values: dict[str, object],
    ) -> Document:
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"productId": product_id}),
                UpdateExpression=update,
                ConditionExpression="attribute_not_exists(#counter) OR #counter < :sequence",
                ExpressionAttributeNames={"#counter": counter, "#revision": "revision", **names},
                ExpressionAttributeValues=to_item({":sequence": sequence, ":one": 1, **values}),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            return document_of(failed_condition_item(error))
        return document_of(answer["Attributes"])


def document_of(item: Mapping[str, Any]) -> Document:
    """Return the document that an item of the table stands for."""
    values = from_item(item)
    return Document(
        product_id=values["productId"],
        revision=values["revision"],
        product=values.get("product"),
        available=values.get("available", 0),
        sequence=values.get("productSequence", 0),
    )
