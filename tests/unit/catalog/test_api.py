"""The routes of the catalog: who may do what, and which answer each refusal is."""

import base64
import json
from functools import partial

import pytest
from botocore.exceptions import ClientError

from bus.optimistic_locking import ConflictError
from services.catalog import staff_api as routes
from services.catalog.store import CatalogStore
from tests.unit.catalog.conftest import Call, Seed

LAMP = {"name": "Lamp", "category": "lighting", "price": {"amount": 2450}}


def test_a_created_product_is_read_and_listed(call: Call) -> None:
    status, product = call("POST /api/products", LAMP)
    assert (status, product["productId"], product["status"]) == (201, "lamp", "ACTIVE")
    assert "compareAtPrice" not in product
    assert call("GET /api/products/lamp") == (200, product)
    assert call("GET /api/products") == (200, {"items": [product]})
    assert call("GET /api/products", category="lighting") == (200, {"items": [product]})
    category = {"category": "lighting", "name": "Lighting", "productCount": 1}
    assert call("GET /api/categories") == (200, {"items": [category]})


def test_an_id_is_given_or_derived_and_taken_once(call: Call) -> None:
    assert call("POST /api/products", LAMP | {"productId": "my-lamp"})[1]["productId"] == "my-lamp"
    status, problem = call("POST /api/products", LAMP | {"productId": "my-lamp"})
    assert (status, problem["code"], problem["productId"]) == (409, "PRODUCT_EXISTS", "my-lamp")
    assert call("POST /api/products", LAMP | {"name": "茶"})[1]["productId"] == "cha"


def test_a_product_is_replaced_whole(call: Call) -> None:
    created = call("POST /api/products", LAMP | {"brand": "Fen"})[1]
    status, replaced = call("PUT /api/products/lamp", LAMP | {"name": "Lamp II"})
    assert (status, replaced["name"], replaced["brand"]) == (200, "Lamp II", "")
    assert replaced["createdAt"] == created["createdAt"]
    # And what was read may be sent back
    assert call("PUT /api/products/lamp", replaced) == (200, replaced)


def test_a_replacement_is_of_the_product_in_the_address(call: Call, seed: Seed) -> None:
    seed()
    status, problem = call("PUT /api/products/lamp", LAMP | {"productId": "mug"})
    assert (status, problem["code"]) == (422, "VALIDATION")


def test_a_deleted_product_is_gone_and_can_be_created_anew(call: Call, seed: Seed) -> None:
    seed()
    assert call("DELETE /api/products/lamp") == (204, {})
    for route in ("GET /api/products/lamp", "DELETE /api/products/lamp"):
        assert call(route)[0] == 404
    assert call("PUT /api/products/lamp", LAMP)[0] == 404
    assert call("POST /api/products", LAMP)[0] == 201


def test_a_hidden_product_is_not_there(call: Call, seed: Seed) -> None:
    seed(status="HIDDEN")
    assert call("GET /api/products/lamp")[0] == 404
    assert call("GET /api/products") == (200, {"items": []})


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("POST /api/products", LAMP),
        ("PUT /api/products/lamp", LAMP),
        ("DELETE /api/products/lamp", None),
        ("POST /api/products/import", []),
    ],
)
def test_only_staff_writes(call: Call, seed: Seed, route: str, body: object) -> None:
    seed()
    status, problem = call(route, body, groups="[shoppers]")
    assert (status, problem["code"]) == (403, "FORBIDDEN")
    assert call("GET /api/products/lamp")[1]["name"] == "Lamp"


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"},
        {"limit": "101"},
        {"limit": "many"},
        {"cursor": "forged"},
        {"category": ""},
        {"category": "x" * 65},
    ],
)
def test_a_list_refuses_what_it_cannot_do(call: Call, query: dict[str, str]) -> None:
    status, problem = call("GET /api/products", **query)
    assert (status, problem["code"]) == (422, "VALIDATION")


def test_pages_follow_each_other(call: Call, seed: Seed) -> None:
    for product_id in ("a", "b", "c"):
        seed(product_id)
    _, first = call("GET /api/products", limit="2")
    _, second = call("GET /api/products", limit="2", cursor=first["nextCursor"])
    assert [product["productId"] for page in (first, second) for product in page["items"]] == ["c", "b", "a"]
    assert "nextCursor" not in second
    # A cursor of one list is none of another
    assert call("GET /api/products", category="lighting", cursor=first["nextCursor"])[0] == 422


def test_bad_input_names_its_field(call: Call) -> None:
    status, problem = call("POST /api/products", LAMP | {"price": {"amount": 24.5}})
    assert status == 422
    assert problem["errors"][0]["path"] == "body.price.amount"


