"""What the chat asks of the other services: their commands, and the answers as the chat knows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from bus.invocation import invoke_command
from bus.settings import Settings
from schemas.contract import Contract, Money
from schemas.websocket import Card, Change

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class ShopSettings(Settings):
    """Commands of the other services."""

    find_products_arn: str
    get_products_arn: str
    available_arn: str
    show_orders_arn: str
    change_cart_arn: str


class Read(BaseModel):
    """An answer of another service: what is not named here is not read."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True, serialize_by_alias=True
    )


class Product(Read):
    """A product of the catalog."""

    product_id: str
    name: str
    description: str = ""
    category: str
    brand: str = ""
    price: Money
    compare_at_price: Money | None = None
    image_url: str = ""
    attributes: dict[str, str] = {}

    def card(self, available: int) -> Card:
        """Return its card."""
        return Card(
            product_id=self.product_id,
            name=self.name,
            brand=self.brand,
            category=self.category,
            price=self.price,
            compare_at_price=self.compare_at_price,
            image_url=self.image_url,
            available=available,
        )


class Offer(Contract):
    """A product and what can be had of it now."""

    product: Product
    available: int

    @property
    def card(self) -> Card:
        """Its card."""
        return self.product.card(self.available)


@dataclass(frozen=True, slots=True)
class Found:
    """What answers to some words.

    Attributes:
        did_you_mean: what was probably meant, where nothing has these words; the offers answer to that.
    """

    offers: list[Offer]
    did_you_mean: str | None = None


class OrderLine(Read):
    """A bought line."""

    name: str
    quantity: int
    unit_price: Money


class Step(Read):
    """A status, and when it was reached."""

    status: str
    at: str


class Shipment(Read):
    """With whom the parcel travels."""

    carrier: str
    tracking_number: str


class Order(Read):
    """An order of the shopper; never with an address."""

    order_id: str
    status: str
    lines: list[OrderLine]
    total: Money
    refunded_total: Money | None = None
    placed_at: str
    shipment: Shipment | None = None
    history: list[Step] = []


class Wanted(Contract):
    """What a shopper looks for. Prices are in minor units."""

    text: str = ""
    category: str | None = None
    min_price: int | None = None
    max_price: int | None = None
    limit: int = 6


class CartAnswer(Read):
    """What became of a change of the cart."""

    outcome: Literal["CHANGED", "REFUSED"]
    code: str | None = None
    limit: int | None = None
    price: Money | None = None


class Shop:
    """The other services.

    Every method raises bus.invocation.CommandFailedError, or botocore's errors, where a service does not answer.

    Parameters:
        lambda_client: the Lambda client.
        settings: the ARNs of the commands.
    """

    def __init__(self, lambda_client: "LambdaClient", settings: ShopSettings) -> None:
        self._lambda = lambda_client
        self._settings = settings

    def find(self, wanted: Wanted) -> Found:
        """Return products that answer to some words, the best first."""
        given = wanted.model_dump(exclude_none=True)
        found = invoke_command(self._lambda, self._settings.find_products_arn, given)
        # The index may be a moment behind: prices are the catalog's, stock is inventory's.
        return Found(self.get(found["productIds"]), found.get("didYouMean"))

    def get(self, product_ids: Sequence[str]) -> list[Offer]:
        """Return products by their ids, without those that shoppers do not see."""
        if not product_ids:
            return []
        given = {"productIds": list(product_ids)}
        return self._offered(invoke_command(self._lambda, self._settings.get_products_arn, given)["products"])

    def orders(self, user_id: str, limit: int) -> list[Order]:
        """Return a shopper's newest orders."""
        given = {"userId": user_id, "limit": limit}
        return self._orders(given)

    def order(self, user_id: str, order_id: str) -> Order | None:
        """Return an order of a shopper; None where it is not theirs or there is none."""
        return next(iter(self._orders({"userId": user_id, "orderId": order_id})), None)

    def change_cart(self, user_id: str, change: Change, agreed_price: Money) -> CartAnswer:
        """Do what a shopper has agreed to."""
        given = {"userId": user_id, **change.model_dump(), "agreedPrice": agreed_price.model_dump()}
        return CartAnswer.model_validate(invoke_command(self._lambda, self._settings.change_cart_arn, given))

    def _offered(self, found: list[object]) -> list[Offer]:
        products = [Product.model_validate(product) for product in found]
        if not products:
            return []
        given = {"productIds": [product.product_id for product in products]}
        available = invoke_command(self._lambda, self._settings.available_arn, given)["available"]
        return [Offer(product=product, available=available.get(product.product_id, 0)) for product in products]

    def _orders(self, given: dict[str, object]) -> list[Order]:
        found = invoke_command(self._lambda, self._settings.show_orders_arn, given)["orders"]
        return [Order.model_validate(order) for order in found]
