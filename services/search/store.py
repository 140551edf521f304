"""The SearchProducts table: the wanted content of the index, one item a product.

Catalog and inventory number their changes separately, so an item has a sequence of each; a change with an older
sequence is ignored, in whatever order changes arrive. ``revision`` counts the accepted changes. The table's stream
feeds the index.

Of many units the index knows only that there are many: most orders change nothing in it, and are written without
``changesIndex``, by which the stream's filter knows what has to be indexed.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_item
from bus.batch_items import batch_get
from bus.dynamodb_errors import failed_condition_item
from bus.settings import Settings
from services.search.document import ProductDocument

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


MANY_UNITS = 20
"""The most units that are told of a product in search: what is on the shelf beyond is many."""
CHANGES_INDEX = "changesIndex"
"""Attribute of an item whose last write has changed its document, a string for the stream's filter."""


class SearchStoreSettings(Settings):
    """Settings of the functions that use the table."""

    search_products_table: str


class SearchProductStore:
    """The documents that the index should hold.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the SearchProducts table, keyed by ``productId``.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def show(self, product: Mapping[str, Any], sequence: int) -> ProductDocument:
        """Store a product that shoppers see.

        Parameters:
            product: the product with JSON field names.
            sequence: the catalog's number of this change.

        Returns:
            The product's document after the change, or the stored one if the change is older.
        """
        return self._update(
            product["productId"],
            "SET #product = :product, #counter = :sequence, #changes = :changes ADD #revision :one",
            "productSequence",
            sequence,
            {"#product": "product"},
            {":product": dict(product)},
        )

    def hide(self, product_id: str, sequence: int) -> ProductDocument:
        """Remove a product that shoppers no longer see; its item stays as a tombstone.

        Parameters:
            product_id: id of the product.
            sequence: the catalog's number of this change.

        Returns:
            The product's document after the change, or the stored one if the change is older.
        """
        return self._update(
            product_id,
            "SET #counter = :sequence, #changes = :changes REMOVE #product ADD #revision :one",
            "productSequence",
            sequence,
            {"#product": "product"},
            {},
        )

    def set_available(self, product_id: str, available: int, sequence: int) -> ProductDocument:
        """Store how many units of a product can be bought, of more than ``MANY_UNITS`` as many.

        Parameters:
            product_id: id of the product.
            available: units that can be bought.
            sequence: the inventory's number of this change.

        Returns:
            The product's document after the change, or the stored one if the change is older.
        """
        told = min(available, MANY_UNITS)
        if told == MANY_UNITS and (unchanged := self._advance_stock(product_id, told, sequence)):
            return unchanged
        return self._update(
            product_id,
            "SET #available = :available, #counter = :sequence, #changes = :changes ADD #revision :one",
            "stockSequence",
            sequence,
            {"#available": "available"},
            {":available": told},
        )

    def _advance_stock(self, product_id: str, told: int, sequence: int) -> ProductDocument | None:
        """Store the sequence of a change that changes nothing in the index; return None where it does."""
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"productId": product_id}),
                UpdateExpression="SET stockSequence = :sequence REMOVE #changes",
                ConditionExpression="stockSequence < :sequence AND available = :told",
                ExpressionAttributeNames={"#changes": CHANGES_INDEX},
                ExpressionAttributeValues=to_item({":sequence": sequence, ":told": told}),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            # Older, of another availability, or the first that is heard of the product.
            failed_condition_item(error)
            return None
        return document_from_item(answer["Attributes"])

    def documents(self, product_ids: Sequence[str]) -> dict[str, ProductDocument]:
        """Return the stored documents of these products by id."""
        keys = ({"productId": product_id} for product_id in product_ids)
        documents = map(document_from_item, batch_get(self._dynamodb, self._table, keys, ConsistentRead=True))
        return {document.product_id: document for document in documents}

    def _update(
        self,
        product_id: str,
        update: str,
        counter: str,
        sequence: int,
        names: dict[str, str],
        values: dict[str, object],
    ) -> ProductDocument:
        try:
            answer = self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"productId": product_id}),
                UpdateExpression=update,
                ConditionExpression="attribute_not_exists(#counter) OR #counter < :sequence",
                ExpressionAttributeNames={
                    "#counter": counter,
                    "#revision": "revision",
                    "#changes": CHANGES_INDEX,
                    **names,
                },
                ExpressionAttributeValues=to_item({":sequence": sequence, ":one": 1, ":changes": "yes", **values}),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            return document_from_item(failed_condition_item(error))
        return document_from_item(answer["Attributes"])


def document_from_item(item: Mapping[str, Any]) -> ProductDocument:
    """Return the document that an item of the table holds."""
    values = from_item(item)
    return ProductDocument(
        product_id=values["productId"],
        revision=values["revision"],
        product=values.get("product"),
        available=values.get("available", 0),
        sequence=values.get("productSequence", 0),
    )