def test_an_import_reads_decimals_and_tells_of_every_row(call: Call) -> None:
    body = '[{"name": "Lamp", "category": "lighting", "price": 24.50}, {"name": "Mug", "price": 1.005}]'
    status, report = call("POST /api/products/import", body)
    assert status == 200
    assert report == {
        "created": 1,
        "updated": 0,
        "unchanged": 0,
        "rejected": [
            {
                "row": 2,
                "productId": "mug",
                "errors": ["price: '1.005' has more than two decimals", "category: is missing"],
            }
        ],
        "imported": [{"row": 1, "productId": "lamp", "outcome": "CREATED"}],
        "ignoredFields": [],
        "notes": [],
        "leftOutRows": [],
        "leftOutColumns": [],
        "readAs": [],
    }
    assert call("GET /api/products/lamp")[1]["price"] == {"amount": 2450, "currency": "USD"}


def test_the_export_of_another_shop_is_a_body_too(call: Call) -> None:
    body = "Handle;Title;Variant Price;Status\nmug;Mug;12,50;active\n"
    status, report = call("POST /api/products/import", body)
    assert (status, report["imported"]) == (200, [{"row": 2, "productId": "mug", "outcome": "CREATED"}])
    assert report["readAs"] == ["the layout of Shopify", "separated by semicolons", "prices with decimal commas"]
    assert call("GET /api/products/mug")[1]["price"]["amount"] == 1250


def test_characters_that_are_lost_on_the_way_are_not_imported(call: Call) -> None:
    status, problem = call("POST /api/products/import", "name;price;category\nCr\ufffdme;1.00;x\n")
    assert (status, "application/octet-stream" in problem["detail"]) == (422, True)


def test_without_its_pictures_a_product_is_imported_and_the_report_says_so(call: Call) -> None:
    picture = "https://pictures.example/lamp.jpg"
    status, report = call("POST /api/products/import", [LAMP | {"images": [picture], "imageUrl": picture}])
    assert (status, report["created"]) == (200, 1)
    assert [note["note"] for note in report["notes"]] == [
        "pictures on pictures.example: left out, the host cannot be reached"
    ]
    product = call("GET /api/products/lamp")[1]
    assert (product["imageUrl"], product["images"]) == ("", [])


def test_staff_is_told_of_a_picture_that_cannot_be_fetched(call: Call, seed: Seed) -> None:
    seed()
    body = LAMP | {"imageUrl": "https://pictures.example/lamp.jpg"}
    for route in ("POST /api/products", "PUT /api/products/lamp"):
        status, problem = call(route, body)
        assert (status, problem["code"]) == (422, "VALIDATION")
        assert problem["errors"][0]["message"] == "https://pictures.example/lamp.jpg: the host cannot be reached"


def test_a_dry_run_writes_nothing(call: Call) -> None:
    assert call("POST /api/products/import", [LAMP], dryRun="true")[1]["created"] == 1
    assert call("GET /api/products/lamp")[0] == 404


@pytest.mark.parametrize("body", [None, "", "{", "{}", json.dumps([1] * 501)])
def test_an_import_without_rows_is_refused(call: Call, body: str | None) -> None:
    status, problem = call("POST /api/products/import", body)
    assert (status, problem["code"]) == (422, "VALIDATION")


def test_an_import_may_come_in_base64_and_be_no_text(call: Call) -> None:
    event = {
        "version": "2.0",
        "rawPath": "/api/products/import",
        "rawQueryString": "",
        "headers": {},
        "requestContext": {
            "http": {"method": "POST", "path": "/api/products/import"},
            "stage": "$default",
            "authorizer": {"jwt": {"claims": {"sub": "grace", "cognito:groups": "[staff]"}}},
        },
        "isBase64Encoded": True,
    }
    answers = [
        routes.api({**event, "body": base64.b64encode(body).decode()}, None)["statusCode"]
        for body in (
            json.dumps([LAMP]).encode(),
            b"\xff\xfe[",
            "name;price;category\nCrème;12,50;x\n".encode("cp1252"),
            "name;price;category\nThé;12,50;x\n".encode("utf-16"),
        )
    ]
    assert answers == [200, 422, 200, 200]
    assert [call(f"GET /api/products/{name}")[1]["name"] for name in ("creme", "the")] == ["Crème", "Thé"]


def test_an_interrupted_import_says_so_and_what_was_written(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    down = ClientError({"Error": {"Code": "InternalServerError", "Message": "down"}}, "TransactWriteItems")
    monkeypatch.setattr(CatalogStore, "write_changes", partial(_raise, down))
    status, problem = call("POST /api/products/import", [LAMP, {"name": "Mug"}])
    assert (status, problem["code"]) == (503, "IMPORT_INTERRUPTED")
    assert (problem["report"]["created"], problem["report"]["rejected"][0]["row"]) == (0, 2)


def test_too_much_contention_is_told_as_busy(call: Call, seed: Seed, monkeypatch: pytest.MonkeyPatch) -> None:
    seed()
    monkeypatch.setattr(CatalogStore, "write_changes", partial(_raise, ConflictError("lamp")))
    status, problem = call("DELETE /api/products/lamp")
    assert (status, problem["code"]) == (503, "BUSY")


def _raise(error: Exception, *_: object) -> None:
    raise error
