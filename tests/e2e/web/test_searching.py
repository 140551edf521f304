"""A visitor looks for something: suggestions, lists that are narrowed and ordered, and addresses that carry it all."""

import re

from playwright.sync_api import Page, expect

from tests.e2e.web.conftest import Visits
from tests.e2e.web.visit import DESK, PHONE


def total(page: Page) -> int:
    """Return how many products the list counts, once it is there and not about to change."""
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    counted = page.locator("main").get_by_role("status").first
    expect(counted).to_have_text(re.compile(r"\d products?$"))
    found = re.search(r"(\d+) products?$", counted.inner_text())
    assert found
    return int(found[1])


def prices(page: Page) -> list[float]:
    texts = page.locator("main article").all_inner_texts()
    return [float(found[1].replace(",", "")) for text in texts if (found := re.search(r"\$([\d,.]+)", text))]


def test_what_is_typed_suggests_products_that_the_keyboard_can_choose(visits: Visits) -> None:
    page = visits().page("/")
    box = page.get_by_role("combobox", name="Search the shop")
    box.press_sequentially("cassero")
    option = page.get_by_role("option", name="Enamelled Iron Casserole")
    expect(option).to_be_visible()

    while option.get_attribute("aria-selected") != "true":
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Enamelled Iron Casserole, 5 l")


def test_enter_leads_to_what_was_found_with_typos_and_marks(visits: Visits) -> None:
    page = visits().page("/")
    box = page.get_by_role("combobox", name="Search the shop")
    box.fill("caserole")
    box.press("Enter")

    expect(page).to_have_url(re.compile(r"/search\?q=caserole$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Results for “caserole”")
    expect(page.locator("main article mark").first).to_have_text("Casserole")
    expect(page.get_by_role("listbox", name="Suggestions")).to_be_hidden()


def test_escape_closes_the_suggestions_and_keeps_the_text(visits: Visits) -> None:
    page = visits().page("/")
    box = page.get_by_role("combobox", name="Search the shop")
    box.press_sequentially("lin")
    expect(page.get_by_role("option").first).to_be_visible()
    box.press("Escape")

    expect(page.get_by_role("listbox", name="Suggestions")).to_be_hidden()
    expect(box).to_have_value("lin")
    expect(box).to_be_focused()


def test_filters_narrow_the_list_and_back_gives_them_up(visits: Visits) -> None:
    page = visits(size=DESK).page("/search")
    everything = total(page)
    filters = page.get_by_role("region", name="Filters")
    filters.get_by_role("checkbox", name=re.compile("^Kitchen")).check()
    expect(page).to_have_url(re.compile("category=kitchen"))
    of_kitchen = total(page)
    filters.get_by_role("checkbox", name=re.compile("^Garden")).check()
    expect(page).to_have_url(re.compile("category=garden"))
    of_both = total(page)
    assert of_kitchen < of_both < everything

    page.go_back()
    expect(filters.get_by_role("checkbox", name=re.compile("^Garden"))).not_to_be_checked()
    assert total(page) == of_kitchen

    page.get_by_role("button", name="Clear all").click()
    expect(page).to_have_url(re.compile("/search$"))
    assert total(page) == everything


def test_an_address_carries_the_whole_list(visits: Visits) -> None:
    path = "/c/kitchen?minPrice=2500&maxPrice=4999&inStock=true&sort=price-asc"
    page = visits(size=DESK).page(path)
    expect(page.locator("main article").first).to_be_visible()
    amounts = prices(page)

    assert amounts == sorted(amounts)
    assert all(25 <= amount < 50 for amount in amounts)
    expect(page.get_by_role("combobox", name="Sort by")).to_have_value("price-asc")
    expect(page.get_by_role("region", name="Filters").get_by_role("checkbox", name="In stock only")).to_be_checked()
    page.reload()
    expect(page.locator("main article").first).to_be_visible()
    assert prices(page) == amounts


def test_a_phone_filters_in_a_dialog_that_gives_the_focus_back(visits: Visits) -> None:
    page = visits(size=PHONE).page("/c/kitchen")
    before = total(page)
    button = page.get_by_role("button", name="Filter")
    button.click()
    dialog = page.get_by_role("dialog", name="Filter")
    dialog.get_by_role("group", name="Brand").get_by_role("checkbox").first.check()
    expect(page).to_have_url(re.compile("brand="))
    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()
    assert total(page) < before


def test_what_nothing_fits_can_be_widened(visits: Visits) -> None:
    page = visits().page("/search?q=zzzzqqqq&inStock=true")
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
    page.get_by_role("button", name="Clear the filters").click()

    expect(page).to_have_url(re.compile(r"/search\?q=zzzzqqqq$"))


def test_a_misspelt_word_is_corrected_and_told_and_can_be_searched_for_as_it_was_typed(visits: Visits) -> None:
    page = visits(size=PHONE).page("/search?q=caserole")
    told = page.get_by_text("Showing results for casserole. Search instead for caserole.")
    expect(told).to_be_visible()
    expect(page.locator("main article mark").first).to_have_text("Casserole")

    page.get_by_role("link", name="caserole", exact=True).press("Enter")

    expect(page).to_have_url(re.compile(r"/search\?q=caserole&asTyped=true$"))
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
    expect(told).to_be_hidden()
    near = page.get_by_role("region", name="Perhaps one of these")
    expect(near.get_by_role("link", name=re.compile("Casserole")).first).to_be_visible()
    page.get_by_role("link", name="casserole", exact=True).click()
    expect(told).to_be_visible()


def test_where_nothing_is_found_there_are_products_categories_and_the_assistant(visits: Visits) -> None:
    page = visits(size=DESK).page("/search?q=zzzzqqqq")
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
    expect(page.get_by_text("Did you mean")).to_be_hidden()
    expect(page.get_by_role("region", name="Perhaps one of these").get_by_role("article").first).to_be_visible()
    expect(page.get_by_role("region", name="Look around").get_by_role("link", name="Kitchen")).to_be_visible()

    page.get_by_role("button", name="Ask the assistant for it").press("Enter")
    assistant = page.get_by_role("dialog", name="Assistant")
    expect(assistant.get_by_label("Your question")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Ask the assistant for it")).to_be_focused()

    page.goto("/c/kitchen?q=casserole&maxPrice=1")
    near = page.get_by_role("region", name="Perhaps one of these")
    expect(near.get_by_role("link", name=re.compile("Casserole")).first).to_be_visible()


def test_what_words_were_taken_for_is_shown_and_can_be_removed(visits: Visits) -> None:
    page = visits(size=DESK).page("/search?q=lamp+under+60+dollars")
    chosen = page.get_by_role("list", name="Chosen filters")
    expect(chosen.get_by_role("button")).to_have_text([re.compile(r"Up to \$60")])
    few = total(page)
    assert max(prices(page)) <= 60

    chosen.get_by_role("button", name=re.compile("Up to")).click()

    expect(page).to_have_url(re.compile(r"/search\?q=lamp$"))
    expect(page.get_by_role("list", name="Chosen filters")).to_have_count(0)
    assert total(page) > few
