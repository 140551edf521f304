"""What staff may do with customers, and that it is recorded who did."""

from typing import Any

import pytest

from services.identity.staff_actions import StaffActionLog
from services.identity.store import ProfileStore
from tests.unit.identity.conftest import Accounts, OtherServices

pytestmark = pytest.mark.usefixtures("accounts", "staff_actions")
STAFF = {"user": "grace", "cognito:groups": "[staff]"}


@pytest.fixture(autouse=True)
def ada(call: Any) -> None:
    """She has visited the shop."""
    assert call("GET /api/me")[0] == 200


@pytest.mark.parametrize(
    "route",
    [
        "GET /api/staff/customers",
        "GET /api/staff/customers/ada",
        "POST /api/staff/customers/ada/export",
        "DELETE /api/staff/customers/ada",
    ],
)
def test_a_shopper_is_refused_and_nothing_is_recorded(call: Any, staff_actions: StaffActionLog, route: str) -> None:
    assert call(route, user="eve")[0] == 403
    assert staff_actions.list("ada") == []


def test_customers_are_found_by_their_address(call: Any) -> None:
    status, page = call("GET /api/staff/customers?q=ada", **STAFF)

    assert status == 200
    assert [(item["userId"], item["email"]) for item in page["items"]] == [("ada", "ada@example.com")]
    assert call("GET /api/staff/customers?q=zoe", **STAFF)[1]["items"] == []
    assert call("GET /api/staff/customers?cursor=forged", **STAFF)[0] == 422


def test_a_customer_is_shown_with_their_profile(call: Any) -> None:
    call("PUT /api/me", {"name": "Ada Lovelace", "phone": "+15035550167"})

    status, customer = call("GET /api/staff/customers/ada", **STAFF)

    assert status == 200
    assert (customer["name"], customer["phone"], customer["status"]) == ("Ada Lovelace", "+15035550167", "ACTIVE")
    assert customer["actions"] == []
    assert call("GET /api/staff/customers/nobody", **STAFF)[0] == 404


def test_an_export_is_what_the_customer_would_get_and_is_recorded(call: Any, others: OtherServices) -> None:
    others.held = {"orders": {"orders": [{"orderId": "o-1"}]}}

    status, export = call("POST /api/staff/customers/ada/export", **STAFF)

    assert status == 200
    assert export["services"] == others.held
    assert export["profile"]["email"] == "ada@example.com"
    (action,) = call("GET /api/staff/customers/ada", **STAFF)[1]["actions"]
    assert (action["action"], action["actor"]) == ("EXPORT", "grace")


def test_the_export_of_an_account_that_never_visited_registers_it(call: Any) -> None:
    status, export = call("POST /api/staff/customers/bob/export", **STAFF)

    assert status == 200
    assert export["profile"]["userId"] == "bob"
    assert call("POST /api/staff/customers/nobody/export", **STAFF)[0] == 404


def test_a_large_export_is_made_in_the_background(call: Any, others: OtherServices) -> None:
    others.is_too_large = True

    status, file = call("POST /api/staff/customers/ada/export", **STAFF)

    assert (status, file["status"]) == (202, "PREPARING")


def test_an_erasure_closes_the_account_and_its_line_stays(call: Any, accounts: Accounts, store: ProfileStore) -> None:
    assert call("DELETE /api/staff/customers/ada", **STAFF)[0] == 204

    assert accounts.deleted == ["ada"]
    status, customer = call("GET /api/staff/customers/ada", **STAFF)
    assert (status, customer["status"]) == (200, "ERASED")
    assert "email" not in customer
    assert [(action["action"], action["actor"]) for action in customer["actions"]] == [("ERASURE", "grace")]
    assert call("DELETE /api/staff/customers/ada", **STAFF)[0] == 410
    assert call("POST /api/staff/customers/ada/export", **STAFF)[0] == 404


def test_unsent_orders_hold_an_erasure_up_until_staff_cancels_them(
    call: Any, others: OtherServices, accounts: Accounts
) -> None:
    others.unsent = [{"orderId": "o-1"}]

    status, problem = call("DELETE /api/staff/customers/ada", **STAFF)

    assert (status, problem["code"], problem["orderCount"]) == (409, "OPEN_ORDERS", 1)
    assert accounts.deleted == []
    assert call("DELETE /api/staff/customers/ada?cancelOrders=true", **STAFF)[0] == 204


def test_an_erasure_that_was_cut_short_is_continued(call: Any, accounts: Accounts) -> None:
    accounts.fault = RuntimeError("Cognito is away")
    assert call("DELETE /api/staff/customers/ada", **STAFF)[0] == 500
    accounts.fault = None

    assert call("DELETE /api/staff/customers/ada", **STAFF)[0] == 204
    assert accounts.deleted == ["ada"]


def test_nobody_is_erased_who_is_of_the_staff_or_unknown(call: Any, accounts: Accounts) -> None:
    assert call("DELETE /api/staff/customers/grace", **STAFF)[1]["code"] == "STAFF_ACCOUNT"
    assert call("DELETE /api/staff/customers/nobody", **STAFF)[0] == 404
    assert accounts.deleted == []
