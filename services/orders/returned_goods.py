"""What returned goods do to an order: their money is requested, once, and never more than is left. No AWS."""

from datetime import datetime

from schemas.contract import Money
from schemas.returns import ReturnReceived
from schemas.tax import sum_by_rate
from services.orders.domain import Order, OrderChange
from services.orders.history import SYSTEM
from services.orders.order_record import OrderMismatchError
from services.orders.parcels import count_units
from services.orders.refund_requests import RefundedLine, RefundRequest
from tax.refunds import added_by, tax_of_part


def return_request_id(return_id: str) -> str:
    """Return the id of the refund of a return, which none of staff or of the shop's other refunds equals."""
    return f"return-{return_id}"


def refund_for_return(order: Order, returned: ReturnReceived, at: datetime) -> OrderChange | None:
    """Return the order with the refund of goods that came back; None where it was requested before, or nothing is due.

    Units that staff has refunded already, line by line, are not refunded again; where staff gave a part of their price
    back, the rest is refunded.

    Parameters:
        order: the order.
        returned: what came back.
        at: now.

    Raises OrderMismatchError where the order has not these lines, or is another shopper's.
    """
    request_id = return_request_id(returned.return_id)
    if request_id in order.refund_requests:
        return None
    units = {line.product_id: line.restocked + line.written_off for line in returned.lines}
    before = _refunded_before(order, returned, units)
    if order.tax is None:
        amount, tax = returned.refund.amount - before, None
    else:
        # Orders alone knows which units had their part of the tax before.
        delivery = returned.delivery.amount if returned.delivery else 0
        amount = order.price_left_of(units) + delivery
        tax = order.taxes_within(units, amount - delivery)
        if tax is not None and delivery:
            paid = order.shipping.amount + added_by(order.tax, order.tax.delivery)
            tax = sum_by_rate([*tax, *tax_of_part(order.tax.delivery, delivery, paid)])
    amount = min(amount, order.refundable.amount)
    if amount <= 0:
        return None
    request = RefundRequest(
        amount=Money(amount=amount, currency=order.total.currency),
        lines=[RefundedLine(product_id=name, quantity=quantity) for name, quantity in units.items() if quantity],
        tax=tax,
        reason=returned.reason,
        fingerprint=request_id,
        order_status=order.status,
        requested_at=at,
        requested_by=SYSTEM,
    )
    return order.with_refund_request(request_id, request, SYSTEM, at)


def _refunded_before(order: Order, returned: ReturnReceived, units: dict[str, int]) -> int:
    """Return what staff has given back before for the units that came back, in minor units."""
    if returned.user_id != order.user_id or returned.refund.currency != order.total.currency:
        raise OrderMismatchError(f"order {order.order_id} is another shopper's, or was paid in another currency")
    bought = count_units(order.lines)
    if any(quantity > bought[product_id] for product_id, quantity in units.items()):
        raise OrderMismatchError(f"order {order.order_id} has fewer units than came back")
    return order.price_of(units) - order.price_left_of(units)
