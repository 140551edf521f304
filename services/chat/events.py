"""Notifies a shopper's open connections of changes of an order, and stores them in the conversation.

A repeated event does no harm: the message carries the event's id, and the history stores it once. No notifications are
sent in a replay.
"""

from typing import Any

from bus.consumer import Consumer, Replay
from bus.log import logger
from schemas.event import Envelope, Event
from schemas.identity import UserDeleted
from schemas.order_number import order_number
from schemas.orders import OrderCancelled, OrderDelivered, OrderPlaced, OrderRefunded, OrderShipped, ParcelDelivered
from schemas.payment import PaymentRefundedV2
from schemas.websocket import OrderMoved
from services.chat.dependencies import connections, conversations, proposals
from services.chat.domain import ConversationTurn, Role, ShopperErasedError, format_money

consumer = Consumer("chat")


@consumer.on(OrderPlaced, Replay.DENY)
def notify_placed(event: Envelope[OrderPlaced]) -> None:
    """Notify of a placed order."""
    data = event.data
    _notify(event, data.user_id, f"Your order {order_number(data.order_id)} over {format_money(data.total)} is placed.")


@consumer.on(OrderShipped, Replay.DENY)
def notify_shipped(event: Envelope[OrderShipped]) -> None:
    """Notify of a parcel that was sent."""
    data = event.data
    what = "A part of your order" if data.completes_order is False else "Your order"
    _notify(
        event,
        data.user_id,
        f"{what} {order_number(data.order_id)} has shipped with {data.carrier},"
        f" tracking number {data.tracking_number}.",
    )


@consumer.on(ParcelDelivered, Replay.DENY)
def notify_parcel_delivered(event: Envelope[ParcelDelivered]) -> None:
    """Notify of a parcel that has arrived before the rest of its order."""
    _notify(event, event.data.user_id, f"A parcel of your order {order_number(event.data.order_id)} was delivered.")


@consumer.on(OrderDelivered, Replay.DENY)
def notify_delivered(event: Envelope[OrderDelivered]) -> None:
    """Notify of a delivered order."""
    _notify(event, event.data.user_id, f"Your order {order_number(event.data.order_id)} was delivered.")


@consumer.on(OrderCancelled, Replay.DENY)
def notify_cancelled(event: Envelope[OrderCancelled]) -> None:
    """Notify of a cancelled order."""
    _notify(event, event.data.user_id, f"Your order {order_number(event.data.order_id)} was cancelled.")


@consumer.on(OrderRefunded, Replay.DENY)
def notify_order_refunded(event: Envelope[OrderRefunded]) -> None:
    """Notify of a refund that the order has recorded."""
    data = event.data
    number = order_number(data.order_id)
    _notify(event, data.user_id, f"{format_money(data.amount)} of your order {number} were refunded.")


@consumer.on(PaymentRefundedV2, Replay.DENY)
def notify_payment_refunded(event: Envelope[PaymentRefundedV2]) -> None:
    """Notify of a refund that the payment provider has accepted."""
    data = event.data
    _notify(event, data.user_id, f"{format_money(data.amount)} are on their way back to your card.")


@consumer.on(UserDeleted)
def delete_user_data(event: Envelope[UserDeleted]) -> None:
    """Close a shopper's connections and delete their conversations and proposals.

    Nothing is stored under their id any more: the tombstone, which each write checks, is older than this event.
    """
    user_id = event.data.user_id
    for connection_id in connections().ids_of_user(user_id):
        connections().close(connection_id)
    conversations().delete_all(user_id)
    proposals().delete_all(user_id)


def _notify(event: Envelope[Any], user_id: str, message: str) -> None:
    data: Event = event.data
    moved = OrderMoved(
        event_id=event.metadata.event_id,
        detail_type=data.detail_type(),
        message=message,
        data=data.model_dump(mode="json", exclude={"user_id"}, exclude_none=True),
    )
    try:
        conversations().add(user_id, ConversationTurn(Role.EVENT, event.metadata.occurred_at, message))
    except ShopperErasedError:
        logger.info("the shopper was erased", detail_type=data.detail_type())
        return
    connections().send_to_user(user_id, moved)
