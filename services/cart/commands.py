"""Commands of the cart: ``validate`` for checkout, ``change`` for the chat."""

from typing import Literal

from pydantic import Field

from bus.command import command
from delivery.quote import Refusal, RefusalCode
from schemas.commands import ChosenDelivery, ShippingAddress
from schemas.contract import Contract, Identifier, Line, Money
from schemas.tax import OrderTax
from services.cart.delivery_quotes import choose_delivery, tax_of
from services.cart.dependencies import cart_service
from services.cart.domain import (
    MAX_LINES,
    MAX_QUANTITY,
    CartErasedError,
    CartRuleError,
    OutOfStockError,
    PriceChangedError,
    TooManyLinesError,
    TooManyUnitsError,
    check_agreed_price,
)
from services.cart.pricing import PricedCart, PurchaseObstacle, find_purchase_obstacle, price_cart


class ValidateInput(Contract):
    """The shopper, the total that they agreed to, and where and how it is to be delivered.

    Attributes:
        shipping_address: None of a state machine from before, which named none: then neither delivery nor tax is.
        delivery_method: None is the usual one of the address.
    """

    user_id: Identifier
    expected_total: Money
    shipping_address: ShippingAddress | None = None
    delivery_method: Identifier | None = None


class ValidOutcome(Contract):
    """The cart can be purchased. Stock is not checked here: only the reservation decides about it.

    Attributes:
        sequence: number of changes of the cart.
        last_order_id: the order that was removed from the cart last.
    """

    outcome: Literal["VALID"] = "VALID"
    lines: list[Line]
    subtotal: Money
    shipping: Money
    tax: OrderTax | None = None
    total: Money
    delivery: ChosenDelivery | None = None
    sequence: int
    last_order_id: Identifier | None = None


class AccountErasedOutcome(Contract):
    """The account was erased; its token may be valid for up to an hour."""

    outcome: Literal["ACCOUNT_ERASED"] = "ACCOUNT_ERASED"


class EmptyCartOutcome(Contract):
    """The cart is empty."""

    outcome: Literal["EMPTY_CART"] = "EMPTY_CART"


class UnavailableLine(Contract):
    """A product that is no longer on sale."""

    product_id: str
    name: str


class UnavailableOutcome(Contract):
    """Some products of the cart are no longer on sale."""

    outcome: Literal["UNAVAILABLE"] = "UNAVAILABLE"
    lines: list[UnavailableLine]


class UndeliverableOutcome(Contract):
    """The cart cannot be delivered to the address, or not in the way that was chosen.

    Attributes:
        message: a sentence for the shopper.
        lines: the goods that are the reason, where it is not the address itself.
    """

    outcome: Literal["UNDELIVERABLE"] = "UNDELIVERABLE"
    reason: RefusalCode
    message: str
    lines: list[UnavailableLine] | None = None


class PriceChangedOutcome(Contract):
    """The total differs from the one that the shopper agreed to."""

    outcome: Literal["PRICE_CHANGED"] = "PRICE_CHANGED"
    cart: PricedCart


ValidateOutcome = (
    ValidOutcome
    | AccountErasedOutcome
    | EmptyCartOutcome
    | UnavailableOutcome
    | UndeliverableOutcome
    | PriceChangedOutcome
)


