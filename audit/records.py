"""What an audit reads of each service's items, of Stripe's objects and of events: only what it compares.

They are read without the services' own models on purpose: an auditor that read them with the code that wrote them
would share its mistakes. ``tests/contract/audit`` compares the words, ``tests/e2e/audit`` what the services write.
"""

import json
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from schemas.contract import Line, Money
from schemas.tax import OrderTax

ENDED_CHECKOUTS = frozenset({"COMPLETED", "FAILED"})
CANCELLED_ORDERS = frozenset({"CANCELLED", "REFUND_PENDING", "REFUNDED"})
"""Statuses of an order whose money goes back, and whose units return to stock."""
UNSENT_PREFIX = "unsent-"
"""Of the key of units that were refunded, not sent; ``services/inventory/returned_goods.py`` has the same."""


class Record(BaseModel):
    """A record, open to attributes that no check reads."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore", frozen=True)


class StoredRecord(Record):
    """An item of a table whose writes raise events.

    Attributes:
        outbox: the events of its last write, as JSON.
    """

    outbox: str = "[]"

    @property
    def raised(self) -> list[tuple[str, str]]:
        """The id and detail type of each event that its last write has raised."""
        return [(entry["eventId"], entry["detailType"]) for entry in json.loads(self.outbox)]


class Charge(Record):
    """A charge at Stripe that took money."""

    charge_id: str
    intent_id: str
    order_id: str
    amount: Money
    created: int


class StripeRefund(Record):
    """A refund at Stripe.

    Attributes:
        request_id: the shop's request for it; None where staff used Stripe's dashboard.
    """

    refund_id: str
    intent_id: str
    amount: Money
    status: str
    created: int
    request_id: str | None = None

    @property
    def is_paid(self) -> bool:
        """Whether the money goes back, or is back."""
        return self.status not in ("failed", "canceled")


class RecordedRefund(Record):
    """A refund as the payment service has recorded it; ``failure_code`` says why it will not be made."""

    requested: Money | None = Field(default=None, alias="asked")
    refunded: Money | None = Field(default=None, alias="given")
    refund_id: str | None = None
    failure_code: str | None = None


class Payment(StoredRecord):
    """An item of Payments; ``refunds`` are by request id."""

    order_id: str
    status: str
    amount: Money | None = None
    payment_intent_id: str | None = None
    refunds: dict[str, RecordedRefund] = {}


class Quote(Record):
    """What a checkout is going to buy."""

    lines: list[Line]
    total: Money


class Checkout(StoredRecord):
    """An item of Checkouts; times are seconds since the epoch."""

    order_id: str
    status: str
    lease_until: int
    quote: Quote | None = None
    outcome: str | None = None

    @property
    def is_ended(self) -> bool:
        """Whether its status is final."""
        return self.status in ENDED_CHECKOUTS


class StatusChange(Record):
    """A status, and when the order reached it."""

    status: str
    at: datetime


class Parcel(Record):
    """A parcel of an order."""

    parcel_id: str
    shipped_at: datetime
    delivered_at: datetime | None = None


class Order(StoredRecord):
    """An item of Orders; ``refunds`` are minor units by refund id."""

    order_id: str
    user_id: str
    status: str
    lines: list[Line]
    shipping: Money
    tax: OrderTax | None = None
    total: Money
    payment_intent_id: str
    history: list[StatusChange]
    parcels: list[Parcel] = []
    refunds: dict[str, int] = {}
    shipping_address: dict[str, Any] | None = None

    @property
    def is_erased(self) -> bool:
        """Whether its shopper was erased, and the address with them."""
        return self.shipping_address is None

    @property
    def is_cancelled(self) -> bool:
        """Whether it was cancelled, and perhaps refunded since."""
        return self.status in CANCELLED_ORDERS

    def reached(self, status: str) -> datetime | None:
        """Return when it reached a status; None where it never did."""
        return next((change.at for change in self.history if change.status == status), None)


class Reservation(StoredRecord):
    """An item of Reservations; ``hold_expires_at`` is in milliseconds since the epoch.

    Attributes:
        returned: units that are back on the shelf, by return, or by the refund that stood for sending them.
    """

    reservation_id: str
    state: str
    lines: dict[str, int] = {}
    hold_expires_at: int | None = None
    returned: dict[str, dict[str, int]] = {}

    def taken(self, product_id: str) -> int:
        """Return the units that its order has, without those that are back to be sold again."""
        return self.lines.get(product_id, 0) - sum(units.get(product_id, 0) for units in self.returned.values())

    def has_unsent(self, refunded: "Fact") -> bool:
        """Return whether the units that an OrderRefunded says were not sent are back on the shelf."""
        return f"{UNSENT_PREFIX}{refunded.data.get('requestId')}" in self.returned


class Hold(Record):
    """Units that a reservation holds; ``expires_at`` is in milliseconds since the epoch."""

    quantity: int
    expires_at: int


class Stock(StoredRecord):
    """An item of Stock; ``holds`` are by reservation id."""

    product_id: str
    on_hand: int
    available: int
    sequence: int
    holds: dict[str, Hold] = {}


class SentMail(Record):
    """An item of the send log.

    Attributes:
        event_id: the event that it is about.
        message_id: SES's id of the message; None where it could not be sent.
    """

    event_id: str
    state: str
    template: str | None = None
    subject_id: str | None = None
    message_id: str | None = None


class Fact(Record):
    """An event in the journal.

    Attributes:
        at: when it occurred, according to its producer.
        seen_at: when the bus delivered it to the journal.
    """

    event_id: str
    detail_type: str
    aggregate_id: str
    sequence: int
    at: datetime
    seen_at: datetime
    data: dict[str, Any]

    @property
    def order_id(self) -> str | None:
        """The order that it is about, if any."""
        found = self.data.get("orderId")
        return found if isinstance(found, str) else None
