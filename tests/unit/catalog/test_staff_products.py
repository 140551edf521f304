"""What staff alone sees of products and does with them: hidden ones, versions, histories, and pictures of their own."""

import base64
import json
from typing import Any

import pytest

from services.catalog import history, uploads
from services.catalog.history import MAX_LINES
from services.catalog.pictures import MAX_BYTES, PictureSettings
from services.catalog.store import CatalogStore
from services.catalog.upload_models import PictureUpload
from services.catalog.uploads import create_form
from tests.unit.catalog.conftest import Call, Seed

LAMP: dict[str, Any] = {"name": "Lamp", "category": "lighting", "price": {"amount": 2450}}


def names(call: Call, **query: str) -> list[str]:
    """Return the names on all pages of the staff's list."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        status, page = call("GET /api/staff/products", **query, **cursor)
        assert status == 200
        found += [product["name"] for product in page["items"]]
        if "nextCursor" not in page:
            return found
        cursor = {"cursor": page["nextCursor"]}


def test_staff_lists_what_shoppers_see_and_what_is_hidden_apart(call: Call, seed: Seed) -> None:
    seed("lamp", name="Lamp")
    seed("lantern", name="Lantern", status="HIDDEN")
    assert (names(call), names(call, status="HIDDEN")) == (["Lamp"], ["Lantern"])
    assert call("GET /api/products")[1]["items"][0]["name"] == "Lamp"
    assert call("GET /api/staff/products/lantern")[1]["product"]["status"] == "HIDDEN"
    assert call("GET /api/staff/products/nothing")[0] == 404


def test_a_product_changes_lists_as_it_is_hidden_and_shown(call: Call, seed: Seed) -> None:
    seed("lamp")
    assert call("PUT /api/products/lamp", LAMP | {"status": "HIDDEN"})[0] == 200
    assert (names(call), names(call, status="HIDDEN")) == ([], ["Lamp"])
    assert call("PUT /api/products/lamp", LAMP | {"status": "ACTIVE"})[0] == 200
    assert (names(call), names(call, status="HIDDEN")) == (["Lamp"], [])


def test_products_are_had_by_their_ids_whatever_their_status(call: Call, seed: Seed) -> None:
    seed("lamp", name="Lamp")
    seed("mug", name="Mug", status="HIDDEN")
    seed("gone")
    call("DELETE /api/products/gone")
    assert names(call, ids="mug,nothing,gone,lamp,mug") == ["Mug", "Lamp"]


def test_a_search_finds_every_word_in_name_id_brand_or_sku(call: Call, seed: Seed) -> None:
    seed("lamp", name="Brass Lamp", brand="Orrelund", attributes={"sku": "LM-7"})
    seed("mug", name="Mug", brand="Orrelund")
    assert names(call, q="orrelund") == ["Mug", "Brass Lamp"]
    assert names(call, q="LAMP orre") == names(call, q="lm-7") == ["Brass Lamp"]
    assert names(call, q="nothing") == []


def test_a_search_reads_page_after_page_and_finds_all(call: Call, seed: Seed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.catalog.store.SEARCHED_AT_ONCE", 2)
    for number in range(20):
        seed(f"p-{number}", name="Wanted" if number % 7 == 0 else "Other")
    assert names(call, q="wanted", limit="2") == ["Wanted"] * 3
    assert len(names(call, limit="3")) == 20


@pytest.mark.parametrize(
    "route", ["GET /api/staff/products", "GET /api/staff/products/lamp", "POST /api/products/images"]
)
def test_a_shopper_is_refused(call: Call, seed: Seed, route: str) -> None:
    seed("lamp")
    assert call(route, {"contentType": "image/png"}, groups="")[0] == 403


def test_of_two_who_edit_the_same_version_the_second_is_told_what_it_is_now(call: Call, seed: Seed) -> None:
    seed("lamp")
    version = call("GET /api/staff/products/lamp")[1]["version"]
    first = call("PUT /api/products/lamp", LAMP | {"name": "Brass Lamp"}, headers={"if-match": f'"{version}"'})
    second = call("PUT /api/products/lamp", LAMP | {"brand": "Orrelund"}, headers={"if-match": f'"{version}"'})
    assert first[0] == 200
    assert (second[0], second[1]["code"]) == (412, "PRODUCT_CHANGED")
    current = second[1]["current"]
    assert current["product"]["name"] == "Brass Lamp"
    again = call("PUT /api/products/lamp", LAMP | {"brand": "Orrelund"}, headers={"if-match": str(current["version"])})
    assert again[0] == 200


def test_the_same_change_sent_twice_is_no_conflict(call: Call, seed: Seed) -> None:
    seed("lamp")
    seen = {"if-match": str(call("GET /api/staff/products/lamp")[1]["version"])}
    answers = [call("PUT /api/products/lamp", LAMP | {"name": "Brass Lamp"}, headers=seen)[0] for _ in range(2)]
    assert answers == [200, 200]
    assert len(call("GET /api/staff/products/lamp")[1]["history"]) == 2


def test_without_a_version_the_last_one_to_write_wins(call: Call, seed: Seed) -> None:
    seed("lamp")
    assert [call("PUT /api/products/lamp", LAMP | {"name": name})[0] for name in ("One", "Two")] == [200, 200]
    assert call("GET /api/products/lamp")[1]["name"] == "Two"


def test_a_deletion_of_another_version_is_refused(call: Call, seed: Seed) -> None:
    seed("lamp")
    assert call("DELETE /api/products/lamp", headers={"if-match": "7"})[0] == 412
    assert call("DELETE /api/products/lamp", headers={"if-match": "nonsense"})[0] == 422
    assert call("DELETE /api/products/lamp", headers={"if-match": "1"})[0] == 204


def test_the_history_says_who_changed_what(call: Call, seed: Seed) -> None:
    call("POST /api/products", LAMP)
    call("PUT /api/products/lamp", LAMP | {"price": {"amount": 1900}, "compareAtPrice": {"amount": 2450}})
    call("PUT /api/products/lamp", LAMP | {"price": {"amount": 1900}, "compareAtPrice": {"amount": 2450}})
    lines = call("GET /api/staff/products/lamp")[1]["history"]
    assert [(line["what"], line["by"], line["fields"]) for line in lines] == [
        ("CHANGED", "grace", ["price", "compareAtPrice"]),
        ("CREATED", "grace", []),
    ]


def test_an_import_is_in_the_history_too(call: Call) -> None:
    call("POST /api/products/import", [LAMP])
    assert [line["by"] for line in call("GET /api/staff/products/lamp")[1]["history"]] == ["grace"]


def test_a_history_has_an_end(store: CatalogStore, call: Call, seed: Seed) -> None:
    seed("lamp")
    for number in range(MAX_LINES + 3):
        call("PUT /api/products/lamp", LAMP | {"name": f"Lamp {number}"})
    lines = store.get_records(["lamp"])["lamp"].history
    assert len(lines) == MAX_LINES
    assert {line.what for line in lines} == {"CHANGED"}
    assert history.MAX_LINES * 400 < 32 * 1024


def test_the_form_of_a_picture_fixes_address_type_and_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    uploads.signing_client.cache_clear()
    form = create_form(
        PictureUpload(content_type="image/webp"), uploads.signing_client(), PictureSettings(IMAGE_BUCKET="pictures")
    )
    policy = json.loads(base64.b64decode(form.fields["policy"]))
    key = form.image_url.removeprefix("/")
    assert key.startswith("images/uploaded/")
    assert key.endswith(".webp")
    assert {"key": key} in policy["conditions"]
    assert {"Content-Type": "image/webp"} in policy["conditions"]
    assert ["content-length-range", 1, MAX_BYTES] in policy["conditions"]


@pytest.mark.parametrize("content_type", ["image/svg+xml", "text/html", ""])
def test_a_picture_that_may_have_scripts_gets_no_form(call: Call, content_type: str) -> None:
    assert call("POST /api/products/images", {"contentType": content_type})[0] == 422
