"""Goods that came back, and units that were never sent: what can be sold again is on the shelf, once."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bus.outbox import envelope_for
from schemas.contract import Money
from schemas.event import Event
from schemas.orders import OrderCancelled, OrderPlaced, OrderRefunded, UnsentUnits
from schemas.returns import ReceivedUnits, ReturnReceived
from services.inventory import events
from tests.rejections import record_rejections

if TYPE_CHECKING:
    from tests.unit.inventory.conftest import Shop

Placed = Callable[..., OrderPlaced]


@pytest.fixture(autouse=True)
def inventory_service(shop: "Shop", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "inventory_service", lambda: shop.inventory)


@pytest.fixture(autouse=True)
def rejections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return record_rejections(events.consumer, monkeypatch)


@pytest.fixture
def sold(shop: "Shop", placed: Placed) -> None:
    """Sell three of ten mugs and a pot."""
    shop.inventory.create_stock("mug", 10)
    shop.inventory.create_stock("pot", 1)
    shop.inventory.reserve("order", {"mug": 3, "pot": 1})
    deliver(placed(mug=3, pot=1))


def deliver(event: Event, *, failing: bool = False) -> None:
    body = {
        "source": event.source(),
        "detail-type": event.detail_type(),
        "detail": json.loads(envelope_for(event, sequence=1).to_json()),
    }
    batch = {"Records": [{"messageId": "message", "body": json.dumps(body)}]}
    failures = [{"itemIdentifier": "message"}] if failing else []
    assert events.consumer(batch, None) == {"batchItemFailures": failures}


def came_back(return_id: str = "order-1", **units: tuple[int, int]) -> ReturnReceived:
    return ReturnReceived(
        return_id=return_id,
        order_id="order",
        user_id="ada",
        lines=[
            ReceivedUnits(product_id=name, restocked=restocked, written_off=written_off)
            for name, (restocked, written_off) in units.items()
        ],
        refund=Money(amount=1000),
        reason="WITHDRAWN",
        received_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def unsent(request_id: str = "staff-1", **units: int) -> OrderRefunded:
    return OrderRefunded(
        order_id="order",
        user_id="ada",
        amount=Money(amount=1000),
        refunded_total=Money(amount=1000),
        fully_refunded=False,
        request_id=request_id,
        unsent=[UnsentUnits(product_id=name, quantity=quantity) for name, quantity in units.items()] or None,
        refunded_at=datetime(2026, 11, 23, tzinfo=UTC),
    )


def available(shop: "Shop") -> dict[str, int]:
    return shop.inventory.get_availability(["mug", "pot"])


def test_what_can_be_sold_again_is_restocked_once(shop: "Shop", sold: None) -> None:
    deliver(came_back(mug=(1, 1), pot=(0, 1)))
    deliver(came_back(mug=(1, 1), pot=(0, 1)))

    assert available(shop) == {"mug": 8, "pot": 0}
    assert shop.raised(shop.stock_item("mug"))[-1][1]["data"]["available"] == 8


def test_several_returns_of_an_order_add_up_and_no_more_comes_back_than_left(
    shop: "Shop", sold: None, rejections: list[str]
) -> None:
    deliver(came_back("order-1", mug=(2, 0)))
    deliver(came_back("order-2", mug=(1, 0)))
    assert available(shop)["mug"] == 10

    deliver(came_back("order-3", mug=(1, 0)))

    assert available(shop)["mug"] == 10
    assert len(rejections) == 1


def test_goods_of_no_order_or_of_a_cancelled_one_are_not_restocked(
    shop: "Shop", sold: None, rejections: list[str], cancelled: Callable[..., OrderCancelled]
) -> None:
    deliver(came_back(mug=(1, 0)).model_copy(update={"order_id": "another"}))
    deliver(cancelled(mug=3, pot=1))
    deliver(came_back(mug=(1, 0)))

    assert available(shop) == {"mug": 10, "pot": 1}
    assert len(rejections) == 2


def test_units_that_were_refunded_instead_of_being_sent_are_for_sale_again_once(shop: "Shop", sold: None) -> None:
    deliver(unsent(mug=2))
    deliver(unsent(mug=2))
    deliver(unsent("staff-2", pot=1))

    assert available(shop) == {"mug": 9, "pot": 1}
    assert shop.raised(shop.stock_item("mug"))[-1][1]["data"]["available"] == 9
    assert json.loads(shop.stock_item("mug")["movement"])["kind"] == "UNSENT"


def test_a_refund_without_unsent_units_moves_nothing(shop: "Shop", sold: None) -> None:
    deliver(unsent())
    deliver(unsent().model_copy(update={"request_id": None}))

    assert available(shop) == {"mug": 7, "pot": 0}


@pytest.mark.parametrize("refund_first", [True, False])
def test_an_order_that_is_cancelled_as_well_gives_each_unit_back_once(
    shop: "Shop", sold: None, cancelled: Callable[..., OrderCancelled], refund_first: bool
) -> None:
    arriving: list[Event] = [unsent(mug=1), cancelled(mug=3, pot=1)]

    for event in arriving if refund_first else reversed(arriving):
        deliver(event)

    assert available(shop) == {"mug": 10, "pot": 1}


def test_a_refund_that_arrives_before_its_order_is_delivered_again(shop: "Shop", placed: Placed) -> None:
    shop.inventory.create_stock("mug", 10)
    shop.inventory.reserve("order", {"mug": 3})

    deliver(unsent(mug=1), failing=True)
    deliver(placed(mug=3))
    deliver(unsent(mug=1))

    assert available(shop)["mug"] == 8


def test_no_more_units_are_for_sale_again_than_the_order_took(shop: "Shop", sold: None, rejections: list[str]) -> None:
    deliver(unsent(mug=2))
    deliver(came_back(mug=(2, 0)))
    deliver(unsent("staff-2", mug=2))

    assert available(shop)["mug"] == 9
    assert len(rejections) == 2
