"""The flows of the event catalog. The templates define who receives an event; this module, what they raise in turn."""

from collections.abc import Mapping
from dataclasses import dataclass

from ecom67.eventcatalog.catalog import EventCatalog

REACTIONS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("ProductCreated", "inventory"): ("StockChanged",),
    ("OrderPlaced", "inventory"): ("StockChanged", "StockShort"),
    ("OrderCancelled", "inventory"): ("StockChanged",),
    ("OrderCancelled", "payment"): ("PaymentRefundedV2", "PaymentRefunded", "RefundPending", "RefundFailed"),
    ("RefundRequested", "payment"): ("PaymentRefundedV2", "PaymentRefunded", "RefundPending", "RefundFailed"),
    ("PaymentRefundedV2", "orders"): ("OrderRefunded",),
    ("OrderShipped", "invoices"): ("InvoiceIssued",),
    ("OrderRefunded", "invoices"): ("CreditNoteIssued",),
    ("OrderRefunded", "inventory"): ("StockChanged",),
    ("PaymentRefundedV2", "returns"): ("ReturnRefunded",),
    ("ReturnReceived", "orders"): ("RefundRequested",),
    ("ReturnReceived", "inventory"): ("StockChanged",),
    ("StockShort", "orders"): ("OrderCancelled",),
    **{
        (notified, "notifications"): ("NotificationSent",)
        for notified in (
            *("OrderPlaced", "OrderShipped", "ParcelDelivered", "OrderDelivered", "OrderCancelled", "OrderRefunded"),
            *("CheckoutFailed", "CartAbandoned", "ExportReady", "InvoiceIssued", "CreditNoteIssued"),
            *("WithdrawalReceived", "ReturnReceived"),
        )
    },
}
"""The events that a service raises after it has handled an event, by event and service."""


@dataclass(frozen=True, slots=True)
class Flow:
    """A business process and its events.

    Attributes:
        name: name in URLs.
        title: what happens.
        actor: who or what starts it.
        story: a description for the page.
        initial_events: the events that it starts with.
        excluded: events that belong to another flow.
    """

    name: str
    title: str
    actor: str
    story: str
    initial_events: tuple[str, ...]
    excluded: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reaction:
    """A service that receives an event, and the events that it raises."""

    service: str
    raises: tuple["RaisedEvent", ...]


@dataclass(frozen=True, slots=True)
class RaisedEvent:
    """An event of a flow, its publisher, and the reactions of its subscribers."""

    event: str
    publisher: str
    reactions: tuple[Reaction, ...]


FLOWS = (
    Flow(
        "purchase",
        "A shopper buys",
        "shopper",
        "The first product starts a cart. Checkout's state machine reserves the stock, charges the card and sends the "
        "order to its queue; each of them tells what it did. Once the order is placed, everything is choreography: the "
        "cart forgets what was bought, inventory takes the units off the shelf, notifications sends the confirmation, "
        "reporting counts.",
        ("CartStarted", "StockChanged", "PaymentSucceeded", "CheckoutCompleted", "OrderPlaced"),
        frozenset({"StockShort"}),
    ),
    Flow(
        "declined",
        "The card is declined",
        "bank",
        "Nothing is charged, and the reserved units come back. The page tells the reason; a shopper who has left it "
        "gets an e-mail.",
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
        "refund",
        "Staff gives money back",
        "staff",
        "The order records the request, under which payment refunds it once; what is under way counts as refunded.",
        ("RefundRequested",),
    ),
    Flow(
        "return",
        "A shopper withdraws, and goods come back",
        "shopper",
        "The shopper gets a receipt at once. What was not sent yet is cancelled; what was is sent back, and once staff "
        "has received it, its money is requested and what can be sold again goes on the shelf.",
        ("WithdrawalReceived", "ReturnReceived"),
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
        "Staff ships, in one parcel or several, and delivers; the shopper is told of each, and gets the invoice with "
        "the first one. With the last one the order is delivered.",
        ("OrderShipped", "ParcelDelivered", "OrderDelivered"),
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


def events_of(flow: Flow, catalog: EventCatalog) -> tuple[RaisedEvent, ...]:
    """Return the initial events of a flow, each with all events that follow from it."""
    return tuple(_raised(name, catalog, flow.excluded, ()) for name in flow.initial_events)


def _raised(name: str, catalog: EventCatalog, excluded: frozenset[str], causes: tuple[str, ...]) -> RaisedEvent:
    event = catalog.events[name]
    return RaisedEvent(
        event=name,
        publisher=event.service,
        reactions=tuple(
            Reaction(
                subscriber.service,
                tuple(
                    _raised(following, catalog, excluded, (*causes, name))
                    for following in REACTIONS.get((name, subscriber.service), ())
                    if following not in excluded and following not in causes
                ),
            )
            for subscriber in event.subscribers
        ),
    )
