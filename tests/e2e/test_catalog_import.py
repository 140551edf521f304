"""Exports of other shops, by the command line and by the API: their products are found, shown and bought."""

import base64
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from ecom67.demo.shopper import Shopper, eventually
from ecom67.local.accounts import STAFF
from ecom67.local.connection import STATE_VARIABLE, Connection
from services.catalog.pictures import Picture, PictureSettings, PictureStore, path_of
from tests.deadlines import DEADLINE_SECONDS

EXPORTS = Path(__file__).parents[1] / "unit" / "catalog" / "product_file" / "exports"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def imported_by_command_line(stage: Connection, name: str) -> str:
    """Return what ``ecom67 catalog import FILE`` prints, for the shop that runs and without an option."""
    ran = subprocess.run(
        [sys.executable, "-m", "ecom67", "catalog", "import", str(EXPORTS / name)],
        env={**stage.environment, STATE_VARIABLE: str(stage.paths.state)},
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    assert ran.returncode == (1 if "Rejected rows" in ran.stdout else 0), ran.stdout + ran.stderr
    return ran.stdout


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
    ("name", "query", "product_id", "hidden", "rejected"),
    [
        ("shopify.csv", "harbour mug", "harbour-mug", "draft-lamp", []),
        ("woocommerce.csv", "v-neck tee", "wv-tee", "priv-1", []),
        ("woocommerce_de.csv", "hafenbecher", "becher", "lampe", []),
        # One of its products is priced in another currency, which the report says.
        ("google_merchant.tsv", "reading lamp", "gm-1", None, ["gm-3"]),
    ],
)
def test_an_export_is_imported_found_and_bought(
    stage: Connection, name: str, query: str, product_id: str, hidden: str | None, rejected: list[str]
) -> None:
    # Given an export, imported by the command line, without any option
    told = imported_by_command_line(stage, name)
    assert "Read as: the layout of" in told
    # And without the Internet it says which pictures are missing
    assert "left out, the host cannot be reached" in told
    # Then the API reads the same file as the same products
    by_api = imported_by_api(stage, name)
    assert [row["productId"] for row in by_api["rejected"]] == rejected
    assert all(product_id in told for product_id in rejected)
    assert by_api["unchanged"] == len(by_api["imported"]) > 0
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
