"""The timer that says which carts were left alone."""

import pytest

from schemas.cart import CartAbandoned
from schemas.contract import Money
from schemas.event import Envelope
from services.cart import abandonment
from services.cart.abandonment import publish_abandoned_carts
from tests.unit.cart.conftest import NOON, SHOPPER, Shop, placed, snapshot


@pytest.fixture(autouse=True)
def products(shop: Shop) -> None:
    shop.sell("mug", cents=1000)
    shop.sell("tea", cents=300)


def test_a_cart_that_was_left_alone_for_a_day_is_abandoned(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.clock.forward(hours=24)

    assert publish_abandoned_carts(shop.service) == 1

    (detail,) = shop.abandonments()
    event = Envelope[CartAbandoned].read(detail)
    assert event.data.user_id == SHOPPER
    assert [(line.product_id, line.quantity, line.unit_price.amount) for line in event.data.lines] == [("mug", 2, 1000)]
    assert (event.data.subtotal, event.data.last_touched_at) == (Money(amount=2000), NOON)
    assert event.metadata.sequence == shop.header()["sequence"] == 2
    assert event.metadata.correlation_id == "the-request"


def test_a_moment_before_it_is_not(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.clock.forward(hours=24, milliseconds=-1)

    assert publish_abandoned_carts(shop.service) == 0
    assert shop.abandonments() == []


def test_it_is_said_once(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.clock.forward(hours=24)
    publish_abandoned_carts(shop.service)
    said = shop.abandonments()
    shop.clock.forward(days=30)

    assert publish_abandoned_carts(shop.service) == 0
    assert shop.abandonments() == said


def test_it_is_said_again_after_the_shopper_came_back_and_left_again(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.clock.forward(hours=24)
    publish_abandoned_carts(shop.service)
    (first,) = shop.abandonments()
    shop.service.add(SHOPPER, "tea", 1)
    shop.clock.forward(hours=24)

    assert publish_abandoned_carts(shop.service) == 1

    (second,) = shop.abandonments()
    assert second["metadata"]["eventId"] != first["metadata"]["eventId"]
    assert second["metadata"]["sequence"] > first["metadata"]["sequence"]
    assert len(second["data"]["lines"]) == 2


def test_a_shopper_who_comes_back_at_that_moment_has_not_left(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.clock.forward(hours=24)
    shop.meanwhile = [lambda: shop.service.add(SHOPPER, "tea", 1)]

    assert publish_abandoned_carts(shop.service) == 0

    assert shop.abandonments() == []
    assert shop.header()["activity"] == "WATCHED"


def test_a_purchase_of_part_of_the_cart_is_a_visit(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.clock.forward(hours=20)
    shop.service.remove_purchased(placed(mug=1, at=shop.clock.now))
    shop.clock.forward(hours=4)

    assert publish_abandoned_carts(shop.service) == 0


def test_only_what_can_be_bought_was_left(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.service.add(SHOPPER, "tea", 1)
    shop.products.save_product(snapshot("mug", status="HIDDEN"), sequence=2)
    shop.clock.forward(hours=24)

    publish_abandoned_carts(shop.service)

    (detail,) = shop.abandonments()
    assert [line["productId"] for line in detail["data"]["lines"]] == ["tea"]
    assert detail["data"]["subtotal"]["amount"] == 300


def test_a_cart_of_nothing_that_can_be_bought_is_no_longer_watched(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.products.mark_deleted("mug", sequence=2)
    shop.clock.forward(hours=24)

    assert publish_abandoned_carts(shop.service) == 0

    assert shop.abandonments() == []
    assert "activity" not in shop.header()


def test_an_empty_cart_was_not_left(shop: Shop) -> None:
    shop.service.add(SHOPPER, "mug", 2)
    shop.service.empty(SHOPPER)
    shop.clock.forward(hours=24)
    shop.calls.clear()

    assert publish_abandoned_carts(shop.service) == 0
    assert shop.calls == ["Query"]


def test_a_run_takes_the_longest_idle_and_the_next_one_the_others(shop: Shop) -> None:
    for number in range(3):
        shop.service.add(f"shopper-{number}", "mug", 1)
        shop.clock.forward(minutes=1)
    shop.clock.forward(hours=24)
    shop.calls.clear()

    assert publish_abandoned_carts(shop.service, limit=2) == 2

    assert shop.calls == ["Query"] + 2 * ["Query", "BatchGetItem", "UpdateItem"]
    assert shop.abandonments("shopper-2") == []
    assert publish_abandoned_carts(shop.service, limit=2) == 1
    assert len(shop.abandonments("shopper-2")) == 1


def test_carts_beyond_a_page_are_found(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.cart.store.IDLE_PAGE", 2)
    for number in range(5):
        shop.service.add(f"shopper-{number}", "mug", 1)
    shop.clock.forward(hours=24)

    assert publish_abandoned_carts(shop.service) == 5


def test_a_cart_that_fails_does_not_hold_up_the_others_and_comes_again(shop: Shop) -> None:
    for number in range(3):
        shop.service.add(f"shopper-{number}", "mug", 1)
        shop.clock.forward(minutes=1)
    shop.clock.forward(hours=24)
    shop.refusals = [RuntimeError("the table does not answer")]

    with pytest.raises(RuntimeError, match="1 idle cart"):
        publish_abandoned_carts(shop.service)

    assert [len(shop.abandonments(f"shopper-{number}")) for number in range(3)] == [0, 1, 1]
    assert publish_abandoned_carts(shop.service) == 1


def test_an_index_that_is_behind_the_table_says_nothing_wrong(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.service.add(SHOPPER, "mug", 1)
    shop.clock.forward(hours=23)
    monkeypatch.setattr(shop.store, "idle_user_ids", lambda _: iter([SHOPPER, "nobody"]))

    assert publish_abandoned_carts(shop.service) == 0
    assert shop.abandonments() == []


def test_the_timer_begins_a_context_of_its_own(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abandonment, "cart_service", lambda: shop.service)
    shop.service.add(SHOPPER, "mug", 1)
    shop.clock.forward(hours=24)

    abandonment.handler({}, None)

    (detail,) = shop.abandonments()
    assert detail["metadata"]["correlationId"] != "the-request"
    assert "causationId" not in detail["metadata"]
