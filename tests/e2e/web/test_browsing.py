"""A visitor looks around: with a mouse, with a keyboard, on a phone, and with a bad network."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from ecom67.demo.shopper import eventually
from ecom67.local.connection import Connection
from tests.e2e.web.buyer import new_product
from tests.e2e.web.conftest import Visits
from tests.e2e.web.visit import DESK, PHONE

PRODUCT = "/p/enamelled-iron-casserole"


def cards(page: Page) -> list[str]:
    return page.locator("main article h2, main article h3").all_inner_texts()


def refuse(route: Route) -> None:
    """Answer as a service that is down."""
    route.fulfill(status=503, json={"type": "urn:x", "title": "Down", "status": 503, "code": "DOWN", "detail": "Down."})


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_from_the_home_page_to_a_product_and_into_the_cart(visits: Visits, size: tuple[int, int]) -> None:
    page = visits(size=size).page()
    page.get_by_role("navigation", name="Categories").get_by_role("link", name="Kitchen").click()
    expect(page).to_have_title("Kitchen · e-com67")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kitchen")

    name = page.locator("main article").first.get_by_role("link").inner_text()
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    page.get_by_role("button", name=f"One more of {name}").click()
    page.get_by_role("button", name="Add to cart").click()

    expect(page.get_by_text(f"{name} is in your cart.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("Cart, 2 items"))).to_be_visible()


@pytest.mark.parametrize("size", [PHONE, (320, 640)], ids=["phone", "small-phone"])
def test_a_phone_has_the_button_to_buy_in_sight_all_the_way_down(visits: Visits, size: tuple[int, int]) -> None:
    page = visits(size=size).page(PRODUCT)
    button = page.get_by_role("button", name="Add to cart")
    expect(button).to_be_in_viewport(ratio=1)
    last = page.get_by_role("contentinfo").get_by_role("link", name="Imprint")
    last.scroll_into_view_if_needed()

    def end_is_in_sight() -> bool:
        # What is loaded late, above the footer, moves the end of the page.
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        place, bar = last.bounding_box(), button.bounding_box()
        return place is not None and bar is not None and place["y"] + place["height"] < bar["y"]

    eventually("the end of the page is above the button", lambda: end_is_in_sight() or None)
    expect(button).to_be_in_viewport(ratio=1)
    bar = button.bounding_box()
    assert bar

    button.click()

    told = page.get_by_text("is in your cart.")
    expect(told).to_be_visible()
    notice = told.bounding_box()
    assert notice
    assert notice["y"] + notice["height"] < bar["y"]


def test_the_only_picture_of_a_product_is_seen_large(visits: Visits, stage: Connection) -> None:
    product_id, name = new_product(stage)
    page = visits(size=DESK).page(f"/p/{product_id}")
    picture = page.get_by_role("img", name=name, exact=True)
    expect(picture).to_be_visible()

    place = picture.bounding_box()

    assert place
    assert place["width"] > DESK[0] / 3


def test_a_visitors_cart_outlives_a_reload_and_is_that_of_all_tabs(visits: Visits) -> None:
    visit = visits()
    page, other = visit.page(PRODUCT), visit.page("/")
    page.get_by_role("button", name="Add to cart").click()
    expect(other.get_by_role("link", name=re.compile("Cart, 1 item"))).to_be_visible()

    page.reload()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("link", name=re.compile("Cart, 2 items"))).to_be_visible()
    expect(other.get_by_role("link", name=re.compile("Cart, 2 items"))).to_be_visible()


def test_back_leads_to_the_place_in_the_list_that_was_left(visits: Visits) -> None:
    page = visits().page("/search")
    page.get_by_role("button", name="Show more products").click()
    expect(page.locator("main article").nth(24)).to_be_visible()
    listed = cards(page)
    last = page.locator("main article").last
    last.scroll_into_view_if_needed()
    left_at = page.evaluate("scrollY")

    last.get_by_role("link").click()
    expect(page).to_have_url(re.compile("/p/"))
    expect(page.get_by_role("heading", level=1)).to_have_text(listed[-1])
    page.go_back()

    expect(page.locator("main article")).to_have_count(len(listed))
    assert cards(page) == listed
    page.wait_for_function("y => Math.abs(scrollY - y) < 5", arg=left_at)


def test_after_more_products_the_keyboard_goes_on_where_they_begin(visits: Visits) -> None:
    page = visits().page("/search")
    more = page.get_by_role("button", name="Show more products")
    more.focus()
    page.keyboard.press("Enter")

    expect(page.locator("main article").nth(24).get_by_role("link")).to_be_focused()


def test_by_keyboard_alone_from_the_first_tab_to_the_cart(visits: Visits) -> None:
    page = visits().page("/c/kitchen")
    expect(page.locator("main article").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    link = page.locator("main article").first.get_by_role("link")
    while not link.evaluate("element => element === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    # A new page begins at its beginning.
    expect(page.locator("main")).to_be_focused()

    button = page.get_by_role("button", name="Add to cart")
    expect(button).to_be_visible()
    while not button.evaluate("element => element === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name=re.compile("Cart, 1 item"))).to_be_visible()
    expect(button).to_be_focused()


@pytest.mark.parametrize("path", ["/", "/c/kitchen", "/search", PRODUCT, "/nowhere"])
def test_nothing_is_wider_than_a_phone(visits: Visits, path: str) -> None:
    page = visits(size=(320, 640)).page(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.wait_for_load_state("networkidle")

    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_an_address_that_leads_nowhere_says_so(visits: Visits) -> None:
    visit = visits()
    visit.expect_complaint("status of 404.*/api/(products|stock)/nothing")

    page = visit.page("/nowhere/at/all")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing at this address")
    page.goto("/p/nothing")
    expect(page.get_by_role("heading", name="This product is not in the shop")).to_be_visible()


def test_what_could_not_be_loaded_can_be_tried_again(visits: Visits) -> None:
    visit = visits()
    visit.expect_complaint("status of 503")
    down = True

    def answer(route: Route) -> None:
        if down:
            refuse(route)
        else:
            route.continue_()

    visit.context.route("**/api/products?*", answer)
    page = visit.page("/")
    expect(page.get_by_text("The products could not be loaded.")).to_be_visible()

    down = False
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("main article").first).to_be_visible()


def test_without_search_the_list_is_the_catalogs_own(visits: Visits) -> None:
    visit = visits()
    visit.expect_complaint("status of 503.*/api/search")
    visit.context.route("**/api/search**", refuse)

    page = visit.page("/c/kitchen?sort=price-asc")

    expect(page.get_by_text("Sorting and filters are having a short break.")).to_be_visible()
    expect(page.locator("main article").first).to_be_visible()


def test_offline_is_told_and_the_cart_works_on(visits: Visits) -> None:
    visit = visits()
    page = visit.page(PRODUCT)
    expect(page.get_by_role("button", name="Add to cart")).to_be_visible()
    page.wait_for_load_state("networkidle")

    visit.context.set_offline(True)
    expect(page.get_by_text("You are offline.")).to_be_visible()
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("link", name=re.compile("Cart, 1 item"))).to_be_visible()

    visit.context.set_offline(False)
    expect(page.get_by_text("You are offline.")).to_be_hidden()


def test_a_page_that_is_wanted_offline_says_so_and_comes_by_itself(visits: Visits) -> None:
    visit = visits()
    visit.expect_complaint("ERR_INTERNET_DISCONNECTED|Failed to fetch dynamically imported module")
    page = visit.page(PRODUCT)
    expect(page.get_by_role("button", name="Add to cart")).to_be_visible()
    page.wait_for_load_state("networkidle")

    visit.context.set_offline(True)
    page.get_by_role("contentinfo").get_by_role("link", name="Returns").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    expect(page.get_by_text("It comes by itself once the shop can be reached.")).to_be_visible()
    assert page.url.endswith("/help/returns")
    visit.context.set_offline(False)

    expect(page.get_by_role("heading", level=1)).to_have_text("Returning something")


def test_a_page_of_a_shop_that_cannot_be_reached_comes_by_itself(visits: Visits) -> None:
    visit = visits()
    visit.expect_complaint("ERR_FAILED|Failed to fetch dynamically imported module")
    page = visit.page(PRODUCT)
    expect(page.get_by_role("button", name="Add to cart")).to_be_visible()
    page.wait_for_load_state("networkidle")

    page.route("**/*", lambda route: route.abort())
    page.get_by_role("contentinfo").get_by_role("link", name="Returns").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The shop cannot be reached")
    page.unroute_all(behavior="ignoreErrors")

    expect(page.get_by_role("heading", level=1)).to_have_text("Returning something")


def test_a_product_that_is_sold_out_cannot_be_added(visits: Visits) -> None:
    visit = visits()
    visit.context.route(
        "**/api/stock/*", lambda route: route.fulfill(json={"productId": PRODUCT.rpartition("/")[2], "available": 0})
    )

    page = visit.page(PRODUCT)

    expect(page.get_by_text("Sold out at the moment")).to_be_visible()
    expect(page.get_by_role("button", name="Sold out")).to_be_disabled()


def with_many_categories(page: Page) -> None:
    """Answer as a shop that has more categories than a line, none of which is of the newest products."""
    items = [{"category": f"kind-{count}", "name": f"Kind {count}", "productCount": 1} for count in range(45)]
    page.route("**/api/categories", lambda route: route.fulfill(json={"items": items}))


def test_home_asks_the_shop_twice_however_many_categories_there_are(visits: Visits) -> None:
    page = visits().page("/nowhere")
    with_many_categories(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)

    page.goto("/")
    expect(page.get_by_role("link", name="Kind 44").last).to_be_attached()
    page.wait_for_load_state("networkidle")

    assert sorted(url.partition("/api/")[2] for url in asked) == ["categories", "products?limit=24"]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_categories_that_a_line_does_not_hold_are_shown_by_a_button(visits: Visits, size: tuple[int, int]) -> None:
    page = visits(size=size).page("/nowhere")
    with_many_categories(page)
    page.goto("/nowhere")
    bar = page.get_by_role("navigation", name="Categories")
    first, last = bar.get_by_role("link", name="Kind 0"), bar.get_by_role("link", name="Kind 44")
    expect(first).to_be_in_viewport()
    expect(last).not_to_be_in_viewport()

    more = bar.get_by_role("button", name="More categories")
    expect(more).to_have_attribute("aria-expanded", "false")
    more.press("Enter")

    fewer = bar.get_by_role("button", name="Fewer categories")
    expect(fewer).to_be_focused()
    expect(fewer).to_have_attribute("aria-expanded", "true")
    box = last.bounding_box()
    assert box
    assert 0 <= box["x"] <= size[0] - box["width"]
    fewer.press("Enter")
    expect(last).not_to_be_in_viewport()


def test_the_category_of_the_page_is_in_sight(visits: Visits) -> None:
    page = visits(size=PHONE).page("/nowhere")
    with_many_categories(page)

    page.goto("/c/kind-30")

    expect(page.get_by_role("navigation", name="Categories").get_by_role("link", name="Kind 30")).to_be_in_viewport()


@pytest.mark.parametrize("path", ["/", "/c/kitchen", PRODUCT], ids=["home", "listing", "product"])
def test_what_the_first_page_shows_is_asked_for_early_and_once(visits: Visits, path: str) -> None:
    page = visits().page("/nowhere")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)

    page.goto(path)
    page.wait_for_load_state("networkidle")

    assert sorted(asked) == sorted(set(asked))
    early: list[str] = page.locator("link[rel=preload][as=fetch]").evaluate_all("links => links.map(link => link.href)")
    assert len(early) > 1
    assert set(early) <= set(asked)
