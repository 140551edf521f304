"""Whatever happens in whatever order: nothing is sold twice, and no unit appears or disappears.

The state machine runs the rules against a ledger that counts units by hand. A deed may be decided
now and written later, after others were; it is then refused by its sequence and decided again, as
the inventory service does it.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from schemas.contract import Line, Money
from schemas.orders import OrderPlaced, OrderRefunded, UnsentUnits
from services.inventory import domain, returned_goods
from services.inventory.domain import (
    HOLD_MILLISECONDS,
    OutOfStock,
    Reservation,
    ReservationChange,
    ReservationMismatchError,
    ReservationState,
    Reserved,
    Snapshot,
    Stock,
    StockWrite,
)
from services.inventory.returned_goods import NotTakenYetError

PRODUCTS = ("mug", "pot")
ORDERS = ("anna", "ben", "carl", "dora", "emil", "fay")
UNITS = 4

orders = st.sampled_from(ORDERS)
products = st.sampled_from(PRODUCTS)
lines = st.dictionaries(products, st.integers(1, 4), min_size=1)
Decide = Callable[[], ReservationChange | None]


def placed(order_id: str, wanted: Mapping[str, int]) -> OrderPlaced:
    free = Money(amount=0)
    return OrderPlaced(
        order_id=order_id,
        user_id="shopper",
        lines=[Line(product_id=name, name=name, quantity=units, unit_price=free) for name, units in wanted.items()],
        subtotal=free,
        shipping=free,
        total=free,
        placed_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def unsent(order_id: str, request_id: str, units: Mapping[str, int]) -> OrderRefunded:
    free = Money(amount=0)
    return OrderRefunded(
        order_id=order_id,
        user_id="shopper",
        amount=free,
        refunded_total=free,
        fully_refunded=False,
        request_id=request_id,
        unsent=[UnsentUnits(product_id=name, quantity=quantity) for name, quantity in units.items()],
        refunded_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


class Inventory(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = 1_800_000_000_000
        self.stocks = {product: Stock.initial(product, UNITS) for product in PRODUCTS}
        self.reservations = {order: Reservation.unknown(order) for order in ORDERS}
        self.undecided: list[tuple[Decide, ReservationChange | None]] = []
        # The ledger.
        self.owned = dict.fromkeys(PRODUCTS, UNITS)
        self.sold: dict[str, Mapping[str, int]] = {}
        self.kept: dict[str, tuple[Mapping[str, int], int]] = {}
        self.told = dict.fromkeys(PRODUCTS, UNITS)
        self.shorts: list[str] = []

    def free(self, product: str, besides: str | None = None) -> int:
        """Units that can be had by the ledger; below 0 where staff counted fewer than are kept."""
        sold = sum(units.get(product, 0) for units in self.sold.values())
        kept = sum(
            units.get(product, 0)
            for order, (units, until) in self.kept.items()
            if order != besides and until > self.now
        )
        return self.owned[product] - sold - kept

    def snapshot(self, order: str) -> Snapshot:
        return Snapshot(self.reservations[order], dict(self.stocks))

    def write(self, change: ReservationChange) -> bool:
        fresh = change.reservation.sequence - 1 == self.reservations[change.reservation.reservation_id].sequence
        if not fresh or any(write.before != self.stocks[write.before.product_id] for write in change.stocks):
            return False
        self.reservations[change.reservation.reservation_id] = change.reservation
        for write in change.stocks:
            self.write_stock(write)
        self.enter(change)
        return True

    def write_stock(self, write: StockWrite) -> None:
        self.stocks[write.after.product_id] = write.after
        if write.event:
            self.told[write.after.product_id] = write.event.available

    def enter(self, change: ReservationChange) -> None:
        """Enter a written change into the ledger."""
        order, state = change.reservation.reservation_id, change.reservation.state
        self.kept.pop(order, None)
        match state:
            case ReservationState.HELD:
                assert change.reservation.expires_at is not None
                self.kept[order] = (change.reservation.lines, change.reservation.expires_at)
            case ReservationState.COMMITTED:
                back = Counter[str]()
                for units in change.reservation.returned.values():
                    back.update(units)
                taken = change.reservation.lines.items()
                self.sold[order] = {product: units - back[product] for product, units in taken}
                assert all(units >= 0 for units in self.sold[order].values())
            case ReservationState.SHORT:
                assert change.event is not None
                self.shorts.append(order)
            case ReservationState.RETURNED:
                self.sold.pop(order, None)

    def judge(self, order: str, bought: Mapping[str, int], short: set[str]) -> None:
        """A live hold is a promise, which only a count in the warehouse can break; else there must be free units."""
        held, until = self.kept.get(order, ({}, 0))
        for product, units in bought.items():
            promised = until > self.now and held.get(product, 0) >= units
            there = self.stocks[product].on_hand if promised else self.free(product, order)
            assert (product in short) is (there < units)

    def start(self, decide: Decide, *, later: bool) -> None:
        self.undecided.append((decide, decide()))
        if not later:
            self.finish()

    def finish(self) -> None:
        decide, change = self.undecided.pop(0)
        while change and not self.write(change):
            change = decide()

    @precondition(lambda self: self.undecided)
    @rule()
    def write_what_was_decided_before(self) -> None:
        self.finish()

    @rule(order=orders, wanted=lines, later=st.booleans())
    def reserve(self, order: str, wanted: Mapping[str, int], later: bool) -> None:
        def decide() -> ReservationChange | None:
            snapshot = self.snapshot(order)
            answer = domain.reserve(snapshot, wanted, self.now)
            fits = all(max(0, self.free(product, order)) >= units for product, units in wanted.items())
            if snapshot.reservation.state not in domain.ORDER_SETTLED:
                assert isinstance(answer, Reserved) is fits
            if isinstance(answer, OutOfStock):
                assert all(line.available == max(0, self.free(line.product_id, order)) for line in answer.lines)
                return None
            return answer.change

        self.start(decide, later=later)

    @rule(order=orders, later=st.booleans())
    def release(self, order: str, later: bool) -> None:
        self.start(lambda: domain.release(self.snapshot(order), self.now), later=later)

    @rule(order=orders, wanted=lines, later=st.booleans(), as_held=st.booleans())
    def place(self, order: str, wanted: Mapping[str, int], later: bool, as_held: bool) -> None:
        bought = self.reservations[order].lines if as_held and self.reservations[order].lines else wanted

        def decide() -> ReservationChange | None:
            change = domain.commit(self.snapshot(order), placed(order, bought), self.now)
            if change:
                self.judge(
                    order, bought, short={line.product_id for line in change.event.lines} if change.event else set()
                )
            return change

        self.start(decide, later=later)

    @rule(order=orders, later=st.booleans())
    def cancel(self, order: str, later: bool) -> None:
        self._cancel(order, later=later)

    @precondition(lambda self: self.sold)
    @rule(number=st.integers(0), later=st.booleans())
    def cancel_what_was_sold(self, number: int, later: bool) -> None:
        self._cancel([*self.sold][number % len(self.sold)], later=later)

    def _cancel(self, order: str, *, later: bool) -> None:
        self.start(lambda: domain.restock(self.snapshot(order), self.now), later=later)

    @precondition(lambda self: self.sold)
    @rule(number=st.integers(0), refund=st.sampled_from(["one", "two"]), wanted=lines, later=st.booleans())
    def refund_unsent(self, number: int, refund: str, wanted: Mapping[str, int], later: bool) -> None:
        order = [*self.sold][number % len(self.sold)]
        units = {product: min(units, wanted.get(product, 1)) for product, units in self.sold[order].items() if units}

        def decide() -> ReservationChange | None:
            try:
                return returned_goods.keep_unsent(self.snapshot(order), unsent(order, refund, units), self.now)
            except (ReservationMismatchError, NotTakenYetError):
                return None

        self.start(decide, later=later)

    @rule(product=products, on_hand=st.integers(0, UNITS))
    def count(self, product: str, on_hand: int) -> None:
        sold = sum(units.get(product, 0) for units in self.sold.values())
        self.owned[product] = on_hand + sold
        stock = self.stocks[product]
        self.write_stock(StockWrite(stock, stock.with_on_hand(on_hand, self.now)))

    @rule(milliseconds=st.sampled_from([1, HOLD_MILLISECONDS // 2, HOLD_MILLISECONDS - 1, HOLD_MILLISECONDS]))
    def pass_time(self, milliseconds: int) -> None:
        self.now += milliseconds

    @rule()
    def sweep(self) -> None:
        expired = [
            reservation
            for reservation in self.reservations.values()
            if reservation.expires_at is not None and reservation.expires_at <= self.now
        ]
        for product, stock in self.stocks.items():
            if stock.has_expired_holds(self.now):
                self.write_stock(StockWrite(stock, stock.without_expired_holds(self.now)))
            assert self.told[product] == max(0, self.free(product))
            kept = {order for order, (units, until) in self.kept.items() if product in units and until > self.now}
            assert self.stocks[product].holds.keys() == kept
        for reservation in expired:
            assert self.write(ReservationChange(reservation.with_state(ReservationState.EXPIRED)))

    @invariant()
    def units_are_conserved(self) -> None:
        for product, stock in self.stocks.items():
            sold = sum(units.get(product, 0) for units in self.sold.values())
            assert stock.on_hand + sold == self.owned[product]
            assert stock.on_hand >= 0

    @invariant()
    def nothing_is_promised_twice(self) -> None:
        for product, stock in self.stocks.items():
            assert stock.available_at(self.now) == max(0, self.free(product))

    @invariant()
    def everybody_was_told_the_last_number_written(self) -> None:
        assert {product: stock.available for product, stock in self.stocks.items()} == self.told

    @invariant()
    def an_order_is_short_once(self) -> None:
        assert len(self.shorts) == len(set(self.shorts))


Inventory.TestCase.settings = settings(
    stateful_step_count=50,
    database=None,
    derandomize=True,
)
TestConservation = pytest.mark.slow("many runs of a state machine")(Inventory.TestCase)
