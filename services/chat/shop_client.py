"""The client of the other services' commands, and their responses as far as the chat uses them."""

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
    """ARNs of the other services' commands."""

    find_products_arn: str
    get_products_arn: str
    available_arn: str
    show_orders_arn: str
    change_cart_arn: str
    quote_delivery_arn: str


class CommandResponse(BaseModel):
    """Base of the responses of other services: fields that are not declared are ignored."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True, serialize_by_alias=True
    )


class CatalogProduct(CommandResponse):
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
        """Return the product's card.

        Parameters:
            available: units that can be bought.
        """
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
    """A product, and how many units of it can be bought now."""

    product: CatalogProduct
    available: int

    @property
    def card(self) -> Card:
        """The product's card."""
        return self.product.card(self.available)


@dataclass(frozen=True, slots=True)
class ProductSearchResult:
    """The products that a search has found.

    Attributes:
        offers: the products, best first.
        did_you_mean: a spelling suggestion, if nothing matches the words; the offers then match the suggestion.
    """

    offers: list[Offer]
    did_you_mean: str | None = None


class ShopperOrderLine(CommandResponse):
    """A line of an order."""

    name: str
    quantity: int
    unit_price: Money


class OrderStatusChange(CommandResponse):
    """A status of an order, and when it was reached."""

    status: str
    at: str


class ShopperShipment(CommandResponse):
    """The shipment of an order."""

    carrier: str
    tracking_number: str


class ShopperOrder(CommandResponse):
    """An order of the shopper, without its address."""

    order_id: str
    status: str
    lines: list[ShopperOrderLine]
    total: Money
    refunded_total: Money | None = None
    placed_at: str
    shipment: ShopperShipment | None = None
    history: list[OrderStatusChange] = []


class ProductSearch(Contract):
    """A search for products. Prices are in minor units, bounds included."""

    text: str = ""
    category: str | None = None
    min_price: int | None = None
    max_price: int | None = None
    limit: int = 6


class CartChangeResult(CommandResponse):
    """The result of a change of the cart; ``code`` is the reason of a refusal."""

    outcome: Literal["CHANGED", "REFUSED"]
    code: str | None = None
    limit: int | None = None
    price: Money | None = None


class TaxRate(CommandResponse):
    """A tax, by its name with the rate."""

    name: str


class TaxOfWay(CommandResponse):
    """The taxes of products that are delivered in a way."""

    rates: list[TaxRate]


class DeliveryWay(CommandResponse):
    """A way to deliver products, with the days between which they arrive."""

    label: str
    price: Money
    free_from: Money | None = None
    tax: TaxOfWay | None = None
    earliest: str
    latest: str


class DeliveryRefusal(CommandResponse):
    """Why products are not delivered to an address, in a sentence."""

    message: str


class DeliveryAnswer(CommandResponse):
    """How products can be delivered, or why they are not."""

    options: list[DeliveryWay]
    refusal: DeliveryRefusal | None = None
    phone_required: bool = False
    tax_display: str = "NONE"


class ShopClient:
    """Invokes the commands of the other services.

    Every method raises bus.invocation.CommandFailedError or an error of botocore if a service fails or does not answer.

    Parameters:
        lambda_client: the Lambda client.
        settings: the ARNs of the commands.
    """

    def __init__(self, lambda_client: "LambdaClient", settings: ShopSettings) -> None:
        self._lambda = lambda_client
        self._settings = settings

    def search_products(self, search: ProductSearch) -> ProductSearchResult:
        """Return the products that match a search."""
        request = search.model_dump(exclude_none=True)
        found = invoke_command(self._lambda, self._settings.find_products_arn, request)
        # The index may lag behind: prices are read from catalog, stock from inventory.
        return ProductSearchResult(self.get_products(found["productIds"]), found.get("didYouMean"))

    def get_products(self, product_ids: Sequence[str]) -> list[Offer]:
        """Return products by their ids, without those that shoppers do not see."""
        if not product_ids:
            return []
        request = {"productIds": list(product_ids)}
        return self._offers(invoke_command(self._lambda, self._settings.get_products_arn, request)["products"])

    def list_orders(self, user_id: str, limit: int) -> list[ShopperOrder]:
        """Return a shopper's newest orders, at most ``limit``."""
        return self._orders({"userId": user_id, "limit": limit})

    def get_order(self, user_id: str, order_id: str) -> ShopperOrder | None:
        """Return an order of a shopper by its id or number; None if there is none, or if it is another shopper's."""
        return next(iter(self._orders({"userId": user_id, "orderId": order_id})), None)

    def change_cart(self, user_id: str, change: Change, agreed_price: Money) -> CartChangeResult:
        """Change a shopper's cart.

        Parameters:
            user_id: id of the shopper.
            change: the change that the shopper has accepted.
            agreed_price: price of one unit that the shopper has seen; at another one the cart refuses the change.
        """
        request = {"userId": user_id, **change.model_dump(), "agreedPrice": agreed_price.model_dump()}
        return CartChangeResult.model_validate(invoke_command(self._lambda, self._settings.change_cart_arn, request))

    def quote_delivery(
        self, country: str, region: str | None, postal_code: str | None, product_ids: Sequence[str]
    ) -> DeliveryAnswer:
        """Return how one piece each of some products can be delivered.

        Parameters:
            country: ISO 3166-1 alpha-2.
            region: state or province by its code, None if it is not known.
            postal_code: None if it is not known.
            product_ids: none for a parcel of any kind.
        """
        request = {
            "country": country,
            "region": region,
            "postalCode": postal_code,
            "products": [{"productId": product_id, "quantity": 1} for product_id in product_ids],
        }
        return DeliveryAnswer.model_validate(invoke_command(self._lambda, self._settings.quote_delivery_arn, request))

    def _offers(self, found: list[object]) -> list[Offer]:
        products = [CatalogProduct.model_validate(product) for product in found]
        if not products:
            return []
        request = {"productIds": [product.product_id for product in products]}
        available = invoke_command(self._lambda, self._settings.available_arn, request)["available"]
        return [Offer(product=product, available=available.get(product.product_id, 0)) for product in products]

    def _orders(self, request: dict[str, object]) -> list[ShopperOrder]:
        found = invoke_command(self._lambda, self._settings.show_orders_arn, request)["orders"]
        return [ShopperOrder.model_validate(order) for order in found]
