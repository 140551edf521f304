"""Events that shoppers are told of."""

from typing import Any

from bus.consumer import Consumer, Replay
from schemas.cart import CartAbandoned
from schemas.event import Envelope, Event
from schemas.orders import OrderCancelled, OrderDelivered, OrderPlaced, OrderRefunded, OrderShipped
from schemas.payment import PaymentFailed
from services.notifications.dependencies import topic
from services.notifications.domain import mail_of

TOLD: tuple[type[Event], ...] = (
    OrderPlaced,
    OrderShipped,
    OrderDelivered,
    OrderCancelled,
    OrderRefunded,
    PaymentFailed,
    CartAbandoned,
)

consumer = Consumer("notifications")


def announce(event: Envelope[Any]) -> None:
    """Announce the mail that an event causes. Twice is no harm: it is sent once."""
    topic().announce(mail_of(event.data))


for told in TOLD:
    consumer.on(told, replay=Replay.DENY, effect="email")(announce)
