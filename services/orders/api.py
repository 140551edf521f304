"""HTTP routes of orders: a shopper reads and cancels; staff ships, delivers and refunds."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Header, Path, Query

from bus.cursor import InvalidCursorError
from bus.http import Api, Problem, not_found
from services.orders.api_models import OrderPage, OrderSummary, OrderView
from services.orders.dependencies import store
from services.orders.domain import Order, OrderChange
from services.orders.history import Requester
from services.orders.parcels import (
    Delivery,
    FullyRefundedError,
    NoAddressError,
    ParcelDeliveredError,
    ParcelExistsError,
    ParcelToSend,
    UnitsNotLeftError,
    UnknownParcelError,
    UnsentUnitsError,
)
from services.orders.refund_requests import (
    IdempotencyMismatchError,
    OrderNotRefundableError,
    StaffRefund,
    staff_request_id,
)
from services.orders.statuses import InvalidTransitionError, UnexpectedStatusError

api = Api()
app = api.app
OrderIdInPath = Annotated[str, Path(max_length=128)]


@app.get("/api/orders", tags=["orders"])
def list_orders(
    limit: Annotated[int, Query(ge=1, le=50)] = 20,
    cursor: Annotated[str | None, Query(max_length=1024)] = None,
) -> OrderPage:
    """List the caller's orders, newest first."""
    try:
        orders, next_cursor = store().list_by_user(api.caller().user_id, limit, cursor)
    except InvalidCursorError:
        raise Problem(422, "VALIDATION", "This cursor is not one of ours.") from None
    return OrderPage(items=[OrderView.of(order) for order in orders], next_cursor=next_cursor)


@app.get("/api/orders/<order_id>", tags=["orders"])
def get_order(order_id: OrderIdInPath) -> OrderView:
    """Read an order of the caller; staff reads any."""
    return OrderView.of(_get_accessible(order_id, _requester()))


@app.post("/api/orders/<order_id>/cancel", tags=["orders"], status_code=202)
def cancel_order(order_id: OrderIdInPath) -> Response[OrderSummary]:
    """Cancel an order that was not shipped yet. A repeated request changes nothing."""
    requester = _requester()
    order = _get_accessible(order_id, requester)
    try:
        return _accepted(store().update(order, lambda order: order.cancelled_for(requester, datetime.now(UTC))))
    except InvalidTransitionError as error:
        sentence = f"The order is {_words(error.status)} and can no longer be cancelled."
        raise Problem(409, "NOT_CANCELLABLE", sentence) from None


@app.post("/api/orders/<order_id>/ship", tags=["orders"], status_code=202)
@api.for_staff
def ship_order(order_id: OrderIdInPath, parcel: ParcelToSend) -> Response[OrderSummary]:
    """Record a parcel that was handed to a carrier: with the lines that it names, or all that is left (staff)."""
    by = _requester().actor
    return _update(order_id, lambda order: order.shipped(parcel, datetime.now(UTC), by=by))


@app.post("/api/orders/<order_id>/deliver", tags=["orders"], status_code=202)
@api.for_staff
def deliver_order(
    order_id: OrderIdInPath, delivery: Annotated[Delivery | None, Body()] = None
) -> Response[OrderSummary]:
    """Record that a parcel has arrived, or all of the order (staff)."""
    by, parcel_id = _requester().actor, delivery.parcel_id if delivery else None

    def rule(order: Order) -> OrderChange:
        at = datetime.now(UTC)
        return order.parcel_delivered(parcel_id, at, by=by) if parcel_id else order.delivered(at, by=by)

    return _update(order_id, rule)


@app.post("/api/orders/<order_id>/refund", tags=["orders"], status_code=202)
@api.with_idempotency_key
@api.for_staff
def refund_order(
    order_id: OrderIdInPath,
    request: Annotated[StaffRefund, Body()],
    idempotency_key: Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=128)],
) -> Response[OrderSummary]:
    """Refund an amount, lines, or all that is left (staff). The order shows it once payment has made it.

    The same key with the same request gets the first answer again, with another request 422.
    """
    order, by = _get(order_id), _requester().actor
    try:
        order = store().update(
            order, lambda order: order.refund_requested(request, idempotency_key, datetime.now(UTC), by=by)
        )
    except IdempotencyMismatchError:
        raise Problem(422, "IDEMPOTENCY_MISMATCH", "This Idempotency-Key was used with another request.") from None
    except UnexpectedStatusError as error:
        sentence = (
            f"The order is {_words(error.status)}. To refund it nevertheless, look at it again and send what you see"
            " as expectedStatus."
        )
        raise Problem(409, "WRONG_STATUS", sentence, orderStatus=error.status) from None
    except UnitsNotLeftError:
        raise _units_not_left(_get(order_id)) from None
    except OrderNotRefundableError as error:
        # What was left when it was read may be under way by now.
        raise Problem(409, "NOT_REFUNDABLE", str(error), refundable=_get(order_id).refundable) from None
    recorded = order.refund_requests[staff_request_id(idempotency_key)]
    return _accepted(order.model_copy(update={"status": recorded.order_status}))


def _update(order_id: str, rule: Callable[[Order], OrderChange]) -> Response[OrderSummary]:
    order = _get(order_id)
    try:
        return _accepted(store().update(order, rule))
    except InvalidTransitionError as error:
        sentence = f"The order is {_words(error.status)} and cannot become {_words(error.to)}."
        raise Problem(409, "WRONG_STATUS", sentence, orderStatus=error.status) from None
    except FullyRefundedError:
        sentence = "All of the order's money is back or on its way. Cancel the order instead of sending it."
        raise Problem(409, "NOTHING_PAID", sentence) from None
    except NoAddressError:
        sentence = "The shopper has deleted their account, and the address with it. Cancel the order instead."
        raise Problem(409, "NO_ADDRESS", sentence) from None
    except ParcelExistsError as error:
        sentence = "A parcel with this carrier and tracking number was sent before."
        raise Problem(409, "PARCEL_EXISTS", sentence, parcelId=error.parcel_id) from None
    except UnitsNotLeftError:
        raise _units_not_left(_get(order_id)) from None
    except UnsentUnitsError:
        sentence = "Something of the order was neither sent nor refunded. Send it, or refund its lines as not sent."
        raise Problem(409, "UNITS_UNSENT", sentence, left=_get(order_id).units_to_send) from None
    except UnknownParcelError:
        raise not_found("parcel") from None
    except ParcelDeliveredError:
        raise Problem(409, "PARCEL_DELIVERED", "This parcel was delivered before.") from None


def _units_not_left(order: Order) -> Problem:
    sentence = "The lines name more units than are still to be sent."
    return Problem(409, "UNITS_NOT_LEFT", sentence, left=order.units_to_send)


def _words(status: str) -> str:
    return status.lower().replace("_", " ")


def _requester() -> Requester:
    caller = api.caller()
    return Requester(caller.user_id, is_staff=caller.is_staff)


def _get_accessible(order_id: str, requester: Requester) -> Order:
    order = store().find(order_id) if requester.is_staff else store().get(order_id, requester.user_id)
    if order is None or not order.is_accessible_to(requester):
        raise not_found("order")
    return order


def _get(order_id: str) -> Order:
    order = store().find(order_id)
    if order is None:
        raise not_found("order")
    return order


def _accepted(order: Order) -> Response[OrderSummary]:
    body = OrderSummary(order_id=order.order_id, status=order.status)
    return Response(status_code=202, content_type="application/json", body=body)
