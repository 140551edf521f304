"""Events as the queue delivers them: late, twice, in any order, and in a replay."""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from bus.context import Context, use_context
from bus.outbox import envelope_for
from schemas.catalog import ProductCreated, ProductDeleted, ProductUpdated
from schemas.contract import MAX_INTEGER
from schemas.event import Event
from schemas.identity import UserDeleted
from schemas.inventory import StockChanged
from services.cart import events
from services.cart.cart_items import HEADER
from services.cart.domain import CartErasedError, CartProduct
from services.inventory import domain as inventory
from services.inventory.causes import Cause
from tests.rejections import record_rejections
from tests.unit.cart.conftest import NOON, SHOPPER, Shop, placed, snapshot


@pytest.fixture(autouse=True)
def cart_service(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "cart_service", lambda: shop.service)


def record(event: Event, sequence: int = 1, replay: str | None = None) -> dict[str, str]:
    with use_context(Context(correlation_id="the-request")):
        detail = json.loads(envelope_for(event, sequence).to_json())
    body: dict[str, Any] = {"source": event.source(), "detail-type": event.detail_type(), "detail": detail}
    if replay:
        body["replay-name"] = replay
    return {"messageId": f"{event.detail_type()}-{sequence}", "body": json.dumps(body)}


def deliver(*records: dict[str, str]) -> None:
    assert events.consumer({"Records": list(records)}, None) == {"batchItemFailures": []}


CREATED = record(ProductCreated(product_id="mug", product=snapshot("mug", 1000), initial_stock=7), 1)
UPDATED = record(ProductUpdated(product_id="mug", product=snapshot("mug", 1200)), 2)
DELETED = record(ProductDeleted(product_id="mug", deleted_at=NOON), 3)
IN_STOCK = record(StockChanged(product_id="mug", available=7, on_hand=7), 1)
SOLD = record(StockChanged(product_id="mug", available=4, on_hand=7), 2)


def known(shop: Shop) -> CartProduct | None:
    return shop.products.get_many(["mug"]).get("mug")


def test_a_product_is_known_from_its_events(shop: Shop) -> None:
    deliver(CREATED, IN_STOCK)

    product = known(shop)

    price = snapshot("mug").price
    assert product == CartProduct("mug", "Mug", price, "/images/mug.svg", True, 7, category="kitchen")