def _validate(given: ValidateInput) -> ValidateOutcome:
    try:
        cart, products = cart_service().load(given.user_id)
    except CartErasedError:
        return AccountErasedOutcome()
    priced, delivery = price_cart(cart, products), None
    if given.shipping_address and all(line.purchasable for line in priced.lines) and priced.lines:
        now = cart_service().store.now()
        chosen = choose_delivery(priced, products, given.shipping_address, given.delivery_method, now)
        if isinstance(chosen, Refusal):
            return _undeliverable(priced, chosen)
        tax = tax_of(priced, products, given.shipping_address, chosen.price)
        priced = priced.with_shipping(chosen.price, tax)
        delivery = ChosenDelivery(
            method=chosen.method.method_id,
            label=chosen.method.name,
            earliest=chosen.earliest.isoformat(),
            latest=chosen.latest.isoformat(),
            standard_price=chosen.standard_price,
        )
    match find_purchase_obstacle(priced, given.expected_total):
        case PurchaseObstacle.EMPTY_CART:
            return EmptyCartOutcome()
        case PurchaseObstacle.UNAVAILABLE:
            unavailable = [line for line in priced.lines if not line.purchasable]
            return UnavailableOutcome(
                lines=[UnavailableLine(product_id=line.product_id, name=line.name) for line in unavailable]
            )
        case PurchaseObstacle.PRICE_CHANGED:
            return PriceChangedOutcome(cart=priced)
    return ValidOutcome(
        lines=[line.to_order_line() for line in priced.lines],
        subtotal=priced.subtotal,
        shipping=priced.shipping,
        tax=priced.tax,
        total=priced.total,
        delivery=delivery,
        sequence=cart.sequence,
        last_order_id=cart.last_order_id,
    )


def _undeliverable(priced: PricedCart, refusal: Refusal) -> UndeliverableOutcome:
    lines = [line for line in priced.lines if line.product_id in refusal.product_ids]
    return UndeliverableOutcome(
        reason=refusal.code,
        message=refusal.message,
        lines=[UnavailableLine(product_id=line.product_id, name=line.name) for line in lines] or None,
    )


class ChangeInput(Contract):
    """A change that a shopper agreed to: add units, set the quantity, or remove the product."""

    user_id: Identifier
    change: Literal["ADD", "SET", "REMOVE"]
    product_id: Identifier
    quantity: int = Field(default=1, ge=1, le=MAX_QUANTITY)
    agreed_price: Money | None = Field(default=None, description="Price of a unit that the shopper agreed to.")


class ChangedOutcome(Contract):
    """The change was made."""

    outcome: Literal["CHANGED"] = "CHANGED"
    cart: PricedCart


class RefusedOutcome(Contract):
    """A rule of the cart forbids the change; nothing has changed."""

    outcome: Literal["REFUSED"] = "REFUSED"
    code: Literal["OUT_OF_STOCK", "QUANTITY_LIMIT", "CART_FULL", "UNKNOWN_PRODUCT", "PRICE_CHANGED", "ACCOUNT_ERASED"]
    limit: int | None = Field(default=None, description="The limit, in units or products.")
    price: Money | None = Field(default=None, description="With PRICE_CHANGED: today's price of a unit.")


def _change(given: ChangeInput) -> ChangedOutcome | RefusedOutcome:
    try:
        return ChangedOutcome(cart=_apply_change(given))
    except PriceChangedError as refused:
        return RefusedOutcome(code="PRICE_CHANGED", price=refused.price)
    except OutOfStockError as refused:
        return RefusedOutcome(code="OUT_OF_STOCK", limit=refused.available)
    except TooManyUnitsError:
        return RefusedOutcome(code="QUANTITY_LIMIT", limit=MAX_QUANTITY)
    except TooManyLinesError:
        return RefusedOutcome(code="CART_FULL", limit=MAX_LINES)
    except CartErasedError:
        return RefusedOutcome(code="ACCOUNT_ERASED")
    except CartRuleError:
        return RefusedOutcome(code="UNKNOWN_PRODUCT")


def _apply_change(given: ChangeInput) -> PricedCart:
    service = cart_service()
    product = service.products.get_many([given.product_id]).get(given.product_id)
    if given.change != "REMOVE":
        check_agreed_price(product, given.agreed_price)
    match given.change:
        case "ADD":
            return service.add(given.user_id, given.product_id, given.quantity)
        case "SET":
            return service.set_quantity(given.user_id, given.product_id, given.quantity)
        case "REMOVE":
            return service.remove(given.user_id, given.product_id)


validate = command(_validate, ValidateInput)
change = command(_change, ChangeInput)
