"""Carts as they are stored: what is written, with how many calls, and when others write meanwhile."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from bus.optimistic_locking import RetriesExhaustedError
from schemas.contract import Money
from services.cart.cart_items import HEADER, MARKER_SECONDS, IdempotencyMarker
from services.cart.domain import MAX_LINES, MAX_QUANTITY, OutOfStockError, TooManyLinesError, TooManyUnitsError
from services.cart.product_projection import ProductProjection
from services.cart.store import AlreadyAppliedError
from tests.unit.cart.conftest import NOON, SHOPPER, Shop, placed, snapshot

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient


def cancelled(*codes: str) -> ClientError:
    response = {
        "Error": {"Code": "TransactionCanceledException", "Message": ""},
        "CancellationReasons": [{"Code": code} for code in codes],
    }
    return ClientError(response, "TransactWriteItems")  # type: ignore[arg-type]


def test_a_cart_that_nobody_began_is_empty(shop: Shop) -> None:
    assert shop.service.get(SHOPPER).lines == []
    assert shop.calls == ["Query"]


def test_what_is_added_is_in_the_cart(shop: Shop) -> None:
    shop.sell("mug")

    answer = shop.service.add(SHOPPER, "mug", 2)

    assert answer == shop.service.get(SHOPPER)
    assert [(line.product_id, line.quantity) for line in answer.lines] == [("mug", 2)]
    assert answer.total == Money(amount=2599)


def test_carts_do_not_meet(shop: Shop) -> None:
    shop.sell("mug")

    shop.service.add(SHOPPER, "mug", 2)

    assert shop.quantities("somebody else") == {}


def test_every_change_is_counted_and_dated(shop: Shop) -> None:
    shop.sell("mug")
    shop.service.add(SHOPPER, "mug", 1)
    shop.clock.forward(minutes=5)
    shop.service.add(SHOPPER, "mug", 1)
    shop.clock.forward(minutes=5)
    shop.service.set_quantity(SHOPPER, "mug", 5)

    header = shop.header()

    assert header["sequence"] == 3
    assert header["touchedAt"] == int(NOON.timestamp() + 600) * 1000
    assert (header["lineCount"], header["activity"]) == (1, "WATCHED")


def test_an_empty_cart_is_not_watched(shop: Shop) -> None:
    shop.sell("mug")
    shop.service.add(SHOPPER, "mug", 1)

    shop.service.remove(SHOPPER, "mug")

    assert "activity" not in shop.header()
    assert shop.header()["lineCount"] == 0


def test_a_change_that_changes_nothing_writes_nothing(shop: Shop) -> None:
    shop.sell("mug")
    shop.sell("tea")
    shop.service.add(SHOPPER, "mug", 1)
    before = shop.items()
    shop.clock.forward(minutes=5)

    shop.service.set_quantity(SHOPPER, "mug", 1)
    shop.service.remove(SHOPPER, "tea")
    shop.service.empty("somebody else")

    assert shop.items() == before
    assert shop.items("somebody else") == {}


def test_a_price_is_news_until_the_shopper_changes_the_line(shop: Shop) -> None:
    shop.sell("mug", cents=1000)
    shop.service.add(SHOPPER, "mug", 1)
    shop.products.save_product(snapshot("mug", 1200), sequence=2)

    (told,) = shop.service.get(SHOPPER).lines
    (accepted,) = shop.service.set_quantity(SHOPPER, "mug", 1).lines

    assert told.notice is not None
    assert told.notice.previous_price == Money(amount=1000)
    assert accepted.notice is None
    assert shop.service.get(SHOPPER).lines == [accepted]


class TestConcurrentChanges:
    def test_units_that_were_added_meanwhile_are_not_lost(self, shop: Shop) -> None:
        shop.sell("mug")
        shop.service.add(SHOPPER, "mug", 1)
        shop.calls.clear()
        shop.meanwhile = [lambda: shop.service.add(SHOPPER, "mug", 2)]

        shop.service.add(SHOPPER, "mug", 3)

        assert shop.quantities() == {"mug": 6}
        # Adds do not hinder each other: neither of the two was tried again.
        assert shop.calls.count("TransactWriteItems") == 2

    def test_a_line_that_came_meanwhile_is_added_to(self, shop: Shop) -> None:
        shop.sell("mug")
        shop.meanwhile = [lambda: shop.service.add(SHOPPER, "mug", 2)]

        shop.service.add(SHOPPER, "mug", 3)

        assert shop.quantities() == {"mug": 5}
        assert shop.header()["lineCount"] == 1

    def test_a_line_that_went_meanwhile_begins_anew(self, shop: Shop) -> None:
        shop.sell("mug")
        shop.service.add(SHOPPER, "mug", 4)
        shop.meanwhile = [lambda: shop.service.empty(SHOPPER)]

        shop.service.add(SHOPPER, "mug", 3)

        assert shop.quantities() == {"mug": 3}
        assert shop.header()["lineCount"] == 1

    def test_two_adds_do_not_take_more_than_there_is(self, shop: Shop) -> None:
        shop.sell("mug", available=5)
        shop.service.add(SHOPPER, "mug", 1)
        shop.meanwhile = [lambda: shop.service.add(SHOPPER, "mug", 3)]

        with pytest.raises(OutOfStockError) as refused:
            shop.service.add(SHOPPER, "mug", 2)

        assert (refused.value.requested, refused.value.available) == (6, 5)
        assert shop.quantities() == {"mug": 4}

    def test_two_adds_do_not_exceed_the_units_of_a_product(self, shop: Shop) -> None:
        shop.sell("mug", available=500)
        shop.service.add(SHOPPER, "mug", 1)
        shop.meanwhile = [lambda: shop.service.add(SHOPPER, "mug", MAX_QUANTITY - 1)]

        with pytest.raises(TooManyUnitsError):
            shop.service.add(SHOPPER, "mug", 1)

        assert shop.quantities() == {"mug": MAX_QUANTITY}

    def test_two_adds_do_not_exceed_the_products_of_a_cart(self, shop: Shop) -> None:
        names = [f"p{number}" for number in range(MAX_LINES + 1)]
        shop.sell_all(names)
        shop.service.merge(SHOPPER, "fill", [(name, 1) for name in names[: MAX_LINES - 1]])
        shop.meanwhile = [lambda: shop.service.add(SHOPPER, names[-1], 1)]

        with pytest.raises(TooManyLinesError):
            shop.service.add(SHOPPER, names[-2], 1)

        assert len(shop.quantities()) == MAX_LINES == shop.header()["lineCount"]

    def test_a_removal_does_not_take_what_was_added_meanwhile_for_removed(self, shop: Shop) -> None:
        shop.sell("mug")
        shop.sell("tea")
        shop.service.add(SHOPPER, "mug", 1)
        shop.meanwhile = [lambda: shop.service.add(SHOPPER, "tea", 1)]

        answer = shop.service.remove(SHOPPER, "mug")

        assert [line.product_id for line in answer.lines] == ["tea"]
        assert shop.quantities() == {"tea": 1}
        assert (shop.header()["lineCount"], shop.header()["activity"]) == (1, "WATCHED")

    def test_a_purchase_leaves_what_was_added_meanwhile(self, shop: Shop) -> None:
        shop.sell("mug")
        shop.service.add(SHOPPER, "mug", 2)
        shop.meanwhile = [lambda: shop.service.add(SHOPPER, "mug", 3)]

        assert shop.service.remove_purchased(placed(mug=2))

        assert shop.quantities() == {"mug": 3}

    def test_a_transaction_that_collides_is_tried_again(self, shop: Shop) -> None:
        shop.sell("mug")
        shop.refusals = [cancelled("None", "TransactionConflict"), cancelled("ThrottlingError", "None")]

        shop.service.add(SHOPPER, "mug", 1)

        assert shop.quantities() == {"mug": 1}
        assert len(shop.pauses) == 2

    def test_a_transaction_that_always_collides_is_given_up_and_nothing_written(self, shop: Shop) -> None:
        shop.sell("mug")
        shop.refusals = [cancelled("TransactionConflict", "None")]

        with pytest.raises(RetriesExhaustedError):
            shop.retrying(seconds=0).add(SHOPPER, "mug", 1)

        assert shop.items() == {}

    def test_a_fault_is_not_taken_for_a_conflict(self, shop: Shop) -> None:
        shop.sell("mug")
        shop.refusals = [cancelled("ValidationError", "None")]

        with pytest.raises(ClientError):
            shop.service.add(SHOPPER, "mug", 1)

        assert shop.pauses == []


class TestMerging:
    def test_a_merge_that_is_repeated_adds_nothing_and_says_the_same(self, shop: Shop) -> None:
        shop.sell("mug")
        lines = [("mug", 2), ("ghost", 1)]
        first = shop.service.merge(SHOPPER, "merge-1", lines)

        second = shop.service.merge(SHOPPER, "merge-1", lines)

        assert second == first
        assert first[1] == {"ghost": "UNKNOWN"}
        assert shop.quantities() == {"mug": 2}

    def test_another_merge_adds(self, shop: Shop) -> None:
        shop.sell("mug")
        shop.service.merge(SHOPPER, "merge-1", [("mug", 2)])

        shop.service.merge(SHOPPER, "merge-2", [("mug", 2)])

        assert shop.quantities() == {"mug": 4}

    def test_a_merge_id_is_the_shoppers_own(self, shop: Shop) -> None:
        shop.sell("mug")
        shop.service.merge("somebody else", "merge-1", [("mug", 2)])

        shop.service.merge(SHOPPER, "merge-1", [("mug", 2)])

        assert shop.quantities() == {"mug": 2}

    def test_the_same_merge_twice_at_once_adds_once(self, shop: Shop) -> None:
        shop.sell("mug")
        shop.meanwhile = [lambda: shop.service.merge(SHOPPER, "merge-1", [("mug", 2)])]

        shop.service.merge(SHOPPER, "merge-1", [("mug", 2)])

        assert shop.quantities() == {"mug": 2}

    def test_a_merge_of_nothing_that_can_be_bought_is_remembered_too(self, shop: Shop) -> None:
        shop.sell("mug", available=0)
        shop.service.merge(SHOPPER, "merge-1", [("mug", 2)])
        shop.products.save_available("mug", 5, sequence=2)

        _, left_out = shop.service.merge(SHOPPER, "merge-1", [("mug", 2)])

        assert shop.quantities() == {}
        assert left_out == {"mug": "OUT_OF_STOCK"}
        assert HEADER not in shop.items()

    def test_a_line_named_twice_is_added_up(self, shop: Shop) -> None:
        shop.sell("mug")

        shop.service.merge(SHOPPER, "merge-1", [("mug", 2), ("mug", 3)])

        assert shop.quantities() == {"mug": 5}

    def test_the_largest_merge_fits_into_its_calls(self, shop: Shop) -> None:
        old = [f"old{number}" for number in range(MAX_LINES // 2)]
        new = [f"new{number}" for number in range(MAX_LINES)]
        shop.sell_all(old + new)
        shop.service.merge(SHOPPER, "before", [(name, 1) for name in old])
        shop.calls.clear()

        cart, left_out = shop.service.merge(SHOPPER, "merge-1", [(name, 1) for name in new])

        assert shop.calls == ["Query", "BatchGetItem", "TransactWriteItems"]
        assert len(cart.lines) == MAX_LINES
        assert set(left_out.values()) == {"CART_FULL"}
        assert len(left_out) == len(old)


class TestStoredItems:
    def test_marks_are_kept_longer_than_events_and_not_read_with_the_cart(self, shop: Shop) -> None:
        shop.sell("mug")
        shop.service.add(SHOPPER, "mug", 2)

        shop.service.remove_purchased(placed("order-1", mug=1))

        mark = shop.items()["!order#order-1"]
        assert mark["expiresAt"] == int(NOON.timestamp()) + MARKER_SECONDS
        assert MARKER_SECONDS > 365 * 24 * 3600
        assert shop.quantities() == {"mug": 1}

    def test_a_mark_refuses_its_second_write_and_tells_what_it_remembers(self, shop: Shop) -> None:
        cart = shop.store.get(SHOPPER)
        shop.store.save(cart, cart, IdempotencyMarker.for_merge("m", {"mug": "UNKNOWN"}))

        with pytest.raises(AlreadyAppliedError) as refused:
            shop.store.save(cart, cart, IdempotencyMarker.for_merge("m", {}))

        assert refused.value.left_out == {"mug": "UNKNOWN"}

    def test_a_shopper_is_forgotten_with_all_that_is_theirs(self, shop: Shop) -> None:
        names = [f"p{number}" for number in range(30)]
        shop.sell_all(names)
        shop.service.merge(SHOPPER, "m", [(name, 1) for name in names])
        shop.service.remove_purchased(placed(p0=1))
        shop.service.add("somebody else", "p1", 1)

        shop.store.erase(SHOPPER)
        shop.store.erase(SHOPPER)

        assert shop.items().keys() == {HEADER}
        assert shop.quantities("somebody else") == {"p1": 1}


class TestProducts:
    def test_keys_that_were_not_answered_are_asked_for_again(self, dynamodb: "DynamoDBClient", shop: Shop) -> None:
        shop.sell("mug")
        shop.sell("tea")
        answers = Halving(dynamodb)

        found = ProductProjection(answers, "CartProducts").get_many(["mug", "tea"])  # type: ignore[arg-type]

        assert sorted(found) == ["mug", "tea"]
        assert answers.asked == [["mug", "tea"], ["tea"]]

    def test_nothing_is_asked_for_nothing(self, shop: Shop) -> None:
        assert shop.products.get_many([]) == {}
        assert shop.calls == []

    def test_a_product_named_twice_is_asked_for_once(self, shop: Shop) -> None:
        shop.sell("mug")

        assert list(shop.products.get_many(["mug", "mug"])) == ["mug"]


class Halving:
    """A DynamoDB that answers one key a call."""

    def __init__(self, dynamodb: "DynamoDBClient") -> None:
        self._dynamodb = dynamodb
        self.asked: list[list[str]] = []

    def batch_get_item(self, RequestItems: dict[str, dict[str, list[dict[str, dict[str, str]]]]]) -> object:  # noqa: N803
        ((table, asked),) = RequestItems.items()
        self.asked.append([key["productId"]["S"] for key in asked["Keys"]])
        first, *others = asked["Keys"]
        answer = self._dynamodb.batch_get_item(RequestItems={table: {"Keys": [first]}})
        return {**answer, "UnprocessedKeys": {table: {"Keys": others}} if others else {}}


@pytest.mark.parametrize(
    ("change", "calls"),
    [
        (lambda shop: shop.service.get(SHOPPER), ["Query", "BatchGetItem"]),
        (lambda shop: shop.service.add(SHOPPER, "mug", 1), ["Query", "BatchGetItem", "TransactWriteItems"]),
        (lambda shop: shop.service.add(SHOPPER, "tea", 1), ["Query", "BatchGetItem", "TransactWriteItems"]),
        (lambda shop: shop.service.set_quantity(SHOPPER, "mug", 3), ["Query", "BatchGetItem", "TransactWriteItems"]),
        (lambda shop: shop.service.remove(SHOPPER, "mug"), ["Query", "BatchGetItem", "TransactWriteItems"]),
        (lambda shop: shop.service.empty(SHOPPER), ["Query", "TransactWriteItems"]),
        (lambda shop: shop.service.merge(SHOPPER, "m", [("tea", 1)]), ["Query", "BatchGetItem", "TransactWriteItems"]),
        (lambda shop: shop.service.remove_purchased(placed(mug=1)), ["Query", "TransactWriteItems"]),
        (lambda shop: shop.store.erase(SHOPPER), ["UpdateItem", "Query", "BatchWriteItem"]),
    ],
    ids=["show", "add to a line", "add a line", "set", "remove", "empty", "merge", "forget bought", "forget shopper"],
)
def test_calls_are_as_the_readme_counts_them(shop: Shop, change: Callable[[Shop], object], calls: list[str]) -> None:
    shop.sell("mug")
    shop.sell("tea")
    shop.service.add(SHOPPER, "mug", 1)
    shop.calls.clear()

    change(shop)

    assert shop.calls == calls


def test_the_first_product_in_an_empty_cart_starts_it(shop: Shop) -> None:
    shop.sell_all(["mug", "cup"])

    shop.service.add(SHOPPER, "mug", 2)
    (started,) = shop.raised()

    assert started["data"] == {"userId": SHOPPER, "startedAt": "2026-11-23T12:00:00.000Z"}
    assert started["metadata"]["sequence"] == shop.header()["sequence"]


def test_a_started_cart_raises_nothing_more_and_wakes_no_relay(shop: Shop) -> None:
    shop.sell_all(["mug", "cup"])
    changes: list[Callable[[], object]] = [
        lambda: shop.service.add(SHOPPER, "mug", 1),
        lambda: shop.service.add(SHOPPER, "cup", 1),
        lambda: shop.service.set_quantity(SHOPPER, "cup", 3),
        lambda: shop.service.remove(SHOPPER, "cup"),
        lambda: shop.service.remove_purchased(placed(mug=1)),
    ]

    for change in changes:
        shop.service.empty(SHOPPER)
        shop.service.add(SHOPPER, "mug", 1)
        shop.service.add(SHOPPER, "cup", 1)
        change()
        assert "outbox" not in shop.header()


def test_a_cart_that_was_emptied_starts_again(shop: Shop) -> None:
    shop.sell("mug")
    shop.service.add(SHOPPER, "mug", 2)
    (first,) = shop.raised()
    shop.service.empty(SHOPPER)

    shop.service.merge(SHOPPER, "the-merge", [("mug", 1)])
    (second,) = shop.raised()

    assert first["metadata"]["eventId"] != second["metadata"]["eventId"]


def test_of_two_first_products_at_once_one_starts_the_cart(shop: Shop) -> None:
    shop.sell_all(["mug", "cup"])
    shop.meanwhile.append(lambda: shop.service.add(SHOPPER, "cup", 1))

    shop.service.add(SHOPPER, "mug", 1)

    assert shop.quantities() == {"mug": 1, "cup": 1}
    assert shop.header()["sequence"] == 2
    assert "outbox" not in shop.header()
