"""The CartProducts table: what the cart knows of the products, from events alone.

Catalog and inventory count their changes separately, so an item has a sequence of each. What is
older than the sequence seen changes nothing, in whatever order the events come.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_item
from bus.batch_items import batch_get
from bus.dynamodb_errors import failed_condition_item
from schemas.contract import Money
from services.cart.domain import Product

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    # Classes of events that the routes do not read, left out of their start-up time.
    from schemas.catalog import ProductSnapshot


class Products:
    """The projection of products.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the CartProducts table, keyed by ``productId``.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def named(self, product_ids: Iterable[str]) -> dict[str, Product]:
        """Return those of 100 products at the most that the catalog has ever told of; one call for a cart."""
        keys = [{"productId": product_id} for product_id in sorted(set(product_ids))]
        items = map(from_item, batch_get(self._dynamodb, self._table, keys))
        return {item["productId"]: _product(item) for item in items if "productSequence" in item}

    def show(self, product: "ProductSnapshot", sequence: int) -> None:
        """Note a product as the catalog shows it now."""
        values = {
            "name": product.name,
            "price": product.price.model_dump(),
            "imageUrl": product.image_url,
            "onSale": product.status == "ACTIVE",
        }
        self._note(product.product_id, "productSequence", sequence, values)

    def hide(self, product_id: str, sequence: int) -> None:
        """Note that a product can no longer be bought. Its name stays, for carts that hold it."""
        self._note(product_id, "productSequence", sequence, {"onSale": False})

    def count(self, product_id: str, available: int, sequence: int) -> None:
        """Note how many units can be bought."""
        self._note(product_id, "stockSequence", sequence, {"available": available})

    def _note(self, product_id: str, counter: str, sequence: int, values: Mapping[str, object]) -> None:
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


def _product(item: Mapping[str, Any]) -> Product:
    return Product(
        product_id=item["productId"],
        name=item.get("name", item["productId"]),
        price=Money(**item.get("price", {"amount": 0})),
        image_url=item.get("imageUrl", ""),
        on_sale=item["onSale"],
        available=item.get("available", 0),
    )
