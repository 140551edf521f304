"""All that an audit compares: the records of a stage, by order and by product."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from audit.records import (
    Charge,
    Checkout,
    Fact,
    Order,
    Payment,
    Reservation,
    SentMail,
    Stock,
    StoredRecord,
    StripeRefund,
)
from schemas.contract import Money


@dataclass(slots=True)
class OrderRecords:
    """All records of one order.

    Attributes:
        order_id: also the id of its checkout, its payment and its reservation.
        facts: its events in the journal, the oldest first.
        mails: the send log about it.
    """

    order_id: str
    charges: list[Charge] = field(default_factory=list)
    refunds: list[StripeRefund] = field(default_factory=list)
    payment: Payment | None = None
    checkout: Checkout | None = None
    order: Order | None = None
    reservation: Reservation | None = None
    facts: list[Fact] = field(default_factory=list)
    mails: list[SentMail] = field(default_factory=list)

    @property
    def kept(self) -> int:
        """The minor units that the shop keeps: charged and not refunded."""
        refunded = sum(refund.amount.amount for refund in self.refunds if refund.is_paid)
        return sum(charge.amount.amount for charge in self.charges) - refunded

    def money(self, amount: int) -> Money:
        """Return minor units in the currency in which the order was charged."""
        return Money(amount=amount, currency=self.charges[0].amount.currency if self.charges else "USD")

    def facts_of(self, detail_type: str) -> list[Fact]:
        """Return its events of a type."""
        return [fact for fact in self.facts if fact.detail_type == detail_type]

    def moved_at(self) -> datetime:
        """Return when it changed last, as far as its records tell."""
        moments = [fact.seen_at for fact in self.facts]
        created = [charge.created for charge in self.charges] + [refund.created for refund in self.refunds]
        moments += [datetime.fromtimestamp(seconds, UTC) for seconds in created]
        moments += [change.at for change in self.order.history] if self.order else []
        return max(moments, default=datetime.fromtimestamp(0, UTC))


@dataclass(slots=True)
class Ledger:
    """The records of a stage.

    Attributes:
        read_at: when reading began.
        journal_since: events from then on are in the journal.
        orders: records by order id.
        stocks: by product id.
        stock_facts: StockChanged and ProductCreated by product id, the oldest first.
        counted_products: products of which every reservation was read, so that their movements can be added up.
        further_reservations: those that hold units and are of none of the orders, by id.
        event_ids: the events that are in the journal.
        mailbox: ids of the messages in the mailbox; None where the stage has none that can be read.
    """

    read_at: datetime
    journal_since: datetime
    orders: dict[str, OrderRecords] = field(default_factory=dict)
    stocks: dict[str, Stock] = field(default_factory=dict)
    stock_facts: dict[str, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    counted_products: set[str] = field(default_factory=set)
    further_reservations: dict[str, Reservation] = field(default_factory=dict)
    event_ids: set[str] = field(default_factory=set)
    mailbox: list[str] | None = None

    @property
    def now_ms(self) -> int:
        """When reading began, in milliseconds since the epoch."""
        return int(self.read_at.timestamp() * 1000)

    def of(self, order_id: str) -> OrderRecords:
        """Return the records of an order, which are added where there are none yet."""
        return self.orders.setdefault(order_id, OrderRecords(order_id))

    def reservation(self, reservation_id: str) -> Reservation | None:
        """Return a reservation; None where there is none."""
        records = self.orders.get(reservation_id)
        return (records and records.reservation) or self.further_reservations.get(reservation_id)

    def reservations(self) -> Iterator[Reservation]:
        """Yield all reservations that were read."""
        yield from (records.reservation for records in self.orders.values() if records.reservation)
        yield from self.further_reservations.values()

    def stored(self) -> Iterable[tuple[str, StoredRecord]]:
        """Yield the items whose writes raise events, each with its name in a sentence."""
        for order_id, records in self.orders.items():
            named = {
                "payment": records.payment,
                "checkout": records.checkout,
                "order": records.order,
                "reservation": records.reservation,
            }
            yield from ((f"{name} {order_id}", item) for name, item in named.items() if item)
        yield from ((f"stock of {product_id}", stock) for product_id, stock in self.stocks.items())
