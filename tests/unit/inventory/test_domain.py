"""The rules of stock, without any table."""

from collections.abc import Callable

from schemas.contract import Line
from schemas.inventory import ShortLine, StockChanged, StockShort
from schemas.orders import OrderPlaced
from services.inventory import domain
from services.inventory.domain import (
    HOLD_MILLISECONDS,
    Hold,
    OutOfStock,
    Reservation,
    ReservationState,
    Reserved,
    Shortage,
    Snapshot,
    Stock,
)

NOW = 1_800_000_000_000
Placed = Callable[..., OrderPlaced]


def stock(product_id: str = "mug", on_hand: int = 10, *, told: int | None = None, **holds: Hold) -> Stock:
    available = on_hand - sum(hold.quantity for hold in holds.values()) if told is None else told
    return Stock(product_id, on_hand, available, holds, sequence=7)


def live(quantity: int) -> Hold:
    return Hold(quantity, expires_at=NOW + 1)


def expired(quantity: int) -> Hold:
    return Hold(quantity, expires_at=NOW)


def snapshot(*stocks: Stock, state: ReservationState = ReservationState.UNKNOWN, **lines: int) -> Snapshot:
    sequence = 0 if state is ReservationState.UNKNOWN else 3
    expires_at = NOW + 1 if state is ReservationState.HELD else None
    reservation = Reservation("order", state, lines, expires_at, sequence)
    return Snapshot(reservation, {held.product_id: held for held in stocks})


def after(change: domain.ReservationChange | None, product_id: str = "mug") -> Stock:
    assert change is not None
    (found,) = (write.after for write in change.stocks if write.after.product_id == product_id)
    return found


class TestAvailableUnits:
    def test_are_those_that_nobody_holds(self) -> None:
        assert stock(on_hand=10, anna=live(3), ben=live(2)).available_at(NOW) == 5

    def test_include_those_of_a_hold_that_expired_this_millisecond(self) -> None:
        assert stock(on_hand=10, anna=expired(3)).available_at(NOW) == 10

    def test_are_never_below_none_where_staff_counted_fewer_than_are_held(self) -> None:
        assert stock(on_hand=1, anna=live(3), told=0).available_at(NOW) == 0

    def test_are_told_again_only_when_the_number_is_another_one(self) -> None:
        before = stock(on_hand=10, anna=expired(3))
        same = before.with_hold("ben", Hold(3, NOW + HOLD_MILLISECONDS), NOW)
        fewer = before.with_hold("ben", Hold(4, NOW + HOLD_MILLISECONDS), NOW)

        assert domain.StockWrite(before, same).event is None
        assert domain.StockWrite(before, fewer).event == StockChanged(product_id="mug", available=6, on_hand=10)


