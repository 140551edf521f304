"""The routes of identity: what a caller reads and changes of themselves."""

from typing import Any

import pytest

from schemas.identity import UserRegistered
from services.identity.store import ProfileStore

ADDRESS = {
    "name": "Ada L.",
    "line1": "1 Analytical Way",
    "city": "London",
    "postalCode": "N1 9GU",
    "country": "GB",
}


def test_the_first_visit_registers_an_account_that_no_trigger_has_seen(call: Any, raised: Any) -> None:
    status, profile = call("GET /api/me", name="Ada")

    assert status == 200
    assert profile == {
        "userId": "ada",
        "email": "ada@example.com",
        "name": "Ada",
        "registeredAt": "2027-01-15T08:00:00.000Z",
        "cartReminders": False,
    }
    assert [entry.detail_type for entry in raised("ada")] == [UserRegistered.detail_type()]


def test_the_second_visit_registers_nothing(call: Any, raised: Any) -> None:
    call("GET /api/me")
    before = raised("ada")

    assert call("GET /api/me", name="Another")[1].get("name") is None
    assert raised("ada") == before


def test_details_are_replaced_as_a_whole(call: Any) -> None:
    call("PUT /api/me", {"name": "Ada", "phone": "+442079460000"})

    status, profile = call("PUT /api/me", {"name": " Countess of Lovelace "})

    assert status == 200
    assert profile["name"] == "Countess of Lovelace"
    assert "phone" not in profile
    assert call("GET /api/me")[1] == profile


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"phone": "call me"}, "phone"),
        ({"email": "another@example.com"}, "email"),
        ({"userId": "bob"}, "userId"),
        ({"marketingOptIn": True}, "marketingOptIn"),
        ([], "body"),
        (None, "body"),
    ],
)
def test_details_that_are_not_valid_are_named(call: Any, body: object, path: str) -> None:
    status, problem = call("PUT /api/me", body)

    assert (status, problem["code"]) == (422, "VALIDATION")
    assert any(path in error["path"] for error in problem["errors"])


def test_a_person_sees_only_themselves(call: Any) -> None:
    call("PUT /api/me", {"name": "Ada"}, user="ada")
    call("POST /api/me/addresses", ADDRESS, user="ada")

    assert "name" not in call("GET /api/me", user="bob")[1]
    assert call("GET /api/me/addresses", user="bob")[1] == {"items": []}


def test_the_first_address_of_an_unregistered_account_is_its_default(call: Any) -> None:
    status, address = call("POST /api/me/addresses", ADDRESS)

    assert status == 201
    assert address == {**ADDRESS, "addressId": address["addressId"], "isDefault": True}
    assert call("GET /api/me/addresses") == (200, {"items": [address]})


def test_there_is_one_default_at_a_time(call: Any) -> None:
    _, first = call("POST /api/me/addresses", ADDRESS)
    _, second = call("POST /api/me/addresses", {**ADDRESS, "line2": "Flat 2", "isDefault": True})

    assert defaults(call) == [second["addressId"]]
    call(f"PUT /api/me/addresses/{first['addressId']}", {**ADDRESS, "isDefault": True})
    assert defaults(call) == [first["addressId"]]
    call(f"PUT /api/me/addresses/{first['addressId']}", {**ADDRESS, "isDefault": False})
    assert defaults(call) == [first["addressId"]]
    assert call(f"DELETE /api/me/addresses/{first['addressId']}") == (204, {})
    assert defaults(call) == [second["addressId"]]


def test_an_address_is_replaced_as_a_whole(call: Any) -> None:
    _, address = call("POST /api/me/addresses", {**ADDRESS, "line2": "Flat 2"})

    status, replaced = call(f"PUT /api/me/addresses/{address['addressId']}", {**ADDRESS, "city": "Paris"})

    assert status == 200
    assert replaced["city"] == "Paris"
    assert "line2" not in replaced
    assert call("GET /api/me/addresses")[1]["items"] == [replaced]


@pytest.mark.parametrize(
    "fault",
    [
        {"name": ""},
        {"line1": "   "},
        {"city": None},
        {"postalCode": "1" * 17},
        {"country": "XX"},
        {"country": "gb"},
        {"state": "CA"},
        {"addressId": "mine"},
    ],
)
def test_an_address_that_is_not_valid_is_refused(call: Any, fault: dict[str, Any]) -> None:
    status, problem = call("POST /api/me/addresses", {**ADDRESS, **fault})

    assert (status, problem["code"]) == (422, "VALIDATION")
    assert next(iter(fault)) in problem["errors"][0]["path"]


