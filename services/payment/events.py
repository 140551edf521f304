"""A cancelled order: its money goes back."""

from bus.consumer import Consumer, Replay
from bus.log import logger
from schemas.event import Envelope
from schemas.orders import OrderCancelled
from services.payment.answers import NothingToRefund, Refused
from services.payment.dependencies import refunding
from services.payment.refunding import RefundInput

consumer = Consumer("payment")

REQUEST_ID = "cancel"
"""An order is cancelled once."""


class RefundRefusedError(Exception):
    """A cancelled order's money cannot be given back by the shop itself: a person has to see to it."""


@consumer.on(OrderCancelled, replay=Replay.DENY, effect="refund")
def give_back(event: Envelope[OrderCancelled]) -> None:
    """Give back what is left of the payment of a cancelled order."""
    given = RefundInput(order_id=event.data.order_id, reason=event.data.reason, request_id=REQUEST_ID)
    match refunding().refund(given):
        case Refused(message=message):
            raise RefundRefusedError(f"{event.data.order_id}: {message}")
        case NothingToRefund():
            logger.info("a cancelled order has nothing to give back", order_id=event.data.order_id)