class TestReserving:
    def test_holds_every_line_for_fifteen_minutes(self) -> None:
        decision = domain.reserve(snapshot(stock("mug"), stock("pot")), {"mug": 2, "pot": 10}, NOW)

        assert isinstance(decision, Reserved)
        assert decision.expires_at == NOW + 15 * 60 * 1000
        assert after(decision.change, "mug").available == 8
        assert after(decision.change, "pot").available == 0
        assert after(decision.change, "pot").holds == {"order": Hold(10, decision.expires_at)}

    def test_takes_nothing_where_one_line_is_short(self) -> None:
        decision = domain.reserve(snapshot(stock("mug"), stock("pot", anna=live(9))), {"mug": 2, "pot": 2}, NOW)

        assert decision == OutOfStock((Shortage("pot", requested=2, available=1),))

    def test_of_an_unknown_product_finds_none_available(self) -> None:
        decision = domain.reserve(snapshot(), {"ghost": 1}, NOW)

        assert decision == OutOfStock((Shortage("ghost", requested=1, available=0),))

    def test_takes_what_an_expired_hold_left_and_drops_it(self) -> None:
        decision = domain.reserve(snapshot(stock(on_hand=1, anna=expired(1))), {"mug": 1}, NOW)

        assert isinstance(decision, Reserved)
        assert after(decision.change).holds == {"order": Hold(1, NOW + HOLD_MILLISECONDS)}

    def test_again_extends_the_hold_and_takes_no_second_unit(self) -> None:
        held = snapshot(stock(on_hand=1, order=live(1)), state=ReservationState.HELD, mug=1)

        decision = domain.reserve(held, {"mug": 1}, NOW)

        assert isinstance(decision, Reserved)
        assert after(decision.change).holds == {"order": Hold(1, NOW + HOLD_MILLISECONDS)}
        assert after(decision.change).available == 0

    def test_again_with_other_lines_gives_up_the_former_ones(self) -> None:
        held = snapshot(stock("mug", order=live(4)), stock("pot"), state=ReservationState.HELD, mug=4)

        decision = domain.reserve(held, {"pot": 1}, NOW)

        assert isinstance(decision, Reserved)
        assert after(decision.change, "mug").available == 10
        assert after(decision.change, "pot").available == 9
        assert decision.change is not None
        assert decision.change.reservation.lines == {"pot": 1}

    def test_after_a_release_or_an_expiry_starts_anew(self) -> None:
        for state in (ReservationState.RELEASED, ReservationState.EXPIRED):
            decision = domain.reserve(snapshot(stock(), state=state, mug=1), {"mug": 1}, NOW)

            assert isinstance(decision, Reserved)
            assert decision.change is not None
            assert decision.change.reservation.state is ReservationState.HELD

    def test_of_a_placed_order_changes_nothing(self) -> None:
        committed = snapshot(stock(on_hand=0), state=ReservationState.COMMITTED, mug=1)

        assert domain.reserve(committed, {"mug": 1}, NOW) == Reserved(NOW + HOLD_MILLISECONDS, change=None)

    def test_for_an_order_that_has_ended_gets_nothing_more(self) -> None:
        for state in (ReservationState.SHORT, ReservationState.RETURNED):
            decision = domain.reserve(snapshot(stock(), state=state), {"mug": 1}, NOW)

            assert decision == OutOfStock((Shortage("mug", requested=1, available=10),))


class TestReleasing:
    def test_gives_the_units_free(self) -> None:
        change = domain.release(snapshot(stock(order=live(4)), state=ReservationState.HELD, mug=4), NOW)

        assert after(change).available == 10
        assert change is not None
        assert change.reservation.state is ReservationState.RELEASED
        assert change.reservation.expires_at is None

    def test_leaves_alone_what_is_not_held(self) -> None:
        for state in set(ReservationState) - {ReservationState.HELD}:
            assert domain.release(snapshot(stock(), state=state, mug=1), NOW) is None


