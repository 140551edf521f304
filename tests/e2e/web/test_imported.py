"""A product of another shop's export in the browser: found, shown with its pictures, and put into the cart."""

import re

import httpx
from playwright.sync_api import expect

from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from services.catalog.pictures import Picture, PictureSettings, PictureStore, path_of
from tests.deadlines import DEADLINE_SECONDS
from tests.e2e.test_catalog_import import EXPORTS, PNG
from tests.e2e.web.conftest import Visits
from tests.e2e.web.visit import DESK

PICTURES = [f"https://pictures.example/mug-{number}.jpg" for number in (1, 2)]


def import_with_pictures(stage: Connection) -> None:
    """Import the export, and store its pictures as the import does where their host can be reached."""
    token = stage.token(STAFF, staff=True)
    httpx.post(
        f"{stage.shop_url}/api/products/import",
        content=(EXPORTS / "shopify.csv").read_bytes(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"},
        timeout=DEADLINE_SECONDS,
        trust_env=False,
    ).raise_for_status()
    settings = PictureSettings(IMAGE_BUCKET=stage.published()["catalog/image-bucket"])
    store = PictureStore(lambda: stage.client("s3"), settings, lambda _: Picture("image/png", PNG))
    assert store.fetch_all(PICTURES) == {}
    staff = Shopper(stage)
    product = staff.call("GET /products/harbour-mug").expect(200).body
    for name in ("productId", "createdAt", "updatedAt"):
        product.pop(name)
    paths = [path_of(address) for address in PICTURES]
    staff.call("PUT /products/harbour-mug", {**product, "images": paths, "imageUrl": paths[0]}, token=token).expect(200)

    def shown() -> bool | None:
        items = staff.call("GET /search?q=harbour+mug").expect(200).body["items"]
        return True if any(item["imageUrl"] == paths[0] for item in items) else None

    eventually("search has the picture", shown)


def test_a_product_of_an_export_is_found_shown_with_its_pictures_and_put_into_the_cart(
    visits: Visits, stage: Connection
) -> None:
    import_with_pictures(stage)
    page = visits(size=DESK).page("/search?q=harbour+mug")

    card = page.locator("main article").filter(has_text="Harbour Mug")
    expect(card.locator("img").first).to_have_js_property("naturalWidth", 1)
    card.get_by_role("link", name="Harbour Mug").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour Mug")
    picture = page.get_by_role("img", name="Harbour Mug", exact=True).first
    expect(picture).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 1)
    expect(page.get_by_role("list", name="Pictures").get_by_role("button")).to_have_count(2)
    page.get_by_role("button", name="Add to cart").first.click()
    expect(page.get_by_role("link", name=re.compile("Cart, 1 item"))).to_be_visible()
