"""The sweeper tells of free units; it never decides who gets them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from bus.context import current
from schemas.orders import OrderPlaced
from services.inventory import sweeper
from services.inventory.sweeper import sweep

if TYPE_CHECKING:
    from tests.unit.inventory.conftest import Shop

Placed = Callable[..., OrderPlaced]


def test_expired_holds_are_dropped_and_the_others_told(shop: "Shop") -> None:
    shop.inventory.create_stock("mug", 10)
    shop.inventory.reserve("idle", {"mug": 4})
    shop.clock.expire_holds()

    assert sweep(shop.inventory) == 1

    item = shop.stock_item("mug")
    ((_, detail),) = shop.raised(item)
    assert detail["data"] == {"productId": "mug", "available": 10, "onHand": 10}
    assert item["holds"] == {}
    assert shop.reservation_item("idle")["state"] == "EXPIRED"


def test_live_holds_stay(shop: "Shop") -> None:
    shop.inventory.create_stock("mug", 10)
    shop.inventory.reserve("busy", {"mug": 4})

    assert sweep(shop.inventory) == 0

    assert shop.stock_item("mug")["holds"].keys() == {"busy"}


def test_a_product_is_written_once_however_many_of_its_holds_expired(shop: "Shop") -> None:
    shop.inventory.create_stock("mug", 10)
    for number in range(3):
        shop.inventory.reserve(f"idle-{number}", {"mug": 1})
    shop.clock.expire_holds()
    shop.calls.clear()

    assert sweep(shop.inventory) == 3

    assert shop.calls == ["Query", "GetItem", "UpdateItem", "PutItem", "PutItem", "PutItem"]


def test_a_run_has_an_end_and_the_next_one_goes_on(shop: "Shop") -> None:
    shop.inventory.create_stock("mug", 10)
    for number in range(3):
        shop.inventory.reserve(f"idle-{number}", {"mug": 1})
    shop.clock.expire_holds()

    assert [sweep(shop.inventory, limit=2) for _ in range(3)] == [2, 1, 0]


def test_nothing_expired_costs_one_query(shop: "Shop") -> None:
    sweep(shop.inventory)

    assert shop.calls == ["Query"]


def test_a_run_that_died_halfway_is_repeated(shop: "Shop") -> None:
    shop.inventory.create_stock("mug", 10)
    shop.inventory.reserve("idle", {"mug": 4})
    shop.clock.expire_holds()
    shop.inventory.drop_expired_holds("mug")

    assert sweep(shop.inventory) == 1

    assert shop.reservation_item("idle")["state"] == "EXPIRED"


def test_a_reservation_that_is_held_again_meanwhile_is_not_closed(shop: "Shop") -> None:
    shop.inventory.create_stock("mug", 10)
    shop.inventory.reserve("back", {"mug": 4})
    shop.clock.expire_holds()
    (expired,) = shop.inventory.list_expired(limit=1)
    shop.inventory.reserve("back", {"mug": 4})

    assert not shop.inventory.mark_expired(expired)

    assert shop.reservation_item("back")["state"] == "HELD"
    assert shop.stock_item("mug")["holds"].keys() == {"back"}


def test_an_order_that_is_placed_meanwhile_stays_committed(shop: "Shop", placed: Placed) -> None:
    shop.inventory.create_stock("mug", 10)
    shop.inventory.reserve("order", {"mug": 4})
    shop.clock.expire_holds()
    shop.meanwhile.append(lambda: shop.inventory.commit(placed(mug=4)))

    assert sweep(shop.inventory) == 0

    assert shop.reservation_item("order")["state"] == "COMMITTED"
    assert shop.stock_item("mug")["onHand"] == 6


def test_a_product_that_is_too_busy_does_not_hold_up_the_others(shop: "Shop") -> None:
    shop.inventory.create_stock("mug", 10)
    shop.inventory.create_stock("pot", 10)
    shop.inventory.reserve("first", {"mug": 1})
    shop.inventory.reserve("second", {"pot": 1})
    shop.clock.expire_holds()
    shop.refusals.append(ClientError({"Error": {"Code": "TransactionConflictException", "Message": ""}}, "UpdateItem"))

    assert sweep(shop.retrying(seconds=0)) == 1

    assert shop.reservation_item("first")["state"] == "HELD"
    assert shop.reservation_item("second")["state"] == "EXPIRED"


def test_the_timer_begins_a_trace_of_its_own(shop: "Shop", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeper, "inventory_service", lambda: shop.inventory)
    shop.inventory.create_stock("mug", 10)
    shop.inventory.reserve("idle", {"mug": 4})
    shop.clock.expire_holds()

    sweeper.handler({}, None)

    ((_, detail),) = shop.raised(shop.stock_item("mug"))
    assert detail["metadata"]["correlationId"] != current().correlation_id