class TestAPlacedOrder:
    def test_takes_what_it_holds_and_no_available_unit(self, placed: Placed) -> None:
        change = domain.commit(snapshot(stock(order=live(4)), state=ReservationState.HELD, mug=4), placed(mug=4), NOW)

        assert (after(change).on_hand, after(change).available, after(change).holds) == (6, 6, {})
        assert change is not None
        assert [write.event for write in change.stocks] == [None]
        assert change.reservation.state is ReservationState.COMMITTED

    def test_takes_free_units_where_its_hold_has_expired(self, placed: Placed) -> None:
        change = domain.commit(
            snapshot(stock(order=expired(4)), state=ReservationState.HELD, mug=4), placed(mug=4), NOW
        )

        assert (after(change).on_hand, after(change).available) == (6, 6)

    def test_takes_free_units_where_nothing_was_ever_reserved(self, placed: Placed) -> None:
        change = domain.commit(snapshot(stock()), placed(mug=4), NOW)

        assert (after(change).on_hand, after(change).available) == (6, 6)
        assert change is not None
        assert change.reservation.sequence == 1

    def test_is_short_where_the_units_are_held_by_others(self, placed: Placed) -> None:
        gone = stock("mug", on_hand=4, order=expired(4), anna=live(1))
        there = stock("pot", order=live(1))

        change = domain.commit(
            snapshot(gone, there, state=ReservationState.HELD, mug=4, pot=1),
            placed(order_id="order", mug=4, pot=1),
            NOW,
        )

        assert change is not None
        assert change.reservation.state is ReservationState.SHORT
        assert change.event == StockShort(
            order_id="order", user_id="shopper", lines=[ShortLine(product_id="mug", quantity=4)]
        )
        assert after(change, "pot").on_hand == 10
        assert after(change, "pot").available == 10
        assert after(change, "mug").holds == {"anna": live(1)}

    def test_is_short_where_the_product_is_unknown(self, placed: Placed) -> None:
        change = domain.commit(snapshot(), placed(ghost=1), NOW)

        assert change is not None
        assert change.reservation.state is ReservationState.SHORT
        assert change.stocks == ()

    def test_names_every_line_of_a_short_product_as_it_was_ordered(self, placed: Placed) -> None:
        order = placed(mug=999)
        twice = order.model_copy(update={"lines": [*order.lines, *order.lines]})

        change = domain.commit(snapshot(stock(on_hand=1500)), twice, NOW)

        assert change is not None
        assert change.event is not None
        assert [line.quantity for line in change.event.lines] == [999, 999]

    def test_is_short_where_staff_counted_fewer_than_it_holds(self, placed: Placed) -> None:
        counted = stock(on_hand=3, order=live(4), told=0)

        change = domain.commit(snapshot(counted, state=ReservationState.HELD, mug=4), placed(mug=4), NOW)

        assert change is not None
        assert change.reservation.state is ReservationState.SHORT
        assert after(change).on_hand == 3

    def test_takes_what_it_holds_even_where_staff_counted_fewer_than_all_hold(self, placed: Placed) -> None:
        counted = stock(on_hand=4, order=live(4), anna=live(4), told=0)

        change = domain.commit(snapshot(counted, state=ReservationState.HELD, mug=4), placed(mug=4), NOW)

        assert change is not None
        assert change.reservation.state is ReservationState.COMMITTED
        assert (after(change).on_hand, after(change).available) == (0, 0)

    def test_is_short_where_more_was_ordered_than_it_holds_and_the_rest_is_held_by_others(self, placed: Placed) -> None:
        held = snapshot(stock(on_hand=4, order=live(1), anna=live(2)), state=ReservationState.HELD, mug=1)

        change = domain.commit(held, placed(mug=3), NOW)

        assert change is not None
        assert change.reservation.state is ReservationState.SHORT
        assert after(change).holds == {"anna": live(2)}

    def test_gives_up_a_hold_on_what_it_does_not_contain(self, placed: Placed) -> None:
        held = snapshot(
            stock("mug", order=live(1)), stock("pot", order=live(1)), state=ReservationState.HELD, mug=1, pot=1
        )

        change = domain.commit(held, placed(mug=1), NOW)

        assert (after(change, "pot").on_hand, after(change, "pot").available) == (10, 10)

    def test_that_was_settled_before_changes_nothing(self, placed: Placed) -> None:
        for state in (ReservationState.COMMITTED, ReservationState.SHORT, ReservationState.RETURNED):
            assert domain.commit(snapshot(stock(), state=state, mug=1), placed(mug=1), NOW) is None


class TestACancelledOrder:
    def test_gives_back_what_it_took(self) -> None:
        change = domain.restock(snapshot(stock(on_hand=6), state=ReservationState.COMMITTED, mug=4), NOW)

        assert (after(change).on_hand, after(change).available) == (10, 10)
        assert change is not None
        assert change.reservation.state is ReservationState.RETURNED

    def test_that_was_short_gives_nothing_back(self) -> None:
        assert domain.restock(snapshot(stock(), state=ReservationState.SHORT), NOW) is None

    def test_gives_back_once(self) -> None:
        assert domain.restock(snapshot(stock(), state=ReservationState.RETURNED, mug=4), NOW) is None

    def test_that_overtakes_the_order_frees_its_hold_and_the_order_then_takes_nothing(self, placed: Placed) -> None:
        change = domain.restock(snapshot(stock(order=live(4)), state=ReservationState.HELD, mug=4), NOW)

        assert (after(change).on_hand, after(change).available) == (10, 10)
        assert change is not None
        later = Snapshot(change.reservation, {"mug": after(change)})
        assert domain.commit(later, placed(mug=4), NOW) is None

    def test_of_which_nothing_is_known_is_remembered(self) -> None:
        change = domain.restock(snapshot(stock()), NOW)

        assert change is not None
        assert change.reservation.state is ReservationState.RETURNED
        assert change.stocks == ()


def test_the_same_product_in_several_lines_is_added_up(placed: Placed) -> None:
    mug: Line = placed(mug=2).lines[0]
    pot: Line = placed(pot=1).lines[0]

    assert domain.total_quantities([mug, pot, mug]) == {"mug": 4, "pot": 1}
