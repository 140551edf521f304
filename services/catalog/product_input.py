"""The input models of products, and the values that a product may have."""

from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    AliasChoices,
    Field,
    StrictInt,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from schemas.catalog import ProductStatus
from schemas.contract import Contract, Money
from schemas.text import LINES, ONE_LINE
from services.catalog import slug

CURRENCY = "USD"
"""The shop sells in one currency: a cart cannot add up amounts of two."""
MAX_CENTS = 99_999_999
"""The largest amount that Stripe charges."""
MAX_PICTURES = 20
MAX_BYTES = 32 * 1024
"""Size of a product: an item with its event, an event on the bus and a page of 100 stay within AWS's limits."""


def _invalid(message: str) -> PydanticCustomError:
    # Braces are placeholders to pydantic.
    return PydanticCustomError("product", "{message}", {"message": message})


def _check_image_url(text: str) -> str:
    path = text.startswith("/") and not text.startswith("//")
    if not (path or text.startswith("https://")) or any(character.isspace() for character in text):
        raise _invalid("should be an https address, or a path of the shop that begins with /")
    return text


def _check_price(price: Money) -> Money:
    if price.currency != CURRENCY:
        raise _invalid(f"should be in {CURRENCY}, the currency of the shop")
    if not 0 < price.amount <= MAX_CENTS:
        raise _invalid(f"should be between 1 and {MAX_CENTS} cents")
    return price


def _text(longest: int, shortest: int = 1) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


ProductId = Annotated[str, StringConstraints(pattern=slug.PATTERN, max_length=slug.MAX_LENGTH)]
Price = Annotated[Money, AfterValidator(_check_price)]
ImageAddress = Annotated[str, _text(2048), ONE_LINE, AfterValidator(_check_image_url)]
Tag = Annotated[str, _text(50), ONE_LINE]
AttributeName = Annotated[str, _text(64), ONE_LINE]
AttributeText = Annotated[str, _text(500, shortest=0), LINES]
CategoryKey = Annotated[str, _text(64), ONE_LINE]


class ProductInput(Contract):
    """The fields of a product that staff give; the catalog itself adds the id and the times."""

    name: Annotated[str, _text(200), ONE_LINE]
    description: Annotated[str, _text(5000, shortest=0), LINES] = ""
    category: CategoryKey
    brand: Annotated[str, _text(100, shortest=0), ONE_LINE] = ""
    price: Price
    compare_at_price: Price | None = Field(default=None, description="The price that is struck through.")
    image_url: ImageAddress | None = Field(default=None, description="By default the first of the images.")
    images: list[ImageAddress] = Field(default=[], max_length=MAX_PICTURES)
    tags: list[Tag] = Field(default=[], max_length=50)
    attributes: dict[AttributeName, AttributeText] = Field(default={}, max_length=50)
    status: ProductStatus | None = Field(
        default=None, description="Left out: a new product is ACTIVE, an existing one stays as it is."
    )

    @property
    def foreign_pictures(self) -> list[str]:
        """The addresses of its pictures on other hosts, each once."""
        pictures = [self.image_url, *self.images]
        return list(dict.fromkeys(each for each in pictures if each and not each.startswith("/")))

    @field_validator("image_url", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        # A ProductSnapshot without an image has an empty address.
        return None if value == "" else value

    @field_validator("compare_at_price")
    @classmethod
    def _check_compare_at_price(cls, value: Money | None, info: ValidationInfo) -> Money | None:
        price = info.data.get("price")
        if value is not None and price is not None and value.amount <= price.amount:
            raise _invalid("should be higher than the price")
        return value

    @model_validator(mode="after")
    def _check_size(self) -> "ProductInput":
        if len(self.model_dump_json().encode()) > MAX_BYTES:
            raise _invalid(f"the product is larger than {MAX_BYTES // 1024} KiB in all")
        return self


AnyProduct = TypeVar("AnyProduct", bound=ProductInput)
InitialStock = Annotated[StrictInt, Field(ge=0, le=1_000_000, description="Units on hand that come with it.")]


class NewProduct(ProductInput):
    """A product to be created. Stock is inventory's: a figure given here counts at the creation only."""

    product_id: ProductId | None = Field(default=None, description="By default derived from the name.")
    initial_stock: InitialStock | None = Field(
        default=None, validation_alias=AliasChoices("initialStock", "stock", "initial_stock")
    )


class ReplacedProduct(ProductInput):
    """A product as it shall be from now on. What the catalog itself gives may be sent back and is not read."""

    product_id: str | None = Field(default=None, description="If given, the one of the address.")
    created_at: datetime | None = Field(default=None, description="Not read.")
    updated_at: datetime | None = Field(default=None, description="Not read.")
