"""Events as the queue delivers them: once, again, in any order, and in a replay."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bus.outbox import envelope_for
from schemas.catalog import ProductCreated, ProductSnapshot
from schemas.contract import Money
from schemas.event import Event
from schemas.orders import OrderCancelled, OrderPlaced
from services.inventory import events
from tests.rejections import record_rejections

if TYPE_CHECKING:
    from tests.unit.inventory.conftest import Shop

Placed = Callable[..., OrderPlaced]
Cancelled = Callable[..., OrderCancelled]


@pytest.fixture(autouse=True)
def inventory_service(shop: "Shop", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "inventory_service", lambda: shop.inventory)


@pytest.fixture(autouse=True)
def rejections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the reasons with which events went to quarantine."""
    return record_rejections(events.consumer, monkeypatch)


def deliver(*delivered: Event, replay: str | None = None) -> None:
    records = []
    for event in delivered:
        body: dict[str, Any] = {
            "source": event.source(),
            "detail-type": event.detail_type(),
            "detail": json.loads(envelope_for(event, sequence=1).to_json()),
        }
        if replay:
            body["replay-name"] = replay
        records.append({"messageId": "message", "body": json.dumps(body)})
    assert events.consumer({"Records": records}, None) == {"batchItemFailures": []}


def created(initial_stock: int | None) -> ProductCreated:
    at = datetime(2026, 11, 23, tzinfo=UTC)
    product = ProductSnapshot(
        product_id="mug",
        name="Mug",
        description="",
        category="kitchen",
        brand="Own",
        price=Money(amount=1000),
        image_url="",
        status="ACTIVE",
        created_at=at,
        updated_at=at,
    )
    return ProductCreated(product_id="mug", product=product, initial_stock=initial_stock)


def units(shop: "Shop") -> tuple[int, int]:
    item = shop.stock_item("mug")
    return item["onHand"], item["available"]


def test_a_new_product_has_the_stock_that_came_with_it(shop: "Shop") -> None:
    deliver(created(initial_stock=7))

    assert units(shop) == (7, 7)
    ((detail_type, detail),) = shop.raised(shop.stock_item("mug"))
    assert detail_type == "StockChanged"
    assert detail["data"] == {"productId": "mug", "available": 7, "onHand": 7}


def test_a_new_product_without_a_figure_has_none(shop: "Shop") -> None:
    deliver(created(initial_stock=None))

    assert units(shop) == (0, 0)


def test_a_product_that_is_created_again_keeps_its_stock(shop: "Shop") -> None:
    deliver(created(initial_stock=7))
    shop.inventory.set_on_hand("mug", 3)

    deliver(created(initial_stock=7), replay="last-year")

    assert units(shop) == (3, 3)


def test_a_placed_order_is_committed_once(shop: "Shop", placed: Placed) -> None:
    shop.inventory.create_stock("mug", 10)
    shop.inventory.reserve("order", {"mug": 4})

    deliver(placed(mug=4), placed(mug=4))
    deliver(placed(mug=4), replay="last-year")

    assert units(shop) == (6, 6)
    assert shop.reservation_item("order")["state"] == "COMMITTED"
    assert "holdExpiresAt" not in shop.reservation_item("order")


def test_a_placed_order_whose_hold_expired_takes_what_is_still_there(shop: "Shop", placed: Placed) -> None:
    shop.inventory.create_stock("mug", 10)
    shop.inventory.reserve("order", {"mug": 4})
    shop.clock.expire_holds()

    deliver(placed(mug=4))

    assert units(shop) == (6, 6)