def test_an_address_of_somebody_else_does_not_exist(call: Any) -> None:
    _, of_bob = call("POST /api/me/addresses", ADDRESS, user="bob")
    route = f"/api/me/addresses/{of_bob['addressId']}"

    for status, problem in (call(f"PUT {route}", ADDRESS), call(f"DELETE {route}")):
        assert (status, problem["code"]) == (404, "NOT_FOUND")
    assert call("GET /api/me/addresses", user="bob")[1]["items"] == [of_bob]


def test_one_address_too_many_is_a_conflict(call: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.identity.store.MAX_ADDRESSES", 1)
    call("POST /api/me/addresses", ADDRESS)

    status, problem = call("POST /api/me/addresses", ADDRESS)

    assert (status, problem["code"]) == (409, "TOO_MANY_ADDRESSES")


def test_erasure_closes_the_account_and_a_repetition_finds_nothing_left(call: Any, accounts: Any, raised: Any) -> None:
    call("POST /api/me/addresses", ADDRESS)

    assert call("DELETE /api/me") == (204, {})
    status, problem = call("DELETE /api/me")

    assert (status, problem["code"]) == (410, "ACCOUNT_ERASED")
    assert accounts.deleted == ["ada"]
    assert [entry.detail_type for entry in raised("ada")] == ["UserDeleted"]


UNSENT = {"orderId": "o-1", "orderNumber": "0123456789", "total": {"amount": 1299, "currency": "USD"}}


def test_an_account_with_unsent_orders_is_not_erased_and_the_ways_out_are_named(
    call: Any, accounts: Any, others: Any, store: ProfileStore
) -> None:
    call("PUT /api/me", {"name": "Ada"})
    others.unsent = [UNSENT]

    status, problem = call("DELETE /api/me")

    assert (status, problem["code"]) == (409, "OPEN_ORDERS")
    assert (problem["orders"], problem["orderCount"]) == ([UNSENT], 1)
    assert "cancelOrders=true" in problem["detail"]
    assert "after delivery" in problem["detail"]
    assert accounts.deleted == []
    assert store.get("ada").details.name == "Ada"


def test_it_is_erased_where_its_owner_has_the_orders_cancelled(call: Any, accounts: Any, others: Any) -> None:
    others.unsent = [UNSENT]

    assert call("DELETE /api/me?cancelOrders=true")[0] == 204

    assert accounts.deleted == ["ada"]


def test_an_erasure_that_has_begun_is_finished_whatever_the_orders_are(call: Any, accounts: Any, others: Any) -> None:
    accounts.fault = RuntimeError("Cognito does not answer")
    assert call("DELETE /api/me")[0] == 500

    # An order that was placed meanwhile is cancelled by the erasure.
    others.unsent, accounts.fault = [UNSENT], None

    assert call("DELETE /api/me")[0] == 204
    assert accounts.deleted == ["ada"]


def test_an_erasure_that_stopped_half_way_is_finished_by_the_next_call(call: Any, accounts: Any, raised: Any) -> None:
    call("GET /api/me")
    accounts.fault = RuntimeError("Cognito does not answer")
    assert call("DELETE /api/me")[0] == 500
    before = raised("ada")

    accounts.fault = None
    assert call("DELETE /api/me")[0] == 204

    assert accounts.deleted == ["ada"]
    assert raised("ada") == before


def test_a_token_that_outlives_its_account_brings_nothing_back(call: Any, accounts: Any, store: ProfileStore) -> None:
    call("GET /api/me")
    call("DELETE /api/me")

    for route, body in (
        ("GET /api/me", None),
        ("PUT /api/me", {"name": "Ada"}),
        ("POST /api/me/addresses", ADDRESS),
        ("GET /api/me/export", None),
    ):
        status, problem = call(route, body)
        assert (status, problem["code"]) == (410, "ACCOUNT_ERASED")


def test_an_export_has_all_of_the_caller_in_all_services(call: Any, others: Any) -> None:
    others.held = {"orders": {"orders": [{"orderId": "o-1"}]}}
    call("PUT /api/me", {"name": "Ada", "phone": "+442079460000"})
    _, address = call("POST /api/me/addresses", ADDRESS)

    status, export = call("GET /api/me/export")

    assert status == 200
    assert export.pop("exportedAt").endswith("Z")
    assert export == {
        "profile": call("GET /api/me")[1],
        "addresses": [address],
        "services": {"orders": {"orders": [{"orderId": "o-1"}]}},
    }


def defaults(call: Any) -> list[str]:
    addresses = call("GET /api/me/addresses")[1]["items"]
    return [address["addressId"] for address in addresses if address["isDefault"]]
