"""Reading, deciding and writing, with others who write in between."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from bus.optimistic_locking import RetriesExhaustedError
from schemas.orders import OrderPlaced
from schemas.sequence import is_ahead_of_clock
from services.inventory.domain import HOLD_MILLISECONDS, OutOfStock, Reserved, Shortage

if TYPE_CHECKING:
    from tests.unit.inventory.conftest import Shop

Placed = Callable[..., OrderPlaced]
CONFLICT = ClientError({"Error": {"Code": "TransactionConflictException", "Message": ""}}, "TransactWriteItems")


class TestCalls:
    """What each deed costs; the decision on reservations quotes these numbers."""

    def test_reserving_takes_one_read_and_one_transaction(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 10)
        shop.inventory.create_stock("pot", 10)
        shop.calls.clear()

        shop.inventory.reserve("order", {"mug": 1, "pot": 2})

        assert shop.calls == ["BatchGetItem", "TransactWriteItems"]

    def test_a_shortage_takes_one_read(self, shop: "Shop") -> None:
        shop.inventory.reserve("order", {"ghost": 1})

        assert shop.calls == ["BatchGetItem"]

    def test_a_placed_order_takes_one_read_and_one_transaction(self, shop: "Shop", placed: Placed) -> None:
        shop.inventory.create_stock("mug", 10)
        shop.inventory.reserve("order", {"mug": 1})
        shop.calls.clear()

        shop.inventory.commit(placed(mug=1))

        assert shop.calls == ["BatchGetItem", "TransactWriteItems"]

    def test_a_cancelled_order_takes_one_read_and_one_transaction(self, shop: "Shop", placed: Placed) -> None:
        shop.inventory.create_stock("mug", 10)
        shop.inventory.reserve("order", {"mug": 1})
        shop.inventory.commit(placed(mug=1))
        shop.calls.clear()

        shop.inventory.restock("order", {"mug": 1})

        assert shop.calls == ["BatchGetItem", "TransactWriteItems"]

    def test_a_release_reads_twice_because_it_does_not_know_the_products(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 10)
        shop.inventory.reserve("order", {"mug": 1})
        shop.calls.clear()

        shop.inventory.release("order")

        assert shop.calls == ["BatchGetItem", "BatchGetItem", "TransactWriteItems"]

    def test_a_conflict_costs_one_more_of_each(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 10)
        shop.calls.clear()
        shop.refusals.append(CONFLICT)

        shop.inventory.reserve("order", {"mug": 1})

        assert shop.calls == ["BatchGetItem", "TransactWriteItems"] * 2


class TestSomebodyElseWritesInBetween:
    def test_and_there_is_enough_for_both(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 10)
        shop.meanwhile.append(lambda: shop.inventory.reserve("faster", {"mug": 4}))

        answer = shop.inventory.reserve("slower", {"mug": 6})

        assert isinstance(answer, Reserved)
        assert shop.inventory.get_available("mug") == 0
        assert len(shop.pauses) == 1

    def test_and_takes_the_last_unit(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 1)
        shop.meanwhile.append(lambda: shop.inventory.reserve("faster", {"mug": 1}))

        answer = shop.inventory.reserve("slower", {"mug": 1})

        assert answer == OutOfStock((Shortage("mug", requested=1, available=0),))
        assert shop.stock_item("mug")["holds"].keys() == {"faster"}

    def test_under_the_same_reservation_and_the_units_are_taken_once(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 1)
        shop.meanwhile.append(lambda: shop.inventory.reserve("order", {"mug": 1}))

        answer = shop.inventory.reserve("order", {"mug": 1})

        assert isinstance(answer, Reserved)
        assert shop.stock_item("mug")["holds"]["order"]["quantity"] == 1

    def test_and_commits_what_is_being_released(self, shop: "Shop", placed: Placed) -> None:
        shop.inventory.create_stock("mug", 1)
        shop.inventory.reserve("order", {"mug": 1})
        shop.meanwhile.append(lambda: shop.inventory.commit(placed(mug=1)))

        shop.inventory.release("order")

        assert shop.reservation_item("order")["state"] == "COMMITTED"
        assert shop.stock_item("mug")["onHand"] == 0

    def test_and_releases_what_is_being_committed(self, shop: "Shop", placed: Placed) -> None:
        shop.inventory.create_stock("mug", 1)
        shop.inventory.reserve("order", {"mug": 1})
        shop.meanwhile.append(lambda: shop.inventory.release("order"))

        shop.inventory.commit(placed(mug=1))

        assert shop.reservation_item("order")["state"] == "COMMITTED"
        assert shop.stock_item("mug")["onHand"] == 0

    def test_and_gives_away_what_is_being_committed(self, shop: "Shop", placed: Placed) -> None:
        shop.inventory.create_stock("mug", 1)
        shop.inventory.reserve("order", {"mug": 1})

        def released_and_reserved_by_another() -> None:
            shop.inventory.release("order")
            shop.inventory.reserve("faster", {"mug": 1})

        shop.meanwhile.append(released_and_reserved_by_another)

        shop.inventory.commit(placed(mug=1))

        assert shop.reservation_item("order")["state"] == "SHORT"
        assert shop.stock_item("mug")["holds"].keys() == {"faster"}
        assert shop.stock_item("mug")["onHand"] == 1

    def test_while_staff_counts_and_the_count_stands(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 10)
        shop.meanwhile.append(lambda: shop.inventory.reserve("order", {"mug": 2}))

        counted = shop.inventory.set_on_hand("mug", 5)

        assert counted is not None
        assert (counted.on_hand, counted.available) == (5, 3)


class TestPatience:
    def test_outlasts_many_conflicts(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 10)
        shop.refusals += [CONFLICT] * 12

        shop.inventory.reserve("order", {"mug": 1})

        assert len(shop.pauses) == 12

    def test_ends_and_nothing_is_written(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 10)
        shop.refusals.append(CONFLICT)

        with pytest.raises(RetriesExhaustedError):
            shop.retrying(seconds=0).reserve("order", {"mug": 1})

        assert shop.stock_item("mug")["holds"] == {}

    def test_is_not_spent_on_a_fault(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 10)
        shop.refusals.append(ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "x"))

        with pytest.raises(ClientError, match="AccessDenied"):
            shop.inventory.reserve("order", {"mug": 1})

        assert shop.pauses == []


class TestExpiry:
    def test_is_judged_when_read_without_any_sweeper(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 1)
        shop.inventory.reserve("idle", {"mug": 1})

        shop.clock.expire_holds()

        assert shop.inventory.get_available("mug") == 1
        assert isinstance(shop.inventory.reserve("order", {"mug": 1}), Reserved)
        assert shop.stock_item("mug")["holds"].keys() == {"order"}

    def test_is_not_reached_a_millisecond_earlier(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 1)
        shop.inventory.reserve("idle", {"mug": 1})

        shop.clock.now += HOLD_MILLISECONDS - 1

        assert shop.inventory.get_available("mug") == 0

    def test_is_put_off_by_reserving_again(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 1)
        shop.inventory.reserve("order", {"mug": 1})
        shop.clock.now += HOLD_MILLISECONDS - 1
        shop.inventory.reserve("order", {"mug": 1})

        shop.clock.now += HOLD_MILLISECONDS - 1

        assert shop.inventory.get_available("mug") == 0


class TestCounting:
    def test_an_unknown_product_is_none(self, shop: "Shop") -> None:
        assert shop.inventory.set_on_hand("ghost", 5) is None
        assert shop.inventory.get_available("ghost") is None

    def test_tells_the_new_number(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 1)

        shop.inventory.set_on_hand("mug", 5)

        ((_, detail),) = shop.raised(shop.stock_item("mug"))
        assert detail["data"] == {"productId": "mug", "available": 5, "onHand": 5}

    def test_is_newer_than_any_sequence_that_a_consumer_accepted_before(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 5)

        shop.inventory.set_on_hand("mug", 5)
        shop.inventory.set_on_hand("mug", 5)
        shop.inventory.reserve("order", {"mug": 1})

        ((_, detail),) = shop.raised(shop.stock_item("mug"))
        assert detail["data"] == {"productId": "mug", "available": 4, "onHand": 5}
        assert detail["metadata"]["sequence"] == shop.clock.now + 2
        assert not is_ahead_of_clock(detail["metadata"]["sequence"], shop.clock.now)

    def test_of_the_same_number_is_published_too(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 5)
        shop.clock.now += 1

        shop.inventory.set_on_hand("mug", 5)

        ((_, detail),) = shop.raised(shop.stock_item("mug"))
        assert (detail["data"]["available"], detail["metadata"]["sequence"]) == (5, shop.clock.now)

    def test_fewer_than_are_held_leaves_none_available(self, shop: "Shop") -> None:
        shop.inventory.create_stock("mug", 5)
        shop.inventory.reserve("order", {"mug": 4})

        counted = shop.inventory.set_on_hand("mug", 2)

        assert counted is not None
        assert counted.available == 0
        assert shop.inventory.get_available("mug") == 0