def test_a_placed_order_whose_units_are_sold_is_short_once(shop: "Shop", placed: Placed) -> None:
    shop.inventory.create_stock("mug", 4)
    shop.inventory.reserve("order", {"mug": 4})
    shop.clock.expire_holds()
    shop.inventory.reserve("other", {"mug": 1})

    deliver(placed(mug=4))
    first = shop.raised(shop.reservation_item("order"))
    deliver(placed(mug=4), placed(mug=4))

    ((detail_type, detail),) = first
    assert detail_type == "StockShort"
    assert detail["data"] == {
        "orderId": "order",
        "userId": "shopper",
        "lines": [{"productId": "mug", "quantity": 4}],
    }
    assert detail["metadata"]["sequence"] == 2
    assert shop.raised(shop.reservation_item("order")) == first
    assert units(shop) == (4, 3)


def test_a_short_order_stays_short_when_the_units_come_back(shop: "Shop", placed: Placed) -> None:
    shop.inventory.create_stock("mug", 4)
    shop.inventory.reserve("order", {"mug": 4})
    shop.inventory.set_on_hand("mug", 0)
    deliver(placed(mug=4))
    shop.inventory.set_on_hand("mug", 10)

    deliver(placed(mug=4))

    assert units(shop) == (10, 10)


def test_a_cancelled_order_gives_its_units_back_once(shop: "Shop", placed: Placed, cancelled: Cancelled) -> None:
    shop.inventory.create_stock("mug", 10)
    shop.inventory.reserve("order", {"mug": 4})
    deliver(placed(mug=4))

    deliver(cancelled(mug=4), cancelled(mug=4))
    deliver(placed(mug=4), cancelled(mug=4), replay="last-year")

    assert units(shop) == (10, 10)
    ((_, detail),) = shop.raised(shop.stock_item("mug"))
    assert detail["data"] == {"productId": "mug", "available": 10, "onHand": 10}
    assert shop.reservation_item("order")["state"] == "RETURNED"


def test_a_cancelled_short_order_gives_nothing_back(shop: "Shop", placed: Placed, cancelled: Cancelled) -> None:
    shop.inventory.create_stock("mug", 4)
    shop.inventory.reserve("order", {"mug": 4})
    shop.inventory.set_on_hand("mug", 1)

    deliver(placed(mug=4), cancelled(mug=4))

    assert units(shop) == (1, 1)


def test_a_cancellation_that_overtakes_its_order_ends_right(shop: "Shop", placed: Placed, cancelled: Cancelled) -> None:
    shop.inventory.create_stock("mug", 10)
    shop.inventory.reserve("order", {"mug": 4})

    deliver(cancelled(mug=4))
    deliver(placed(mug=4))

    assert units(shop) == (10, 10)
    assert shop.stock_item("mug")["holds"] == {}
    assert shop.reservation_item("order")["state"] == "RETURNED"


def test_an_order_that_no_checkout_has_reserved_moves_no_units(
    shop: "Shop", placed: Placed, cancelled: Cancelled, rejections: list[str]
) -> None:
    shop.inventory.create_stock("mug", 10)

    deliver(placed(mug=6), cancelled(mug=6))

    assert units(shop) == (10, 10)
    assert rejections == ["no checkout has reserved anything for order order"] * 2


@pytest.mark.parametrize("state", ["HELD", "EXPIRED", "RELEASED", "COMMITTED"])
@pytest.mark.parametrize("event", ["placed", "cancelled"])
def test_an_order_of_other_lines_than_its_checkout_has_reserved_moves_no_units(
    shop: "Shop", placed: Placed, cancelled: Cancelled, rejections: list[str], state: str, event: str
) -> None:
    shop.inventory.create_stock("mug", 10)
    shop.inventory.reserve("order", {"mug": 1})
    match state:
        case "EXPIRED":
            shop.clock.expire_holds()
        case "RELEASED":
            shop.inventory.release("order")
        case "COMMITTED":
            deliver(placed(mug=1))
    before = shop.stock_item("mug"), shop.reservation_item("order")

    deliver(placed(mug=6) if event == "placed" else cancelled(mug=6))

    assert (shop.stock_item("mug"), shop.reservation_item("order")) == before
    assert rejections == ["order order has 6 × mug, and its checkout has reserved 1 × mug"]
