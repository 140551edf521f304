"""What a cart costs, and what the shopper is told of it."""

from datetime import UTC, datetime, timedelta

import pytest

from schemas.contract import Line, Money
from services.cart.domain import Cart, CartLine, CartProduct
from services.cart.pricing import CartNotice, NoticeCode, line_notice, price_cart

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def money(cents: int) -> Money:
    return Money(amount=cents)


def line(product_id: str = "mug", quantity: int = 1, seen: int = 1000, minutes: int = 0) -> CartLine:
    return CartLine(product_id, quantity, money(seen), NOW + timedelta(minutes=minutes))


def product(product_id: str = "mug", cents: int = 1000, *, available: int = 10, on_sale: bool = True) -> CartProduct:
    return CartProduct(product_id, product_id.title(), money(cents), f"/{product_id}.svg", on_sale, available)


def cart(*lines: CartLine) -> Cart:
    return Cart("shopper", {line.product_id: line for line in lines})


@pytest.mark.parametrize(("subtotal", "shipping"), [(1, 599), (4999, 599), (5000, 0), (5001, 0)])
def test_shipping_is_flat_and_free_from_fifty_dollars(subtotal: int, shipping: int) -> None:
    shown = price_cart(cart(line()), {"mug": product(cents=subtotal)})

    assert (shown.shipping, shown.total) == (money(shipping), money(subtotal + shipping))


def test_an_empty_cart_costs_nothing() -> None:
    shown = price_cart(cart(), {})

    assert (shown.lines, shown.subtotal, shown.shipping, shown.total) == ([], money(0), money(0), money(0))


def test_gifts_are_shipped_for_money() -> None:
    shown = price_cart(cart(line(seen=0)), {"mug": product(cents=0)})

    assert (shown.subtotal, shown.shipping, shown.total) == (money(0), money(599), money(599))


def test_a_cart_is_priced_at_the_prices_of_today() -> None:
    shown = price_cart(cart(line("mug", 3, seen=900), line("tea", 2)), {"mug": product(), "tea": product("tea", 250)})

    assert [held.line_total for held in shown.lines] == [money(3000), money(500)]
    assert (shown.subtotal, shown.shipping, shown.total) == (money(3500), money(599), money(4099))


def test_lines_are_shown_in_the_order_in_which_they_came_in() -> None:
    products = {name: product(name) for name in ("mug", "pot", "tea")}

    shown = price_cart(cart(line("tea", minutes=0), line("mug", minutes=2), line("pot", minutes=1)), products)

    assert [held.product_id for held in shown.lines] == ["tea", "pot", "mug"]


def test_a_line_shows_all_that_a_shopper_wants_to_know() -> None:
    (shown,) = price_cart(cart(line(quantity=2)), {"mug": product(available=7)}).lines

    assert shown.model_dump(mode="json", exclude_none=True) == {
        "productId": "mug",
        "name": "Mug",
        "quantity": 2,
        "unitPrice": {"amount": 1000, "currency": "USD"},
        "lineTotal": {"amount": 2000, "currency": "USD"},
        "imageUrl": "/mug.svg",
        "available": 7,
    }


@pytest.mark.parametrize("gone", [product("tea", on_sale=False), None])
def test_what_is_no_longer_on_sale_is_shown_but_not_counted(gone: CartProduct | None) -> None:
    products = {"mug": product()} | ({"tea": gone} if gone else {})

    shown = price_cart(cart(line("mug"), line("tea", 5, minutes=1)), products)

    assert (shown.subtotal, shown.total) == (money(1000), money(1599))
    assert shown.lines[1].notice == CartNotice(code=NoticeCode.UNAVAILABLE)
    assert shown.lines[1].available == 0
    assert not shown.lines[1].purchasable


def test_a_cart_of_nothing_that_can_be_bought_is_not_shipped() -> None:
    shown = price_cart(cart(line()), {"mug": product(on_sale=False)})

    assert (shown.subtotal, shown.shipping, shown.total) == (money(0), money(0), money(0))


def test_what_is_out_of_stock_counts_because_checkout_judges_stock() -> None:
    shown = price_cart(cart(line(quantity=2)), {"mug": product(available=1)})

    assert shown.subtotal == money(2000)
    assert shown.lines[0].purchasable


@pytest.mark.parametrize(
    ("quantity", "available", "cents", "notice"),
    [
        (1, 4, 1000, None),
        (1, 3, 1000, CartNotice(code=NoticeCode.LOW_STOCK, available=3)),
        (3, 3, 1000, CartNotice(code=NoticeCode.LOW_STOCK, available=3)),
        (4, 3, 1000, CartNotice(code=NoticeCode.OUT_OF_STOCK, available=3)),
        (1, 0, 1000, CartNotice(code=NoticeCode.OUT_OF_STOCK, available=0)),
        (1, 4, 1001, CartNotice(code=NoticeCode.PRICE_CHANGED, previous_price=Money(amount=1000))),
        (1, 4, 999, CartNotice(code=NoticeCode.PRICE_CHANGED, previous_price=Money(amount=1000))),
        (1, 3, 1001, CartNotice(code=NoticeCode.PRICE_CHANGED, previous_price=Money(amount=1000))),
        (4, 3, 1001, CartNotice(code=NoticeCode.OUT_OF_STOCK, available=3)),
    ],
)
def test_the_gravest_notice_is_given(quantity: int, available: int, cents: int, notice: CartNotice | None) -> None:
    assert line_notice(line(quantity=quantity), product(cents=cents, available=available)) == notice


def test_a_line_is_bought_at_the_price_of_today() -> None:
    (shown,) = price_cart(cart(line(quantity=2, seen=900)), {"mug": product()}).lines

    assert shown.to_order_line() == Line(
        product_id="mug", name="Mug", quantity=2, unit_price=money(1000), image_url="/mug.svg"
    )
