"""The CartProducts table: a projection of the products, built from events alone.

Catalog and inventory count their changes separately, so an item has a sequence of each. An event
that is not newer than the stored sequence changes nothing, whatever the order of arrival.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_item
from bus.batch_items import batch_get
from bus.dynamodb_errors import failed_condition_item
from delivery.weight import read_grams
from schemas.contract import Money
from services.cart.domain import CartProduct

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    # Event classes that the routes do not read, left out of their start-up time.
    from schemas.catalog import ProductSnapshot


class ProductProjection:
    """The projection of products.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the CartProducts table, keyed by ``productId``.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def get_many(self, product_ids: Iterable[str]) -> dict[str, CartProduct]:
        """Return the products by id, without those that the catalog has never published."""
        keys = [{"productId": product_id} for product_id in sorted(set(product_ids))]
        items = map(from_item, batch_get(self._dynamodb, self._table, keys))
        return {item["productId"]: _product(item) for item in items if "productSequence" in item}

    def save_product(self, product: "ProductSnapshot", sequence: int) -> None:
        """Store the catalog's fields of a product."""
        values = {
            "name": product.name,
            "price": product.price.model_dump(),
            "imageUrl": product.image_url,
            "onSale": product.status == "ACTIVE",
            "shipping": product.attributes.get("shipping", ""),
            "weight": read_grams(product.attributes.get("weight", "")),
            "category": product.category,
        }
        self._save_if_newer(product.product_id, "productSequence", sequence, values)

    def mark_deleted(self, product_id: str, sequence: int) -> None:
        """Store that a product is no longer on sale. Its name stays, for carts that contain it."""
        self._save_if_newer(product_id, "productSequence", sequence, {"onSale": False})

    def save_available(self, product_id: str, available: int, sequence: int) -> None:
        """Store how many units of a product can be bought."""
        self._save_if_newer(product_id, "stockSequence", sequence, {"available": available})

    def _save_if_newer(self, product_id: str, counter: str, sequence: int, values: Mapping[str, object]) -> None:
        values = {**values, counter: sequence}
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"productId": product_id}),
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in values),
                ConditionExpression=f"attribute_not_exists(#{counter}) OR #{counter} < :{counter}",
                ExpressionAttributeNames={f"#{name}": name for name in values},
                ExpressionAttributeValues=to_item({f":{name}": value for name, value in values.items()}),
            )
        except ClientError as error:
            failed_condition_item(error)


def _product(item: Mapping[str, Any]) -> CartProduct:
    return CartProduct(
        product_id=item["productId"],
        name=item.get("name", item["productId"]),
        price=Money(**item.get("price", {"amount": 0})),
        image_url=item.get("imageUrl", ""),
        on_sale=item["onSale"],
        available=item.get("available", 0),
        shipping=item.get("shipping", ""),
        weight=item.get("weight"),
        category=item.get("category", ""),
    )
