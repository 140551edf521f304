"""Tells a shopper's open connections when an order of theirs moves, and remembers it for later questions.

To be told twice does no harm: the message names its event, and the history keeps it once. In a replay nobody is told.
"""

from functools import cache
from typing import Any

from bus.clients import dynamodb
from bus.consumer import Consumer, Replay
from schemas.event import Envelope, Event
from schemas.identity import UserDeleted
from schemas.orders import OrderCancelled, OrderDelivered, OrderPlaced, OrderRefunded, OrderShipped
from schemas.payment import PaymentRefunded
from schemas.websocket import OrderMoved
from services.chat.domain import Role, Turn, dollars
from services.chat.history import ChatHistory, HistorySettings
from services.chat.websocket_connections import sockets

consumer = Consumer("chat")


@cache
def _history() -> ChatHistory:
    return ChatHistory(dynamodb(), HistorySettings.load().chat_history_table)


@consumer.on(OrderPlaced, Replay.DENY)
def tell_placed(event: Envelope[OrderPlaced]) -> None:
    """Tell that an order was placed."""
    _tell(event, event.data.user_id, f"Your order {event.data.order_id} over {dollars(event.data.total)} is placed.")


@consumer.on(OrderShipped, Replay.DENY)
def tell_shipped(event: Envelope[OrderShipped]) -> None:
    """Tell that a parcel is on its way."""
    data = event.data
    _tell(
        event,
        data.user_id,
        f"Your order {data.order_id} has shipped with {data.carrier}, tracking number {data.tracking_number}.",
    )


@consumer.on(OrderDelivered, Replay.DENY)
def tell_delivered(event: Envelope[OrderDelivered]) -> None:
    """Tell that a parcel has arrived."""
    _tell(event, event.data.user_id, f"Your order {event.data.order_id} was delivered.")


@consumer.on(OrderCancelled, Replay.DENY)
def tell_cancelled(event: Envelope[OrderCancelled]) -> None:
    """Tell that an order will not be sent."""
    _tell(event, event.data.user_id, f"Your order {event.data.order_id} was cancelled.")


@consumer.on(OrderRefunded, Replay.DENY)
def tell_refunded(event: Envelope[OrderRefunded]) -> None:
    """Tell that the order knows of its money back."""
    data = event.data
    _tell(event, data.user_id, f"{dollars(data.amount)} of your order {data.order_id} were refunded.")


@consumer.on(PaymentRefunded, Replay.DENY)
def tell_money_back(event: Envelope[PaymentRefunded]) -> None:
    """Tell that money is on its way to the card."""
    data = event.data
    _tell(event, data.user_id, f"{dollars(data.amount)} are on their way back to your card.")


@consumer.on(UserDeleted)
def forget_shopper(event: Envelope[UserDeleted]) -> None:
    """Delete what is kept of a shopper."""
    _history().forget(event.data.user_id)
    for connection_id in sockets().of_user(event.data.user_id):
        sockets().forget(connection_id)


def _tell(event: Envelope[Any], user_id: str, message: str) -> None:
    data: Event = event.data
    moved = OrderMoved(
        event_id=event.metadata.event_id,
        detail_type=data.detail_type(),
        message=message,
        data=data.model_dump(mode="json", exclude={"user_id"}, exclude_none=True),
    )
    _history().add(user_id, Turn(Role.EVENT, event.metadata.occurred_at, message))
    sockets().send_to_user(user_id, moved)
