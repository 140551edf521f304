"""HTTP routes of returns: withdraw without signing in, in two steps; see the returns of an order."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from bus.http import ANYONE, Api, Problem, not_found
from schemas.commands import ReturnableOrder
from services.returns.api_models import ReceivedWithdrawal, ReturnsOfOrder, StatedWithdrawal, WithdrawalRequest
from services.returns.dependencies import orders, queue, store
from services.returns.domain import Withdrawal
from services.returns.store import UNCONFIRMED_SECONDS
from services.returns.withdrawal_queue import ConfirmedWithdrawal

api = Api()
app = api.app
WITHDRAWAL_ID_BYTES = 16
"""128 bits: only who has declared a withdrawal can confirm it."""


@app.post("/api/withdrawals", tags=["returns"], security=ANYONE, status_code=202)
def declare_withdrawal(request: Annotated[WithdrawalRequest, Body()]) -> Response[StatedWithdrawal]:
    """Withdraw from the contract, first step. The answer does not tell whether there is such an order."""
    order = _linked(request.token) if request.token else None
    withdrawal = Withdrawal(
        withdrawal_id=secrets.token_urlsafe(WITHDRAWAL_ID_BYTES),
        stated_at=datetime.now(UTC),
        order_name=None if order else request.order_id,
        email=None if order else request.email,
        order_id=order.order_id if order else None,
        user_id=order.user_id if order else None,
        units=request.lines,
    )
    store().declare(withdrawal)
    body = StatedWithdrawal(withdrawal_id=withdrawal.withdrawal_id, stated_at=withdrawal.stated_at)
    return Response(status_code=202, content_type="application/json", body=body)


@app.post("/api/withdrawals/<withdrawal_id>/confirm", tags=["returns"], security=ANYONE, status_code=202)
def confirm_withdrawal(
    withdrawal_id: Annotated[str, Path(min_length=1, max_length=64)],
) -> Response[ReceivedWithdrawal]:
    """Confirm a withdrawal, second step. A repeated request gets the first moment again."""
    withdrawal = store().withdrawal(withdrawal_id)
    # After that time no answer may differ by whether there was such an order, of which the withdrawal is kept.
    if withdrawal is None or datetime.now(UTC) - withdrawal.stated_at > timedelta(seconds=UNCONFIRMED_SECONDS):
        raise Problem(404, "NOT_FOUND", "There is no such withdrawal, or it is older than a day. Please begin again.")
    at = withdrawal.confirmed_at
    if at is None:
        at = datetime.now(UTC)
        # Into the queue first: whatever fails afterwards, it is not lost.
        queue().send(ConfirmedWithdrawal(withdrawal_id=withdrawal_id, confirmed_at=at))
        store().confirm(withdrawal_id, at)
    body = ReceivedWithdrawal(withdrawal_id=withdrawal_id, received_at=at)
    return Response(status_code=202, content_type="application/json", body=body)


@app.get("/api/order-links/<token>/returns", tags=["returns"], security=ANYONE)
def get_returns_of_linked_order(token: Annotated[str, Path(min_length=1, max_length=400)]) -> ReturnsOfOrder:
    """List the returns of the order that a link leads to, and what can still be given back."""
    return _returns_of(_linked(token))


@app.get("/api/orders/<order_id>/returns", tags=["returns"])
def get_returns_of_order(order_id: Annotated[str, Path(min_length=1, max_length=128)]) -> ReturnsOfOrder:
    """List the returns of an order of the caller, and what can still be given back."""
    order = orders().of_shopper(api.caller().user_id, order_id)
    if order is None:
        raise not_found("order")
    return _returns_of(order)


def _linked(token: str) -> ReturnableOrder:
    order = orders().of_link(token)
    if order is None:
        raise not_found("order")
    return order


def _returns_of(order: ReturnableOrder) -> ReturnsOfOrder:
    return ReturnsOfOrder.of(order, store().of_order(order.order_id), datetime.now(UTC))
