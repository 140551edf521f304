"""What is stored of an order, and what follows from it. The rules that change it are built on this."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import Field, model_validator

from schemas.commands import ChosenDelivery, ShippingAddress
from schemas.contract import Contract, Identifier, Line, Money, Timestamp
from schemas.tax import OrderTax, TaxAmount, sum_by_rate
from services.orders.history import Actor, HistoryAction, HistoryEntry
from services.orders.parcels import Parcel, Units, UnitsNotLeftError, count_units
from services.orders.refund_requests import RefundRequest
from services.orders.statuses import (
    CANCELLED_STATUSES,
    SENDABLE_STATUSES,
    TRANSITIONS,
    InvalidTransitionError,
    OrderStatus,
)
from tax.refunds import added_by, tax_of_units


class OrderMismatchError(ValueError):
    """A command or an event contradicts the order that it is about; the text says in what."""


class OrderRecord(Contract):
    """An order, immutable: each rule returns the order after a change and the event of the change.

    Attributes:
        subtotal: the lines.
        shipping: the cost of shipping.
        tax: None where none is collected, and in an order from before it was computed.
        total: what was paid: subtotal, shipping and what tax adds.
        email: to which address its shopper gets mail; personal data. None where it is not known, or was erased.
        history: what happened to it, the oldest first.
        parcels: those that were sent, the oldest first.
        refund_requests: refunds that were requested, by request id.
        refund_notes: what staff wrote to them, by request id; personal data.
        link_revision: how often the links to it were revoked.
        sequence: counts the changes of the order.
    """

    order_id: Identifier
    user_id: Identifier
    status: OrderStatus
    lines: list[Line]
    subtotal: Money
    shipping: Money
    tax: OrderTax | None = None
    total: Money
    shipping_address: ShippingAddress | None = Field(default=None, description="None once its shopper was erased.")
    delivery: ChosenDelivery | None = Field(default=None, description="None in an order from before it was chosen.")
    email: str | None = None
    payment_intent_id: Identifier
    placed_at: Timestamp
    history: list[HistoryEntry]
    parcels: list[Parcel] = []
    refunds: dict[str, int] = Field(default={}, description="Refunded minor units by refund id.")
    refunded_tax: dict[str, list[TaxAmount]] = Field(default={}, description="The tax within, by refund id.")
    refund_requests: dict[str, RefundRequest] = {}
    refund_notes: dict[str, str] = {}
    link_revision: int = 0
    sequence: int = 1

    @model_validator(mode="before")
    @classmethod
    def _with_parcels(cls, values: Any) -> Any:
        """Read what an earlier version has stored: one shipment, in which all of the order was sent."""
        if not isinstance(values, dict) or "shipment" not in values:
            return values
        shipment = values["shipment"]
        values = {name: value for name, value in values.items() if name != "shipment"}
        if values.get("parcels") or not shipment:
            return values
        reached = {entry["status"]: entry["at"] for entry in values["history"]}
        parcel = {
            **shipment,
            "parcelId": "1",
            "lines": [{name: line[name] for name in ("productId", "quantity")} for line in values["lines"]],
            "shippedAt": reached["SHIPPED"],
            "deliveredAt": reached.get("DELIVERED"),
        }
        return {**values, "parcels": [parcel]}

    @property
    def refunded_total(self) -> Money:
        """What was refunded so far."""
        return Money(amount=sum(self.refunds.values()), currency=self.total.currency)

    @property
    def refunds_under_way(self) -> Money:
        """What was requested and payment has not refunded or refused yet."""
        under_way = (request.amount.amount for request in self.refund_requests.values() if request.is_under_way)
        return Money(amount=sum(under_way), currency=self.total.currency)

    @property
    def kept(self) -> Money:
        """What is left of the payment: the total without what was refunded."""
        return Money(amount=self.total.amount - self.refunded_total.amount, currency=self.total.currency)

    @property
    def refundable(self) -> Money:
        """What staff can still refund: what is left of the payment, without what is under way."""
        if self.is_cancelled:
            # All of it is under way, or back.
            return Money(amount=0, currency=self.total.currency)
        left = self.kept.amount - self.refunds_under_way.amount
        return Money(amount=max(left, 0), currency=self.total.currency)

    @property
    def is_erased(self) -> bool:
        """Whether its shopper was erased: it takes no more text about them."""
        return self.shipping_address is None

    @property
    def is_cancellable(self) -> bool:
        """Whether it is paid and nothing of it was sent, so that it can be cancelled."""
        return OrderStatus.CANCELLED in TRANSITIONS[self.status]

    @property
    def is_unsent(self) -> bool:
        """Whether something of it is still to be sent, or the whole of it cancelled."""
        return self.is_cancellable or (self.status in SENDABLE_STATUSES and bool(self.units_to_send))

    @property
    def is_cancelled(self) -> bool:
        """Whether the order was cancelled, and perhaps refunded since."""
        return self.status in CANCELLED_STATUSES

    @property
    def units_to_send(self) -> list[Units]:
        """The units that are in no parcel yet, without those that were refunded instead of being sent."""
        if self.refundable.amount == 0:
            return []
        left = self.units_in_no_parcel - self.refunded_unsent
        return [Units(product_id=product_id, quantity=units) for product_id, units in left.items()]

    @property
    def units_in_no_parcel(self) -> Counter[str]:
        """The units by product that did not leave."""
        return count_units(self.lines) - count_units(line for parcel in self.parcels for line in parcel.lines)

    @property
    def refunded_unsent(self) -> Counter[str]:
        """The units by product that were refunded instead of being sent.

        Of an order in parcels whose whole payment went back, these are all that are in none, whatever it went back for.
        """
        if self.parcels and self.kept.amount == 0:
            return self.units_in_no_parcel
        requests = (each for each in self.refund_requests.values() if each.unsent and each.failure_code is None)
        return count_units(line for each in requests for line in each.lines)

    @property
    def given_back(self) -> Counter[str]:
        """What goes back for units of each product, in minor units: the refunds that name lines, but for refused ones.

        An amount below the price of its lines is theirs in proportion. What is above is for something else, such as
        delivery.
        """
        given, before = Counter[str](), Counter[str]()
        for request in sorted(self.refund_requests.values(), key=lambda request: request.requested_at):
            if request.failure_code is not None:
                continue
            units = count_units(request.lines)
            worth = {product_id: self.price_of({product_id: units[product_id]}, before) for product_id in units}
            before.update(units)
            amount, all_worth = request.amount.amount, sum(worth.values())
            for product_id, price in worth.items():
                share = price if amount >= all_worth else amount * price // all_worth
                given[product_id] += share
                amount, all_worth = amount - share, all_worth - price
        return given

    @property
    def units_refunded(self) -> Counter[str]:
        """The units for which money was requested, by product, without requests that were refused."""
        requests = [request for request in self.refund_requests.values() if request.failure_code is None]
        return count_units(line for request in requests for line in request.lines)

    def price_of(self, units: Mapping[str, int], before: Mapping[str, int] | None = None) -> int:
        """Return what was paid for units by product, in minor units; nothing for products that the order has not.

        Parameters:
            units: by product.
            before: units whose part of the tax that was added went back earlier.
        """
        prices = {line.product_id: line.unit_price.amount for line in self.lines}
        goods = sum(prices.get(product_id, 0) * quantity for product_id, quantity in units.items())
        return goods + (added_by(self.tax, self._taxes_on(units, before or {})) if self.tax else 0)

    def taxes_within(self, units: Mapping[str, int], amount: int) -> list[TaxAmount] | None:
        """Return the taxes of units that are refunded now; None where the amount is not just their price, or no tax is.

        Parameters:
            units: by product.
            amount: what is refunded for them, in minor units.
        """
        if self.tax is None or not units or amount != self.price_of(units, self.units_refunded):
            return None
        return self._taxes_on(units, self.units_refunded)

    def _taxes_on(self, units: Mapping[str, int], before: Mapping[str, int]) -> list[TaxAmount]:
        bought = count_units(self.lines)
        taxes: list[TaxAmount] = []
        for product_id, quantity in units.items():
            if self.tax and (of := bought[product_id]):
                earlier = max(0, min(before.get(product_id, 0), of - quantity))
                taxes += tax_of_units(self.tax, product_id, earlier, quantity, of)
        return sum_by_rate(taxes)

    def price_left_of(self, units: Mapping[str, int]) -> int:
        """Return what can still be given back for units by product, in minor units: never their price twice.

        Where something was given back for a product, it was for the units that are not meant here, as far as there are
        such.
        """
        bought, given, before = count_units(self.lines), self.given_back, self.units_refunded
        return sum(
            max(0, min(self.price_of({name: quantity}, before), self.price_of({name: bought[name]}) - given[name]))
            for name, quantity in units.items()
        )

    def require_to_send(self, lines: Iterable[Units]) -> None:
        """Check that units are still to be sent; raises UnitsNotLeftError."""
        left = count_units(self.units_to_send)
        if any(units > left[product_id] for product_id, units in count_units(lines).items()):
            raise UnitsNotLeftError(self.order_id)

    def with_status(self, to: OrderStatus, action: HistoryAction, by: Actor, at: datetime, **about: object) -> Self:
        """Return the order in its next status, with the entry of its history.

        Parameters:
            to: the status.
            action: what happened.
            by: who did it.
            at: when.
            about: further fields of the entry.

        Raises InvalidTransitionError.
        """
        if to not in TRANSITIONS[self.status]:
            raise InvalidTransitionError(self.status, to)
        return self.model_copy(update={"status": to}).noted(action, by, at, **about)

    def noted(self, action: HistoryAction, by: Actor, at: datetime, **about: object) -> Self:
        """Return the order with one more entry of its history, in the same status: it is one more change of it.

        Parameters:
            action: what happened.
            by: who did it.
            at: when.
            about: further fields of the entry.
        """
        entry = HistoryEntry.model_validate({"status": self.status, "at": at, "action": action, "actor": by, **about})
        return self.model_copy(update={"history": [*self.history, entry], "sequence": self.sequence + 1})
