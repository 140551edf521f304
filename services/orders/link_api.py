"""HTTP routes for whoever has the link of an order's mail, without signing in: see the order, and cancel it."""

from datetime import UTC, datetime
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from bus.http import ANYONE, Api, Problem, not_found
from services.orders.api_models import OrderSummary
from services.orders.dependencies import store
from services.orders.domain import InvalidTransitionError, Order, Requester
from services.orders.linked_orders import MAX_TOKEN_LENGTH, LinkedOrderView, find_linked_order
from services.orders.order_links import InvalidLinkError

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
        sentence = f"The order is {error.status.lower()} and can no longer be cancelled."
        raise Problem(409, "NOT_CANCELLABLE", sentence) from None
    body = OrderSummary(order_id=order.order_id, status=order.status)
    return Response(status_code=202, content_type="application/json", body=body)


def _linked(token: str) -> Order:
    try:
        return find_linked_order(token)
    except InvalidLinkError:
        raise not_found("order") from None