def test_a_count_of_the_warehouse_puts_right_what_a_wrong_event_has_stored(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rejections = record_rejections(events.consumer, monkeypatch)
    now = 1_800_000_000_000
    monkeypatch.setattr(events.consumer, "_now", lambda: now / 1000)
    sold_out = StockChanged(product_id="mug", available=0, on_hand=0)
    deliver(CREATED, IN_STOCK, record(sold_out, MAX_INTEGER))
    assert len(rejections) == 1
    assert known(shop).available == 7  # type: ignore[union-attr]

    deliver(record(sold_out, now))
    assert known(shop).available == 0  # type: ignore[union-attr]

    counted = inventory.count(inventory.Stock.initial("mug", 7), 7, Cause("COUNTED", now + 1))
    deliver(record(counted.event, counted.after.sequence))  # type: ignore[arg-type]
    assert known(shop).available == 7  # type: ignore[union-attr]


def test_stock_is_inventorys_and_not_the_figure_that_a_product_came_with(shop: Shop) -> None:
    deliver(CREATED)

    product = known(shop)

    assert product is not None
    assert product.available == 0


@pytest.mark.parametrize("order", list(permutations([CREATED, UPDATED, IN_STOCK, SOLD])))
def test_the_newest_counts_in_whatever_order_events_come(shop: Shop, order: tuple[dict[str, str], ...]) -> None:
    deliver(*order)

    product = known(shop)

    assert product is not None
    assert (product.price.amount, product.available, product.on_sale) == (1200, 4, True)
    item = shop.product_item("mug")
    assert (item["productSequence"], item["stockSequence"]) == (2, 2)


def test_an_event_that_comes_again_changes_nothing(shop: Shop) -> None:
    deliver(CREATED, UPDATED, IN_STOCK, SOLD)
    before = shop.product_item("mug")

    deliver(SOLD, UPDATED, CREATED, IN_STOCK)

    assert shop.product_item("mug") == before


def test_each_event_of_a_product_is_one_call(shop: Shop) -> None:
    deliver(CREATED, UPDATED, DELETED, SOLD)

    assert shop.calls == ["UpdateItem"] * 4


def test_stock_that_comes_before_its_product_is_kept_but_sells_nothing(shop: Shop) -> None:
    deliver(SOLD)
    assert known(shop) is None

    deliver(CREATED)

    product = known(shop)
    assert product is not None
    assert product.available == 4


def test_a_deleted_product_is_not_on_sale_but_still_has_its_name(shop: Shop) -> None:
    deliver(CREATED, IN_STOCK, DELETED)

    product = known(shop)

    assert product is not None
    assert (product.name, product.on_sale) == ("Mug", False)


def test_a_deletion_that_overtakes_the_creation_stays(shop: Shop) -> None:
    deliver(DELETED, CREATED, UPDATED, IN_STOCK)

    product = known(shop)

    assert product is not None
    assert not product.on_sale


def test_a_product_that_is_created_again_is_on_sale_again(shop: Shop) -> None:
    deliver(CREATED, DELETED, record(ProductCreated(product_id="mug", product=snapshot("mug", 1500)), 4))

    product = known(shop)

    assert product is not None
    assert (product.on_sale, product.price.amount) == (True, 1500)


def test_a_hidden_product_is_not_on_sale(shop: Shop) -> None:
    deliver(CREATED, record(ProductUpdated(product_id="mug", product=snapshot("mug", status="HIDDEN")), 2))

    product = known(shop)

    assert product is not None
    assert not product.on_sale


def test_bought_units_leave_the_cart_and_the_others_stay(shop: Shop) -> None:
    shop.sell("mug")
    shop.sell("tea")
    shop.service.add(SHOPPER, "mug", 3)
    shop.service.add(SHOPPER, "tea", 1)

    deliver(record(placed("order", mug=2, tea=1)))

    assert shop.quantities() == {"mug": 1}


def test_an_order_that_comes_again_does_not_take_what_was_put_in_since(shop: Shop) -> None:
    shop.sell("mug")
    shop.service.add(SHOPPER, "mug", 2)
    order = record(placed("order", mug=2))
    deliver(order)
    shop.clock.forward(seconds=1)
    shop.service.add(SHOPPER, "mug", 2)

    deliver(order, record(placed("order", mug=2), replay="last-week"))

    assert shop.quantities() == {"mug": 2}


def test_an_order_that_comes_again_does_not_take_the_rest_that_stayed(shop: Shop) -> None:
    shop.sell("mug")
    shop.service.add(SHOPPER, "mug", 5)
    order = record(placed("order", mug=2))

    deliver(order, order)

    assert shop.quantities() == {"mug": 3}


def test_an_order_that_came_when_the_cart_was_empty_is_remembered(shop: Shop) -> None:
    shop.sell("mug")
    deliver(record(placed("order", at=NOON + timedelta(hours=1), mug=2)))
    shop.service.add(SHOPPER, "mug", 2)

    deliver(record(placed("order", at=NOON + timedelta(hours=1), mug=2)))

    assert shop.quantities() == {"mug": 2}


def test_an_order_that_comes_late_does_not_take_a_line_that_was_begun_since(shop: Shop) -> None:
    shop.sell("mug")
    shop.clock.forward(seconds=1)
    shop.service.add(SHOPPER, "mug", 2)

    deliver(record(placed("order", at=NOON, mug=2)))

    assert shop.quantities() == {"mug": 2}


def test_two_orders_each_take_their_own(shop: Shop) -> None:
    shop.sell("mug")
    shop.service.add(SHOPPER, "mug", 5)

    deliver(record(placed("order-1", mug=2)), record(placed("order-2", mug=1)))

    assert shop.quantities() == {"mug": 2}


def test_a_cart_that_was_bought_empty_is_not_watched(shop: Shop) -> None:
    shop.sell("mug")
    shop.service.add(SHOPPER, "mug", 2)

    deliver(record(placed("order", mug=2)))

    assert "activity" not in shop.header()


def test_a_deleted_shopper_is_forgotten(shop: Shop) -> None:
    shop.sell("mug")
    shop.service.add(SHOPPER, "mug", 2)
    deliver(record(placed("order", mug=1)))

    deliver(record(UserDeleted(user_id=SHOPPER, deleted_at=NOON)))
    deliver(record(UserDeleted(user_id=SHOPPER, deleted_at=NOON)))

    assert shop.items().keys() == {HEADER}
    assert shop.header().keys() == {"userId", "productId", "sequence", "erasedAt", "expiresAt"}


def test_nothing_is_put_into_the_cart_of_an_erased_shopper(shop: Shop) -> None:
    shop.sell("mug")
    deliver(record(UserDeleted(user_id=SHOPPER, deleted_at=NOON)))

    for change in (
        lambda: shop.service.add(SHOPPER, "mug", 1),
        lambda: shop.service.set_quantity(SHOPPER, "mug", 1),
        lambda: shop.service.remove(SHOPPER, "mug"),
        lambda: shop.service.empty(SHOPPER),
        lambda: shop.service.merge(SHOPPER, "merge", [("mug", 1)]),
        lambda: shop.service.get(SHOPPER),
    ):
        with pytest.raises(CartErasedError):
            change()
    deliver(record(placed("order", mug=2)))
    assert shop.items().keys() == {HEADER}


@pytest.mark.parametrize("held", [0, 1])
def test_a_change_that_was_decided_before_an_erasure_is_not_written_after_it(shop: Shop, held: int) -> None:
    shop.sell("mug")
    shop.sell("tea")
    if held:
        shop.service.add(SHOPPER, "tea", 1)
    changes: list[Callable[[], object]] = [
        lambda: shop.service.add(SHOPPER, "mug", 1),
        lambda: shop.service.set_quantity(SHOPPER, "mug", 1),
    ]
    for change in changes:
        shop.meanwhile = [lambda: shop.store.erase(SHOPPER)]
        with pytest.raises(CartErasedError):
            change()
    assert shop.items().keys() == {HEADER}


def test_an_event_that_fails_comes_again_and_the_others_do_not(shop: Shop) -> None:
    shop.refusals = [RuntimeError("the table does not answer")]

    answer = events.consumer({"Records": [CREATED, IN_STOCK]}, None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": "ProductCreated-1"}]}
    assert shop.product_item("mug")["available"] == 7
