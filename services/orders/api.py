"""HTTP routes of orders: a shopper reads and cancels; staff ships, delivers and refunds."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Path, Query
from pydantic import StringConstraints

from bus.cursor import InvalidCursorError
from bus.http import Api, Problem, not_found
from schemas.contract import Contract, Identifier, Money
from schemas.orders import CancelledBy
from services.orders.dependencies import refunds, store
from services.orders.domain import Change, NothingPaidError, Order, Shipment, TransitionRefusedError
from services.orders.refunds import RefundRefusedError
from services.orders.views import OrderPage, OrderView

api = Api()
app = api.app
OrderIdInPath = Annotated[str, Path(max_length=128)]


class RefundRequest(Contract):
    """Money to give back: all that is left of the order, or an amount."""

    amount: Money | None = None
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class Accepted(Contract):
    """The order as it is now; what follows from it is on its way."""

    order_id: Identifier
    status: str


@app.get("/api/orders", tags=["orders"])
def list_orders(
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
) -> OrderPage:
    """List the caller's orders, newest first."""
    try:
        orders, following = store().of_user(api.caller().user_id, limit, cursor)
    except InvalidCursorError:
        raise Problem(422, "VALIDATION", "This cursor is not one of ours.") from None
    return OrderPage(items=[OrderView.of(order) for order in orders], next_cursor=following)


@app.get("/api/orders/<order_id>", tags=["orders"])
def get_order(order_id: OrderIdInPath) -> OrderView:
    """Read an order of the caller; staff reads any."""
    return OrderView.of(_visible(order_id))


@app.post("/api/orders/<order_id>/cancel", tags=["orders"], status_code=202)
def cancel_order(order_id: OrderIdInPath) -> Response[Accepted]:
    """Cancel an order that has not been sent yet. A second request has nothing left to do."""
    by: CancelledBy = "STAFF" if api.caller().is_staff else "SHOPPER"

    def cancelled(order: Order) -> Change | None:
        return None if order.is_cancelled else order.cancelled(by, f"Cancelled by {by.lower()}.", datetime.now(UTC))

    try:
        return _accepted(store().change(_visible(order_id), cancelled))
    except TransitionRefusedError as refused:
        sentence = f"The order is {refused.status.lower()} and can no longer be cancelled."
        raise Problem(409, "NOT_CANCELLABLE", sentence) from None


@app.post("/api/orders/<order_id>/ship", tags=["orders"], status_code=202)
@api.for_staff
def ship_order(order_id: OrderIdInPath, shipment: Shipment) -> Response[Accepted]:
    """Note that the parcel left the warehouse (staff)."""
    return _moved(order_id, lambda order: order.shipped(shipment, datetime.now(UTC)))


@app.post("/api/orders/<order_id>/deliver", tags=["orders"], status_code=202)
@api.for_staff
def deliver_order(order_id: OrderIdInPath) -> Response[Accepted]:
    """Note that the parcel arrived (staff)."""
    return _moved(order_id, lambda order: order.delivered(datetime.now(UTC)))


@app.post("/api/orders/<order_id>/refund", tags=["orders"], status_code=202)
@api.for_staff
def refund_order(
    order_id: OrderIdInPath,
    request: Annotated[RefundRequest, Body()],
    idempotency_key: Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=100)] = None,
) -> Response[Accepted]:
    """Give money back (staff). The order tells of it once the payment service has done it."""
    order = _found(order_id)
    try:
        refunds().request(order, request.amount, request.reason, idempotency_key)
    except RefundRefusedError as refused:
        raise Problem(409, "NOT_REFUNDABLE", str(refused), refundable=order.refundable) from None
    return _accepted(order)


def _moved(order_id: str, rule: Callable[[Order], Change]) -> Response[Accepted]:
    try:
        return _accepted(store().change(_found(order_id), rule))
    except TransitionRefusedError as refused:
        sentence = f"The order is {refused.status.lower()} and cannot become {refused.to.lower()}."
        raise Problem(409, "WRONG_STATUS", sentence, orderStatus=refused.status) from None
    except NothingPaidError:
        sentence = "All of the order's money was given back. Cancel it instead of sending it."
        raise Problem(409, "NOTHING_PAID", sentence) from None


def _visible(order_id: str) -> Order:
    caller = api.caller()
    order = store().find(order_id) if caller.is_staff else store().get(order_id, caller.user_id)
    if order is None:
        raise not_found("order")
    return order


def _found(order_id: str) -> Order:
    order = store().find(order_id)
    if order is None:
        raise not_found("order")
    return order


def _accepted(order: Order) -> Response[Accepted]:
    body = Accepted(order_id=order.order_id, status=order.status)
    return Response(status_code=202, content_type="application/json", body=body)
