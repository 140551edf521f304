"""The HTTP response of each outcome of a checkout."""

from typing import Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import Field

from bus.http import Problem
from schemas.contract import Contract, Identifier, Money
from schemas.order_number import order_number
from services.checkout.domain import MESSAGES, CheckoutOutcome


class PlacedOrder(Contract):
    """An order that is placed, or waits for the shopper's 3-D Secure."""

    order_id: Identifier
    order_number: str = Field(description="As people read and type it: ten signs. Not a key.")
    status: Literal["CONFIRMED", "REQUIRES_ACTION"]
    total: Money | None = None
    client_secret: str | None = None


def response_for(order_id: str, outcome: CheckoutOutcome) -> Response[PlacedOrder]:
    """Return the success of an outcome, or raise its problem.

    Parameters:
        order_id: the checkout.
        outcome: how it ended.

    Raises Problem for an outcome without an order.
    """
    number = order_number(order_id)
    match outcome.outcome:
        case "CONFIRMED":
            placed = PlacedOrder(order_id=order_id, order_number=number, status="CONFIRMED", total=outcome.total)
            return _success(201, placed)
        case "REQUIRES_ACTION":
            waiting = PlacedOrder(
                order_id=order_id, order_number=number, status="REQUIRES_ACTION", client_secret=outcome.client_secret
            )
            return _success(202, waiting)
        case _:
            raise problem_for(outcome)


def _success(status: int, body: PlacedOrder) -> Response[PlacedOrder]:
    return Response(status_code=status, content_type="application/json", body=body)


def problem_for(outcome: CheckoutOutcome) -> Problem:
    """Return the problem of an outcome without an order."""
    sentence = outcome.sentence or MESSAGES["FAULT"]
    match outcome.outcome:
        case "DECLINED":
            return Problem(402, "PAYMENT_DECLINED", sentence, declineCode=outcome.decline_code)
        case "OUT_OF_STOCK":
            return Problem(409, "OUT_OF_STOCK", sentence, lines=outcome.lines)
        case "UNAVAILABLE":
            return Problem(409, "UNAVAILABLE", sentence, lines=outcome.lines)
        case "UNDELIVERABLE":
            return Problem(422, "UNDELIVERABLE", sentence, reason=outcome.reason, lines=outcome.lines)
        case "PRICE_CHANGED":
            return Problem(409, "PRICE_CHANGED", sentence, cart=outcome.cart)
        case "IN_PROGRESS":
            return Problem(409, "IN_PROGRESS", sentence)
        case "ACCOUNT_ERASED":
            return Problem(410, "ACCOUNT_ERASED", sentence)
        case "EMPTY_CART":
            return Problem(422, "EMPTY_CART", sentence)
        case _:
            return Problem(503, "CHECKOUT_FAILED", sentence)
