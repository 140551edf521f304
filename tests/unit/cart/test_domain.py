"""What may be in a cart, without any table."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.contract import Money
from services.cart.domain import (
    ABANDONED_AFTER,
    MAX_LINES,
    MAX_QUANTITY,
    Cart,
    CartLine,
    CartProduct,
    LeftOut,
    OutOfStockError,
    TooManyLinesError,
    TooManyUnitsError,
    UnknownProductError,
    total_quantities,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)
PRICE = Money(amount=1000)
NEW_PRICE = Money(amount=1100)


def product(product_id: str = "mug", *, available: int = 10, on_sale: bool = True, price: Money = PRICE) -> CartProduct:
    return CartProduct(product_id, product_id.title(), price, "", on_sale, available)


def cart(**units: int) -> Cart:
    lines = {name: CartLine(name, quantity, PRICE, EARLIER) for name, quantity in units.items()}
    return Cart("shopper", lines, sequence=len(lines))


def full_cart() -> Cart:
    return cart(**{f"p{number}": 1 for number in range(MAX_LINES)})


def quantities(cart: Cart) -> dict[str, int]:
    return {name: line.quantity for name, line in cart.lines.items()}


def test_a_product_that_is_added_comes_in_at_its_price() -> None:
    after = cart().with_added(product(), 2, NOW)

    assert after.lines == {"mug": CartLine("mug", 2, PRICE, NOW)}


def test_units_are_added_to_those_in_the_cart() -> None:
    after = cart(mug=3, tea=1).with_added(product(), 2, NOW)

    assert quantities(after) == {"mug": 5, "tea": 1}
    assert after.lines["mug"].added_at == EARLIER


def test_to_change_a_line_is_to_accept_its_price() -> None:
    now_dearer = product(price=NEW_PRICE)

    assert cart(mug=1).with_added(now_dearer, 1, NOW).lines["mug"].seen_price == NEW_PRICE
    assert cart(mug=1).with_quantity(now_dearer, 1, NOW).lines["mug"].seen_price == NEW_PRICE


@pytest.mark.parametrize("unknown", [None, product(on_sale=False)])
def test_only_a_product_on_sale_can_be_added(unknown: CartProduct | None) -> None:
    with pytest.raises(UnknownProductError):
        cart(mug=1).with_added(unknown, 1, NOW)


def test_the_last_units_can_be_had_and_not_one_more() -> None:
    assert quantities(cart(mug=4).with_added(product(available=5), 1, NOW)) == {"mug": 5}

    with pytest.raises(OutOfStockError) as refused:
        cart(mug=4).with_added(product(available=5), 2, NOW)
    assert (refused.value.requested, refused.value.available) == (6, 5)


def test_a_cart_holds_so_many_units_of_a_product_and_not_one_more() -> None:
    plenty = product(available=1000)
    assert quantities(cart(mug=98).with_added(plenty, 1, NOW)) == {"mug": MAX_QUANTITY}

    with pytest.raises(TooManyUnitsError):
        cart(mug=98).with_added(plenty, 2, NOW)


def test_a_cart_holds_so_many_products_and_not_one_more() -> None:
    with pytest.raises(TooManyLinesError):
        full_cart().with_added(product(), 1, NOW)


def test_a_full_cart_takes_more_of_what_it_holds() -> None:
    assert full_cart().with_added(product("p7"), 1, NOW).quantity_of("p7") == 2


def test_a_quantity_is_set_whatever_it_was() -> None:
    assert quantities(cart(mug=7).with_quantity(product(), 2, NOW)) == {"mug": 2}
    assert quantities(cart().with_quantity(product(), 2, NOW)) == {"mug": 2}


def test_a_line_whose_product_left_the_shop_can_be_changed_but_not_begun() -> None:
    hidden = product(on_sale=False)

    assert quantities(cart(mug=7).with_quantity(hidden, 2, NOW)) == {"mug": 2}
    with pytest.raises(UnknownProductError):
        cart().with_quantity(hidden, 2, NOW)
    with pytest.raises(UnknownProductError):
        cart().with_quantity(None, 2, NOW)


def test_more_than_there_is_cannot_be_set_even_where_it_is_less_than_before() -> None:
    with pytest.raises(OutOfStockError):
        cart(mug=7).with_quantity(product(available=3), 4, NOW)


def test_a_product_is_removed() -> None:
    assert quantities(cart(mug=1, tea=2).without_product("mug", product())) == {"tea": 2}


def test_to_remove_again_changes_nothing() -> None:
    assert quantities(cart(tea=2).without_product("mug", product(on_sale=False))) == {"tea": 2}


def test_what_nobody_has_heard_of_can_be_removed_only_from_a_cart_that_holds_it() -> None:
    assert quantities(cart(mug=1).without_product("mug", None)) == {}
    with pytest.raises(UnknownProductError):
        cart().without_product("mug", None)


class TestMerging:
    def test_quantities_add_up(self) -> None:
        after, left_out = cart(mug=2).merged_with({"mug": 3, "tea": 1}, catalogue("mug", "tea"), NOW)

        assert quantities(after) == {"mug": 5, "tea": 1}
        assert left_out == {}

    def test_quantities_add_up_as_far_as_units_are_available(self) -> None:
        after, left_out = cart(mug=2).merged_with({"mug": 9, "tea": 11}, catalogue("mug", "tea"), NOW)

        assert quantities(after) == {"mug": 10, "tea": 10}
        assert left_out == {}

    def test_quantities_add_up_as_far_as_a_cart_may_hold(self) -> None:
        plenty = {"mug": product(available=1000)}

        after, _ = cart(mug=60).merged_with({"mug": 60}, plenty, NOW)

        assert quantities(after) == {"mug": MAX_QUANTITY}

    def test_nothing_in_the_cart_becomes_less(self) -> None:
        scarce = {"mug": product(available=1), "tea": product("tea", on_sale=False)}

        after, left_out = cart(mug=5, tea=2).merged_with({"mug": 1, "tea": 1}, scarce, NOW)

        assert quantities(after) == {"mug": 5, "tea": 2}
        assert left_out == {"tea": LeftOut.UNKNOWN}

    def test_what_cannot_be_merged_is_named_with_its_reason(self) -> None:
        products = {"sold": product("sold", available=0), "hidden": product("hidden", on_sale=False)}

        after, left_out = cart().merged_with({"sold": 1, "hidden": 1, "never-heard": 1}, products, NOW)

        assert after.lines == {}
        assert left_out == {
            "sold": LeftOut.OUT_OF_STOCK,
            "hidden": LeftOut.UNKNOWN,
            "never-heard": LeftOut.UNKNOWN,
        }

    def test_a_full_cart_takes_no_further_product(self) -> None:
        after, left_out = full_cart().merged_with({"mug": 1, "p3": 1}, catalogue("mug", "p3"), NOW)

        assert left_out == {"mug": LeftOut.CART_FULL}
        assert after.quantity_of("p3") == 2

    def test_a_merge_does_not_accept_a_price_that_the_shopper_has_not_seen(self) -> None:
        after, _ = cart(mug=1).merged_with({"mug": 1}, {"mug": product(price=NEW_PRICE)}, NOW)

        assert after.lines["mug"].seen_price == PRICE

    @given(
        held=st.dictionaries(st.sampled_from("abcd"), st.integers(1, MAX_QUANTITY)),
        wanted=st.dictionaries(st.sampled_from("abcde"), st.integers(1, MAX_QUANTITY)),
        available=st.dictionaries(st.sampled_from("abcd"), st.integers(0, 200)),
    )
    def test_whatever_is_merged_the_limits_hold(
        self, held: dict[str, int], wanted: dict[str, int], available: dict[str, int]
    ) -> None:
        products = {name: product(name, available=units) for name, units in available.items()}

        after, left_out = cart(**held).merged_with(wanted, products, NOW)

        assert set(after.lines) | set(left_out) == set(held) | set(wanted)
        for name, line in after.lines.items():
            before = held.get(name, 0)
            assert before <= line.quantity <= MAX_QUANTITY
            if line.quantity > before:
                assert line.quantity <= min(before + wanted[name], available[name])


def catalogue(*names: str) -> dict[str, CartProduct]:
    return {name: product(name) for name in names}


class TestBought:
    def test_bought_lines_leave_the_cart(self) -> None:
        assert quantities(cart(mug=2, tea=1).without_purchased("order", {"mug": 2}, NOW)) == {"tea": 1}

    def test_units_beyond_the_bought_ones_stay(self) -> None:
        assert quantities(cart(mug=5).without_purchased("order", {"mug": 2}, NOW)) == {"mug": 3}

    def test_more_may_have_been_bought_than_is_left(self) -> None:
        assert quantities(cart(mug=1).without_purchased("order", {"mug": 2, "tea": 4}, NOW)) == {}

    def test_a_line_that_came_in_after_the_order_is_not_what_was_bought(self) -> None:
        order_placed = EARLIER - timedelta(milliseconds=1)

        assert quantities(cart(mug=2).without_purchased("order", {"mug": 2}, order_placed)) == {"mug": 2}

    def test_a_line_that_came_in_at_the_moment_of_the_order_may_be(self) -> None:
        assert quantities(cart(mug=2).without_purchased("order", {"mug": 2}, EARLIER)) == {}


@pytest.mark.parametrize(
    ("touched", "watched", "idle"),
    [
        (NOW - ABANDONED_AFTER, True, True),
        (NOW - ABANDONED_AFTER + timedelta(milliseconds=1), True, False),
        (NOW - ABANDONED_AFTER, False, False),
        (None, True, False),
    ],
)
def test_a_watched_cart_is_idle_after_a_day(touched: datetime | None, watched: bool, idle: bool) -> None:
    assert Cart("shopper", touched_at=touched, watched=watched).is_abandoned(NOW) is idle


def test_lines_of_the_same_product_are_added_up() -> None:
    assert total_quantities([("mug", 1), ("tea", 2), ("mug", 3)]) == {"mug": 4, "tea": 2}
