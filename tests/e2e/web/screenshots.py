"""Photographs every page of the shop that runs: ``python -m tests.e2e.web.screenshots [FOLDER]``.

Each page is taken at a desk and on a phone, in light and dark. Without a folder only those of the README are, into
``docs/screenshots``.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from ecom67.base.paths import ROOT
from ecom67.demo.shopper import PASSWORD, Shopper
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection, connection
from tests.e2e.web.buyer import (
    DECLINED,
    THREE_D_SECURE,
    Buyer,
    change_price,
    expect_confirmation,
    new_product,
    pay,
)
from tests.e2e.web.chromium import ARGUMENTS, chromium
from tests.e2e.web.visit import DESK, PHONE, Visit

README = ROOT / "docs" / "screenshots"
QUALITY = 82
SIZES = {"desk": DESK, "phone": PHONE}
Prepare = Callable[[Page], object]


def as_it_is(page: Page) -> None:
    """Leave the page as it opens."""


def suggestions(page: Page) -> None:
    """Type the beginning of a word."""
    page.get_by_role("combobox", name="Search the shop").fill("lin")
    expect(page.get_by_role("option").first).to_be_visible()


def assistant(page: Page) -> None:
    """Ask the assistant for something."""
    page.get_by_role("button", name="Ask the assistant").click()
    panel = page.get_by_role("dialog", name="Assistant")
    panel.get_by_label("Your question").fill("I'm looking for something for the kitchen under $60")
    panel.get_by_label("Your question").press("Enter")
    expect(panel.get_by_role("button", name="Send")).to_be_visible()


def filters(page: Page) -> None:
    """Open the filters where they are not beside the list."""
    expect(page.locator("main article").first).to_be_visible()
    button = page.get_by_role("button", name="Filter")
    if button.is_visible():
        button.click()


def code(page: Page) -> None:
    """Sign up as far as the code."""
    page.get_by_label("Name").fill("Ada Lovelace")
    page.get_by_label("E-mail address").fill(Shopper(connection()).email)
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Make an account").click()
    expect(page.get_by_label("Code from the e-mail")).to_be_visible()


def refused(page: Page) -> None:
    """Send the form without anything in it."""
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def cancelling(page: Page) -> None:
    """Begin to cancel the order."""
    page.get_by_role("button", name="Cancel this order").click()


def address(page: Page) -> None:
    """Begin to add an address, and send it without anything in it."""
    page.get_by_role("button", name="Add an address").click()
    page.get_by_role("dialog").get_by_role("button", name="Save").click()


def deleting(page: Page) -> None:
    """Begin to delete the account."""
    page.get_by_role("button", name="Delete my account").click()


VISITOR: dict[str, tuple[str, Prepare]] = {
    "home": ("/", as_it_is),
    "suggestions": ("/", suggestions),
    "assistant": ("/", assistant),
    "listing": ("/c/kitchen", as_it_is),
    "filters": ("/c/kitchen", filters),
    "search": ("/search?q=linen&inStock=true", as_it_is),
    "nothing-found": ("/search?q=xylophone", as_it_is),
    "product": ("/p/enamelled-iron-casserole", as_it_is),
    "product-one-picture": ("/p/carbon-steel-skillet-26", as_it_is),
    "cart-empty": ("/cart", as_it_is),
    "sign-in": ("/sign-in", refused),
    "sign-up": ("/sign-up", as_it_is),
    "code": ("/sign-up", code),
    "forgotten-password": ("/forgotten-password", as_it_is),
    "not-found": ("/nowhere", as_it_is),
    "help": ("/help", as_it_is),
    "help-page": ("/help/returns", as_it_is),
}
IN_README = {
    "home-desk-light",
    "product-desk-light",
    "cart-desk-dark",
    "listing-phone-light",
    "assistant-phone-light",
    "order-phone-dark",
}


class Camera:
    """Takes pages of one size and scheme.

    Parameters:
        browser: that opens them.
        stage: of the shop.
        look: such as ``desk-light``.
        folder: where to; None takes those of the README.
    """

    def __init__(self, browser: Browser, stage: Connection, look: str, folder: Path | None) -> None:
        size, scheme = look.split("-")
        self._look = look
        self._folder = folder
        self._stage = stage
        self.visit = Visit.begin(browser, stage.shop_url, SIZES[size], scheme)

    def wants(self, *names: str) -> bool:
        """Say whether one of these pages is to be taken."""
        return self._folder is not None or any(f"{name}-{self._look}" in IN_README for name in names)

    def take(self, name: str, page: Page) -> None:
        """Take a page that is open: what the window shows for the README, else the whole of it."""
        if not self.wants(name):
            return
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        page.wait_for_load_state("networkidle")
        file = (self._folder or README) / f"{name}-{self._look}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=file, type="jpeg", quality=QUALITY, full_page=self._folder is not None)
        print(file)

    def visitor(self) -> None:
        """Take what a visitor sees."""
        for name, (path, prepare) in VISITOR.items():
            if self.wants(name):
                page = self.visit.page(path)
                prepare(page)
                self.take(name, page)
                page.close()

    def shopper(self) -> None:
        """Take what somebody sees who signs in, buys, and looks at their order."""
        if not self.wants("cart", "checkout", "declined", "confirmed", "order", "orders", "account"):
            return
        buyer = Buyer(Shopper(self._stage), self.visit, self._stage)
        few, _ = new_product(self._stage, stock=2, name="Gooseneck Kettle, 1.2 l")
        dearer, _ = new_product(self._stage, stock=2, name="Gooseneck Kettle, 0.6 l")
        page = buyer.at_checkout(("copper-saucepan-16", 1), ("oak-cooking-utensils", 2), (few, 2), (dearer, 1))
        change_price(self._stage, dearer, 2900, watched_by=buyer.shopper)
        page.goto("/cart")
        self.take("cart", page)
        page.goto("/checkout")
        expect(page.get_by_text("Test mode.")).to_be_visible()
        self.take("checkout", page)
        pay(page, DECLINED)
        expect(page.get_by_text("The payment was declined")).to_be_visible()
        self.take("declined", page)
        pay(page, THREE_D_SECURE)
        bank = page.get_by_role("dialog", name="Test bank")
        expect(bank).to_be_visible()
        self.take("bank", page)
        bank.get_by_role("button", name="Approve").click()
        order_id = expect_confirmation(page)
        expect(page.get_by_role("heading", name="What you ordered")).to_be_visible()
        self.take("confirmed", page)
        pages: dict[str, tuple[str, Prepare]] = {
            "order": (f"/orders/{order_id}", as_it_is),
            "cancelling": (f"/orders/{order_id}", cancelling),
            "orders": ("/orders", as_it_is),
            "account": ("/account", as_it_is),
            "address": ("/account", address),
            "deleting": ("/account", deleting),
        }
        for name, (path, prepare) in pages.items():
            if self.wants(name):
                page.goto(path)
                prepare(page)
                self.take(name, page)
        for product_id in (few, dearer):
            buyer.shopper.call(f"DELETE /products/{product_id}", token=self._stage.token(STAFF, staff=True)).expect(204)


def main() -> None:
    """Photograph the shop."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    stage = connection()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(playwright), args=list(ARGUMENTS))
        for size in SIZES:
            for scheme in ("light", "dark"):
                camera = Camera(browser, stage, f"{size}-{scheme}", folder)
                camera.visitor()
                camera.shopper()
                camera.visit.context.close()
        browser.close()


if __name__ == "__main__":
    main()
