"""The flows that the catalogue draws. Who gets an event is read from the templates; here is what they raise then."""

from collections.abc import Mapping
from dataclasses import dataclass

from ecom67.eventcatalog.catalogue import Catalogue

REACTIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("ProductCreated", "inventory"): ("StockChanged",),
    ("OrderPlaced", "inventory"): ("StockChanged", "StockShort"),
    ("OrderCancelled", "inventory"): ("StockChanged",),
    ("OrderCancelled", "payment"): ("PaymentRefunded",),
    ("PaymentRefunded", "orders"): ("OrderRefunded",),
    ("StockShort", "orders"): ("OrderCancelled",),
    **{
        (told, "notifications"): ("NotificationSent",)
        for told in (
            *("OrderPlaced", "OrderShipped", "OrderDelivered", "OrderCancelled", "OrderRefunded"),
            *("PaymentFailed", "CartAbandoned"),
        )
    },
}
"""What a service raises when it has handled an event."""


@dataclass(frozen=True, slots=True)
class Flow:
    """Something that happens to the shop, and the events by which it goes on.

    Attributes:
        name: in addresses.
        title: what happens.
        actor: who or what begins it.
        story: how it goes.
        begins: the events that it begins with.
        leaves_out: branches that belong to another flow.
    """

    name: str
    title: str
    actor: str
    story: str
    begins: tuple[str, ...]
    leaves_out: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reaction:
    """A service that gets an event, and what it raises then."""

    service: str
    raises: tuple["Raised", ...]


@dataclass(frozen=True, slots=True)
class Raised:
    """An event in a flow, who raised it, and who goes on."""

    event: str
    publisher: str
    reactions: tuple[Reaction, ...]


FLOWS = (
    Flow(
        "purchase",
        "A shopper buys",
        "shopper",
        "Checkout's state machine reserves the stock, charges the card and sends the order to its queue; each of them "
        "tells what it did. Once the order is placed, everything is choreography: the cart forgets what was bought, "
        "inventory takes the units off the shelf, notifications sends the confirmation.",
        ("StockChanged", "PaymentSucceeded", "CheckoutCompleted", "OrderPlaced"),
        frozenset({"StockShort"}),
    ),
    Flow(
        "declined",
        "The card is declined",
        "bank",
        "Nothing is charged. The reserved units come back, the shopper gets an e-mail with the reason.",
        ("PaymentFailed", "StockChanged", "CheckoutFailed"),
    ),
    Flow(
        "cancellation",
        "An order is cancelled",
        "shopper or staff",
        "The units go back on the shelf and the money to the card; with the last cent the order is refunded.",
        ("OrderCancelled",),
    ),
    Flow(
        "short",
        "Sold out after the payment",
        "paid order",
        "A paid order whose reservation had expired finds its units sold to somebody else: it is cancelled, as above.",
        ("StockShort",),
    ),
    Flow(
        "delivery",
        "A parcel travels",
        "staff",
        "Staff ships and delivers; the shopper is told.",
        ("OrderShipped", "OrderDelivered"),
    ),
    Flow(
        "product",
        "A product comes into the shop",
        "staff",
        "The cart learns of it, and inventory starts its stock with the figure that came with it.",
        ("ProductCreated",),
    ),
    Flow(
        "abandoned",
        "A cart is left behind",
        "timer",
        "A day without a change: the shopper is reminded.",
        ("CartAbandoned",),
    ),
)


def raised_in(flow: Flow, catalogue: Catalogue) -> tuple[Raised, ...]:
    """Return the events with which a flow begins, each with all that follows from it."""
    return tuple(_raised(name, catalogue, flow.leaves_out, ()) for name in flow.begins)


def _raised(name: str, catalogue: Catalogue, without: frozenset[str], causes: tuple[str, ...]) -> Raised:
    event = catalogue.events[name]
    return Raised(
        event=name,
        publisher=event.service,
        reactions=tuple(
            Reaction(
                subscriber.service,
                tuple(
                    _raised(following, catalogue, without, (*causes, name))
                    for following in REACTIONS.get((name, subscriber.service), ())
                    if following not in without and following not in causes
                ),
            )
            for subscriber in event.subscribers
        ),
    )
