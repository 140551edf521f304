"""What delivery of products costs, and their tax: the rules of ``delivery`` and ``tax`` over the cart's products."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import Field

from bus.command import command
from delivery.quote import DeliveryOption, DeliveryQuote, Destination, Goods, Refusal, RefusalCode, quote_delivery
from delivery.settings import delivery_settings
from schemas.commands import ShippingAddress
from schemas.contract import Contract, Day, Identifier, Money
from schemas.country import Country
from schemas.tax import OrderTax, total_with_tax
from services.cart.cart_service import CartService
from services.cart.domain import MAX_LINES, MAX_QUANTITY, CartProduct, total_quantities
from services.cart.pricing import ZERO, PricedCart
from tax.calculation import Sale, TaxDisplay, TaxedGoods, tax_calculator


class QuotedProduct(Contract):
    """A product, and how many of it."""

    product_id: Identifier
    quantity: int = Field(ge=1, le=MAX_QUANTITY)


class DeliveryQuestion(Contract):
    """Where products are to be delivered, as far as it is known.

    Attributes:
        region: by its code, such as ``OR``.
        line1, line2: of the street; with them, a post office box is told.
        has_phone: whether the address has a telephone number; None before the shopper was asked.
        products: those that are not on sale are left out.
    """

    country: Country
    region: str | None = Field(default=None, max_length=100)
    postal_code: str | None = Field(default=None, max_length=16)
    line1: str | None = Field(default=None, max_length=100)
    line2: str | None = Field(default=None, max_length=100)
    has_phone: bool | None = None
    products: list[QuotedProduct] = Field(max_length=MAX_LINES)

    @property
    def destination(self) -> Destination:
        """The destination of it."""
        lines = (self.line1, self.line2)
        return Destination(self.country, self.region, self.postal_code, lines, self.has_phone)


class DeliveryOptionView(Contract):
    """A way to deliver all of the products.

    Attributes:
        free_from: value of the goods from which it costs nothing; None if it always costs.
        until_free: how much more of goods makes it free; None where it is free, or never.
        tax: on goods and delivery, or within; None where none is collected, or it cannot be told yet.
        total: goods, delivery and what tax adds.
        earliest, latest: the days between which it arrives.
    """

    method: Identifier
    label: str
    price: Money
    free_from: Money | None = None
    until_free: Money | None = None
    tax: OrderTax | None = None
    total: Money
    earliest: Day
    latest: Day


class DeliveryRefusal(Contract):
    """Why nothing is delivered there.

    Attributes:
        product_ids: the products that are the reason; empty where it is the address.
    """

    code: RefusalCode
    message: str
    product_ids: list[str]


class DeliveryQuoteView(Contract):
    """The ways to deliver, the usual one first, or why there is none.

    Attributes:
        phone_required: whether the carrier of these products calls before it comes.
        tax_display: what can be said of tax there. AT_CHECKOUT: it differs by region, which is not known yet.
        countries: those that the shop delivers to.
    """

    subtotal: Money
    options: list[DeliveryOptionView]
    refusal: DeliveryRefusal | None = None
    phone_required: bool
    tax_display: TaxDisplay
    countries: list[Country]


def answer_question(carts: CartService, question: DeliveryQuestion) -> DeliveryQuoteView:
    """Return what delivery of products costs at today's prices, and their tax."""
    units = total_quantities((wanted.product_id, wanted.quantity) for wanted in question.products)
    known = carts.products.get_many(units)
    products = [product for product in known.values() if product.on_sale]
    taxed = [_taxed(product, units[product.product_id]) for product in products]
    subtotal = sum((item.price for item in taxed), start=ZERO)
    quote = quote_delivery(delivery_settings(), question.destination, goods_of(products), subtotal, carts.store.now())
    return _view(quote, question.destination, taxed, subtotal)


def choose_delivery(
    cart: PricedCart,
    products: Mapping[str, CartProduct],
    address: ShippingAddress,
    method_id: str | None,
    now: datetime,
) -> DeliveryOption | Refusal:
    """Return how a cart is delivered to an address, or why it is not.

    Parameters:
        cart: at today's prices; all of it can be bought.
        products: of its lines, by id.
        address: all of it.
        method_id: what the shopper chose; None is the usual one.
        now: with a time zone.
    """
    goods = goods_of(products[line.product_id] for line in cart.lines)
    quote = quote_delivery(delivery_settings(), Destination.of(address), goods, cart.subtotal, now)
    return quote.choose(method_id)


def goods_of(products: Iterable[CartProduct]) -> list[Goods]:
    """Return products as delivery knows them."""
    settings = delivery_settings()
    return [Goods(product.product_id, settings.kind_of(product.shipping), product.weight) for product in products]


def tax_of(
    cart: PricedCart, products: Mapping[str, CartProduct], address: ShippingAddress, shipping: Money
) -> OrderTax | None:
    """Return the tax of a cart that is delivered to an address; None where none is collected.

    Parameters:
        cart: at today's prices; all of it can be bought.
        products: of its lines, by id.
        address: all of it.
        shipping: what delivery costs.
    """
    taxed = [_taxed(products[line.product_id], line.quantity) for line in cart.lines]
    return tax_calculator().calculate(Sale(address.country, address.region, taxed, shipping))


def _taxed(product: CartProduct, quantity: int) -> TaxedGoods:
    return TaxedGoods(product.product_id, product.category, product.price * quantity)


def _view(
    quote: DeliveryQuote, destination: Destination, taxed: list[TaxedGoods], subtotal: Money
) -> DeliveryQuoteView:
    refusal = quote.refusal
    return DeliveryQuoteView(
        subtotal=subtotal,
        options=[_option_view(option, destination, taxed, subtotal) for option in quote.options],
        refusal=refusal
        and DeliveryRefusal(code=refusal.code, message=refusal.message, product_ids=list(refusal.product_ids)),
        phone_required=quote.needs_phone,
        tax_display=tax_calculator().display(destination.country, destination.region),
        countries=delivery_settings().countries,
    )


def _option_view(
    option: DeliveryOption, destination: Destination, taxed: list[TaxedGoods], subtotal: Money
) -> DeliveryOptionView:
    tax = tax_calculator().calculate(Sale(destination.country, destination.region, taxed, option.price))
    return DeliveryOptionView(
        method=option.method.method_id,
        label=option.method.name,
        price=option.price,
        free_from=option.method.free_from,
        until_free=option.method.until_free(subtotal),
        tax=tax,
        total=total_with_tax(subtotal, option.price, tax),
        earliest=option.earliest.isoformat(),
        latest=option.latest.isoformat(),
    )


def _quote(question: DeliveryQuestion) -> DeliveryQuoteView:
    from services.cart.dependencies import cart_service

    return answer_question(cart_service(), question)


quote_delivery_command = command(_quote, DeliveryQuestion)
"""The command ``quote-delivery`` (chat)."""
