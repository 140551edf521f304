"""HTTP routes for whoever has the link of an order's mail: see the order, cancel it; and to make such links invalid."""

from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from bus.http import ANYONE, Api, Problem, not_found
from services.orders.api_models import OrderSummary
from services.orders.dependencies import store
from services.orders.domain import Order
from services.orders.history import Requester
from services.orders.linked_orders import MAX_TOKEN_LENGTH, LinkedOrderView, find_linked_order
from services.orders.order_links import InvalidLinkError
from services.orders.statuses import InvalidTransitionError

api = Api()
app = api.app
Token = Annotated[str, Path(min_length=1, max_length=MAX_TOKEN_LENGTH)]


@app.get("/api/order-links/<token>", tags=["orders"], security=ANYONE)
def get_linked_order(token: Token) -> LinkedOrderView:
    """Read the order that the link of a mail leads to. A wrong, expired or revoked link leads to none."""
    return LinkedOrderView.of(_linked(token))


@app.post("/api/order-links/<token>/cancel", tags=["orders"], security=ANYONE, status_code=202)
def cancel_linked_order(token: Token) -> Response[OrderSummary]:
    """Cancel the order, unless it was shipped. A repeated request changes nothing."""
    order = _linked(token)
    # Whoever has the link stands for the shopper, to whom it was sent.
    shopper = Requester(order.user_id, is_staff=False)
    try:
        order = store().update(order, lambda order: order.cancelled_for(shopper, datetime.now(UTC)))
    except InvalidTransitionError as error:
        sentence = f"The order is {error.status.lower().replace('_', ' ')} and can no longer be cancelled."
        raise Problem(409, "NOT_CANCELLABLE", sentence) from None
    body = OrderSummary(order_id=order.order_id, status=order.status)
    return Response(status_code=202, content_type="application/json", body=body)


@app.delete("/api/orders/<order_id>/links", tags=["orders"], status_code=204)
def revoke_links(order_id: Annotated[str, Path(max_length=128)]) -> Response[None]:
    """Make the links of all mails about an order invalid that were sent so far; for its shopper, and for staff."""
    caller = api.caller()
    order = store().find(order_id)
    if order is None or not order.is_accessible_to(Requester(caller.user_id, is_staff=caller.is_staff)):
        raise not_found("order")
    store().revoke_links(order)
    return Response(status_code=204)


def _linked(token: str) -> Order:
    try:
        return find_linked_order(token)
    except InvalidLinkError:
        raise not_found("order") from None
