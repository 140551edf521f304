"""The facts that events tell. No fact holds the id of a person."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from schemas.cart import CartStarted
from schemas.checkout import CheckoutFailed
from schemas.contract import Line, Money
from schemas.event import Envelope
from schemas.orders import OrderCancelled, OrderPlaced, OrderRefunded
from services.reporting.domain import CURRENCY, Fact, Kind, day_of

Counted = CartStarted | CheckoutFailed | OrderPlaced | OrderCancelled | OrderRefunded


class ForeignCurrencyError(Exception):
    """An amount is not in the shop's currency, and cannot be added to the others."""


def fact_of(event: Envelope[Any]) -> Fact:
    """Return the fact that an event tells; raises ForeignCurrencyError.

    Parameters:
        event: of one of the classes in ``Counted``.
    """
    data: Counted = event.data
    match data:
        case CartStarted():
            # A shopper starts many carts: the event's own id tells them apart, and names nobody.
            return _fact(data.started_at, Kind.CART_STARTED, event.metadata.event_id)
        case CheckoutFailed():
            return _fact(
                event.metadata.occurred_at,
                Kind.CHECKOUT_FAILED,
                data.order_id,
                orderId=data.order_id,
                reason=data.reason,
            )
        case OrderPlaced():
            return _fact(
                data.placed_at,
                Kind.ORDER_PLACED,
                data.order_id,
                orderId=data.order_id,
                goods=_amount(data.subtotal),
                shipping=_amount(data.shipping),
                tax=_amount(data.tax.amount) if data.tax else 0,
                total=_amount(data.total),
                lines=_lines(data.lines),
            )
        case OrderCancelled():
            return _fact(
                data.cancelled_at,
                Kind.ORDER_CANCELLED,
                data.order_id,
                orderId=data.order_id,
                total=_amount(data.total),
                lines=_lines(data.lines),
            )
        case OrderRefunded():
            # An order may be refunded in several parts.
            return _fact(
                data.refunded_at,
                Kind.ORDER_REFUNDED,
                event.metadata.event_id,
                orderId=data.order_id,
                amount=_amount(data.amount),
                tax=sum(_amount(tax.amount) for tax in data.tax or []),
            )


def _fact(moment: datetime, kind: Kind, subject: str, **values: Any) -> Fact:
    return Fact(day=day_of(moment), key=f"{kind}#{subject}", kind=kind, values=values)


def _lines(lines: Iterable[Line]) -> list[dict[str, Any]]:
    return [
        {
            "productId": line.product_id,
            "name": line.name,
            "quantity": line.quantity,
            "amount": _amount(line.unit_price * line.quantity),
        }
        for line in lines
    ]


def _amount(money: Money) -> int:
    if money.currency != CURRENCY:
        raise ForeignCurrencyError(f"an amount in {money.currency}; the reports are in {CURRENCY}")
    return money.amount
