"""What is written to the tables, and what a second writer meets."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from bus.optimistic_locking import ConflictError
from schemas.event import Envelope
from schemas.inventory import StockChanged
from services.inventory.domain import Hold, Reservation, ReservationChange, ReservationState, Stock, StockWrite
from services.inventory.store import RETENTION_SECONDS

if TYPE_CHECKING:
    from tests.unit.inventory.conftest import Shop


def held(stock: Stock, reservation_id: str, quantity: int, shop: "Shop") -> ReservationChange:
    hold = Hold(quantity, shop.clock.now + 1000)
    reservation = Reservation.unknown(reservation_id).with_state(
        ReservationState.HELD, {stock.product_id: quantity}, expires_at=hold.expires_at
    )
    return ReservationChange(reservation, (StockWrite(stock, stock.with_hold(reservation_id, hold, shop.clock.now)),))


def test_what_is_written_is_read_again(shop: "Shop") -> None:
    first = Stock.initial("mug", 10)
    shop.store.create_stock(first)
    change = held(first, "order", 3, shop)

    shop.store.write_change(change)

    found = shop.store.read_snapshot("order", ["mug", "ghost"])
    assert found.reservation == change.reservation
    assert found.stocks == {"mug": change.stocks[0].after}


def test_a_reservation_brings_the_stocks_of_its_own_products(shop: "Shop") -> None:
    first = Stock.initial("mug", 10)
    shop.store.create_stock(first)
    shop.store.write_change(held(first, "order", 3, shop))

    assert shop.store.read_snapshot("order").stocks.keys() == {"mug"}


def test_the_event_is_in_the_same_write_with_the_sequence_of_its_stock(shop: "Shop") -> None:
    first = Stock.initial("mug", 10)
    shop.store.create_stock(first)

    shop.store.write_change(held(first, "order", 3, shop))

    item = shop.stock_item("mug")
    ((detail_type, detail),) = shop.raised(item)
    event = Envelope[StockChanged].read(detail)
    assert detail_type == "StockChanged"
    assert event.data == StockChanged(product_id="mug", available=7, on_hand=10)
    assert event.metadata.sequence == item["sequence"] == 2
    assert event.metadata.causation_id == "the-cause"


def test_a_write_that_tells_nothing_empties_the_outbox_so_that_it_wakes_no_relay(shop: "Shop") -> None:
    first = Stock.initial("mug", 10)
    shop.store.create_stock(first)

    shop.store.write_stock(StockWrite(first, first.without_expired_holds(shop.clock.now)))

    assert shop.stock_item("mug")["sequence"] == 2
    assert "outbox" not in shop.stock_item("mug")


def test_a_second_first_stock_changes_nothing(shop: "Shop") -> None:
    assert shop.store.create_stock(Stock.initial("mug", 10))

    assert not shop.store.create_stock(Stock.initial("mug", 99))

    assert shop.stock_item("mug")["onHand"] == 10


def test_a_decision_on_a_stock_that_has_changed_writes_nothing_at_all(shop: "Shop") -> None:
    mug, pot = Stock.initial("mug", 10), Stock.initial("pot", 10)
    shop.store.create_stock(mug)
    shop.store.create_stock(pot)
    shop.store.write_change(held(mug, "faster", 1, shop))
    slower = held(mug, "slower", 1, shop)
    both = ReservationChange(slower.reservation, (*held(pot, "slower", 1, shop).stocks, *slower.stocks))

    with pytest.raises(ConflictError):
        shop.store.write_change(both)

    assert shop.stock_item("pot")["holds"] == {}
    assert shop.store.read_snapshot("slower").reservation.state is ReservationState.UNKNOWN


def test_a_decision_on_a_reservation_that_has_changed_writes_nothing(shop: "Shop") -> None:
    mug = Stock.initial("mug", 10)
    shop.store.create_stock(mug)
    change = held(mug, "order", 1, shop)
    shop.store.write_change(ReservationChange(change.reservation))

    with pytest.raises(ConflictError):
        shop.store.write_change(change)

    assert shop.stock_item("mug")["holds"] == {}


def test_a_stock_alone_is_refused_as_well(shop: "Shop") -> None:
    mug = Stock.initial("mug", 10)
    shop.store.create_stock(mug)
    shop.store.write_stock(StockWrite(mug, mug.with_on_hand(5, shop.clock.now)))

    with pytest.raises(ConflictError):
        shop.store.write_stock(StockWrite(mug, mug.with_on_hand(6, shop.clock.now)))

    assert shop.stock_item("mug")["onHand"] == 5


def cancelled(*codes: str) -> ClientError:
    response: Any = {
        "Error": {"Code": "TransactionCanceledException", "Message": ""},
        "CancellationReasons": [{"Code": code} for code in codes],
    }
    return ClientError(response, "TransactWriteItems")


@pytest.mark.parametrize(
    "codes",
    [
        ("ConditionalCheckFailed", "None"),
        ("None", "TransactionConflict"),
        ("TransactionConflict", "ConditionalCheckFailed"),
        ("None", "ThrottlingError"),
    ],
)
def test_a_transaction_that_met_another_one_is_a_conflict(shop: "Shop", codes: tuple[str, ...]) -> None:
    mug = Stock.initial("mug", 10)
    shop.store.create_stock(mug)
    shop.refusals.append(cancelled(*codes))

    with pytest.raises(ConflictError):
        shop.store.write_change(held(mug, "order", 1, shop))


@pytest.mark.parametrize(
    "codes", [("ValidationError", "None"), ("TransactionConflict", "ItemCollectionSizeLimitExceeded")]
)
def test_a_transaction_that_can_never_be_written_is_a_fault(shop: "Shop", codes: tuple[str, ...]) -> None:
    mug = Stock.initial("mug", 10)
    shop.store.create_stock(mug)
    shop.refusals.append(cancelled(*codes))

    with pytest.raises(ClientError, match="TransactionCanceled"):
        shop.store.write_change(held(mug, "order", 1, shop))


@pytest.mark.parametrize("code", ["TransactionConflictException", "ConditionalCheckFailedException"])
def test_a_single_write_that_meets_a_transaction_is_a_conflict(shop: "Shop", code: str) -> None:
    mug = Stock.initial("mug", 10)
    shop.store.create_stock(mug)
    shop.refusals.append(ClientError({"Error": {"Code": code, "Message": ""}}, "UpdateItem"))

    with pytest.raises(ConflictError):
        shop.store.write_stock(StockWrite(mug, mug.with_on_hand(5, shop.clock.now)))


def test_only_held_reservations_are_in_the_index_the_oldest_first(shop: "Shop") -> None:
    now = shop.clock.now
    for name, state, expires_at in (
        ("late", ReservationState.HELD, now),
        ("early", ReservationState.HELD, now - 5),
        ("live", ReservationState.HELD, now + 1),
        ("placed", ReservationState.COMMITTED, None),
    ):
        shop.store.write_change(ReservationChange(Reservation.unknown(name).with_state(state, {"mug": 1}, expires_at)))

    found = shop.store.list_expired(now, limit=10)

    assert [reservation.reservation_id for reservation in found] == ["early", "late"]
    assert found[0] == Reservation("early", ReservationState.HELD, {"mug": 1}, now - 5, sequence=1)
    assert len(shop.store.list_expired(now, limit=1)) == 1


def test_a_reservation_outlives_the_archive_of_events(shop: "Shop") -> None:
    shop.store.write_change(ReservationChange(Reservation.unknown("order").with_state(ReservationState.RETURNED)))

    kept_until = datetime.fromtimestamp(shop.reservation_item("order")["expiresAt"], UTC)

    assert (kept_until - datetime.fromtimestamp(shop.clock.now / 1000, UTC)).total_seconds() == RETENTION_SECONDS
    assert RETENTION_SECONDS > 365 * 24 * 3600


def test_keys_that_were_not_served_are_asked_for_again(shop: "Shop", monkeypatch: pytest.MonkeyPatch) -> None:
    shop.store.create_stock(Stock.initial("mug", 10))
    whole = shop.dynamodb.batch_get_item

    def half(RequestItems: dict[str, Any]) -> Any:  # noqa: N803 - boto's name
        if len(RequestItems) == 1:
            return whole(RequestItems=RequestItems)
        left = {"Stock": RequestItems["Stock"]}
        return {**whole(RequestItems={"Reservations": RequestItems["Reservations"]}), "UnprocessedKeys": left}

    monkeypatch.setattr(shop.dynamodb, "batch_get_item", half)

    assert shop.store.read_snapshot("order", ["mug"]).stocks.keys() == {"mug"}
