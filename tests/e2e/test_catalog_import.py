"""Exports of other shops, by the command line and by the API: their products are found, shown and bought."""

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.accounts import STAFF
from ecom67.local.connection import Connection
from services.catalog.pictures import Picture, PictureSettings, PictureStore, path_of
from tests.deadlines import DEADLINE_SECONDS

EXPORTS = Path(__file__).parents[1] / "unit" / "catalog" / "product_file" / "exports"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def imported_by_command_line(stage: Connection, name: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "ecom67", "catalog", "import", str(EXPORTS / name), "--json"]
    token = stage.token(STAFF, staff=True)
    ran = subprocess.run(
        [*command, "--url", stage.shop_url, "--token", token],
        env=stage.environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    report: dict[str, Any] = json.loads(ran.stdout)
    return report


def imported_by_api(stage: Connection, name: str) -> dict[str, Any]:
    answer = httpx.post(
        f"{stage.shop_url}/api/products/import",
        content=(EXPORTS / name).read_bytes(),
        headers={
            "Authorization": f"Bearer {stage.token(STAFF, staff=True)}",
            "Content-Type": "application/octet-stream",
        },
        timeout=DEADLINE_SECONDS,
        trust_env=False,
    )
    report: dict[str, Any] = answer.raise_for_status().json()
    return report


@pytest.mark.parametrize(
    ("name", "query", "product_id", "hidden"),
    [
        ("shopify.csv", "harbour mug", "harbour-mug", "draft-lamp"),
        ("woocommerce.csv", "v-neck tee", "wv-tee", "priv-1"),
        ("google_merchant.tsv", "reading lamp", "gm-1", None),
    ],
)
def test_an_export_is_imported_found_and_bought(
    stage: Connection, name: str, query: str, product_id: str, hidden: str | None
) -> None:
    # Given an export, imported by the command line, without any option
    report = imported_by_command_line(stage, name)
    assert report["readAs"][0].startswith("the layout of")
    # Then the API reads the same file as the same products
    by_api = imported_by_api(stage, name)
    assert by_api["unchanged"] == len(by_api["imported"]) == report["created"] + report["unchanged"]
    # And without the Internet the report says which pictures are missing
    assert any("left out, the host cannot be reached" in note["note"] for note in report["notes"])
    # And a shopper finds and buys it, and sees nothing that was hidden
    shopper = Shopper(stage)

    def found() -> bool | None:
        items = shopper.call(f"GET /search?q={query.replace(' ', '+')}").expect(200).body["items"]
        return True if product_id in [item["productId"] for item in items] else None

    eventually(f"{product_id} is found", found)
    if hidden:
        shopper.call(f"GET /products/{hidden}").expect(404)
    shopper.sign_up()
    cart = shopper.fill_cart((product_id, 1))
    shopper.buy("pm_card_visa", cart["total"]).expect(201)


def test_a_stored_picture_is_shown_by_the_shop(stage: Connection) -> None:
    address = "https://pictures.example/any.png"
    settings = PictureSettings(IMAGE_BUCKET=stage.published()["catalog/image-bucket"])
    stored = PictureStore(lambda: stage.client("s3"), settings, lambda _: Picture("image/png", PNG)).fetch_all(
        [address]
    )
    assert stored == {}

    shown = httpx.get(f"{stage.shop_url}{path_of(address)}", trust_env=False)

    assert (shown.status_code, shown.headers["content-type"], shown.content) == (200, "image/png", PNG)
    assert "img-src 'self'" in shown.headers["content-security-policy"]
