"""The routes of returns: withdraw in two steps without a token, see returns, receive and close them as staff."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from bus.attribute_values import from_item
from bus.erased_users import ErasedUsers
from bus.http import Api
from bus.optimistic_locking import retry_on_conflict
from schemas.commands import ReturnableOrder
from services.returns import api as routes
from services.returns import slip_api, staff_api
from services.returns.domain import Return, decide
from services.returns.store import ReturnsStore
from services.returns.withdrawal_queue import ConfirmedWithdrawal
from tests.unit.erased import create_erased_users
from tests.unit.returns.conftest import NOW, an_order, raised

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

Call = Callable[..., tuple[int, Any]]
TYPED = {"orderId": "2a3c 4d5e 6f", "email": " Ada@Example.com "}


class Orders:
    """What orders answers."""

    def __init__(self) -> None:
        self.order = an_order()

    def of_link(self, token: str) -> ReturnableOrder | None:
        return self.order if token == "signed" else None

    def of_shopper(self, user_id: str, order_name: str) -> ReturnableOrder | None:
        return self.order if (user_id, order_name) == ("ada", "order-1") else None


class Queue:
    def __init__(self) -> None:
        self.sent: list[ConfirmedWithdrawal] = []
        self.fails = False

    def send(self, confirmed: ConfirmedWithdrawal) -> None:
        if self.fails:
            raise TimeoutError
        self.sent.append(confirmed)


@pytest.fixture
def queue() -> Queue:
    return Queue()


@pytest.fixture
def orders() -> Orders:
    return Orders()


@pytest.fixture
def call(
    store: ReturnsStore, queue: Queue, orders: Orders, monkeypatch: pytest.MonkeyPatch, dynamodb: "DynamoDBClient"
) -> Call:
    erased: ErasedUsers = create_erased_users(dynamodb)
    monkeypatch.setattr("bus.http.erased_users", lambda: erased)
    for module in (routes, staff_api, slip_api):
        monkeypatch.setattr(module, "store", lambda: store)
    for module in (routes, slip_api):
        monkeypatch.setattr(module, "orders", lambda: orders)
    monkeypatch.setattr(routes, "queue", lambda: queue)

    def call(
        route: str, body: object = None, *, api: Api = routes.api, user: str = "", staff: bool = False, **query: str
    ) -> tuple[int, Any]:
        method, path = route.split(" ")
        claims = {"sub": user, **({"cognito:groups": "[staff]"} if staff else {})}
        answer = api(
            {
                "version": "2.0",
                "rawPath": path,
                "rawQueryString": urlencode(query),
                "headers": {"content-type": "application/json"},
                "requestContext": {
                    "http": {"method": method, "path": path},
                    "stage": "$default",
                    "requestId": "r",
                    **({"authorizer": {"jwt": {"claims": claims}}} if user else {}),
                },
                "body": json.dumps(body) if body is not None else None,
                "isBase64Encoded": False,
            },
            None,
        )
        text = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"]
        return answer["statusCode"], text if isinstance(text, bytes) or not text else json.loads(text)

    return call


@pytest.fixture
def returned(store: ReturnsStore, call: Call) -> Return:
    _, declared = call("POST /api/withdrawals", {"token": "signed"})
    decision = decide(declared["withdrawalId"], an_order(), None, (), NOW)
    retry_on_conflict(lambda: store.settle(declared["withdrawalId"], decision))
    assert decision.opened is not None
    return decision.opened


def test_the_first_step_does_not_tell_whether_there_is_such_an_order(call: Call, dynamodb: "DynamoDBClient") -> None:
    known = call("POST /api/withdrawals", TYPED)
    unknown = call("POST /api/withdrawals", {"orderId": "nothing", "email": "nobody@example.com"})

    assert [status for status, _ in (known, unknown)] == [202, 202]
    assert known[1].keys() == unknown[1].keys() == {"withdrawalId", "statedAt"}
    stored = [from_item(item) for item in dynamodb.scan(TableName="Withdrawals")["Items"]]
    assert {item["email"] for item in stored} == {"ada@example.com", "nobody@example.com"}


def test_the_second_step_receives_it_once_and_says_when(call: Call, queue: Queue, store: ReturnsStore) -> None:
    _, declared = call("POST /api/withdrawals", TYPED)
    route = f"POST /api/withdrawals/{declared['withdrawalId']}/confirm"

    first, second = call(route), call(route)

    assert first == second
    assert first[0] == 202
    (sent,) = queue.sent
    withdrawal = store.withdrawal(declared["withdrawalId"])
    assert withdrawal is not None
    assert withdrawal.confirmed_at == datetime.fromisoformat(first[1]["receivedAt"])
    assert sent.model_dump(mode="json")["confirmedAt"] == first[1]["receivedAt"]


def test_a_withdrawal_that_is_not_in_the_queue_is_not_said_to_be_received(call: Call, queue: Queue) -> None:
    _, declared = call("POST /api/withdrawals", TYPED)
    route = f"POST /api/withdrawals/{declared['withdrawalId']}/confirm"
    queue.fails = True
    assert call(route)[0] == 500

    queue.fails = False
    assert call(route)[0] == 202
    assert len(queue.sent) == 1


def test_a_withdrawal_that_nobody_declared_or_that_is_older_than_a_day_cannot_be_confirmed(
    call: Call, dynamodb: "DynamoDBClient"
) -> None:
    later = datetime.now(UTC) + timedelta(days=1, seconds=1)
    expired = ReturnsStore(dynamodb, "Returns", "Withdrawals", now=later.timestamp)
    _, declared = call("POST /api/withdrawals", TYPED)

    assert call("POST /api/withdrawals/nonsense/confirm")[0] == 404
    assert expired.withdrawal(declared["withdrawalId"]) is None


def test_after_a_day_no_answer_tells_which_withdrawals_were_of_an_order(call: Call, dynamodb: "DynamoDBClient") -> None:
    # What named no order is forgotten after some months, what named one is kept.
    _, declared = call("POST /api/withdrawals", TYPED)
    confirm = f"POST /api/withdrawals/{declared['withdrawalId']}/confirm"
    assert call(confirm)[0] == 202

    dynamodb.update_item(
        TableName="Withdrawals",
        Key={"withdrawalId": {"S": declared["withdrawalId"]}},
        UpdateExpression="SET statedAt = :old",
        ExpressionAttributeValues={":old": {"S": (datetime.now(UTC) - timedelta(days=1, seconds=1)).isoformat()}},
    )

    assert call(confirm)[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"orderId": "1"},
        {"email": "ada@example.com"},
        {"orderId": "1", "email": "no address"},
        {"orderId": "1", "email": "ada@example.com", "lines": []},
        {"orderId": "1", "email": "ada@example.com", "lines": [{"productId": "cup", "quantity": 0}]},
    ],
)
def test_a_withdrawal_that_names_no_order_is_refused(call: Call, body: object) -> None:
    status, problem = call("POST /api/withdrawals", body)

    assert (status, problem["code"]) == (422, "VALIDATION")


def test_a_withdrawal_by_a_link_names_its_order_and_a_wrong_link_looks_like_a_missing_one(
    call: Call, store: ReturnsStore
) -> None:
    lines = [{"productId": "cup", "quantity": 1}]
    _, declared = call("POST /api/withdrawals", {"token": "signed", "lines": lines})
    withdrawal = store.withdrawal(declared["withdrawalId"])

    assert withdrawal is not None
    assert (withdrawal.order_id, withdrawal.user_id, withdrawal.email) == ("order-1", "ada", None)
    assert call("POST /api/withdrawals", {"token": "forged"})[0] == 404


def test_what_can_be_given_back_is_shown_with_its_time(call: Call, returned: Return) -> None:
    status, shown = call("GET /api/order-links/signed/returns")

    assert status == 200
    assert shown["returnable"] == []
    assert shown["withdrawalUntil"] == "2026-03-19T04:00:00.000Z"
    assert [(each["returnNumber"], each["status"]) for each in shown["returns"]] == [("2A3C4D5E6F-1", "REQUESTED")]
    assert "ada" not in json.dumps(shown)
    assert call("GET /api/orders/order-1/returns", user="ada") == (status, shown)
    assert call("GET /api/orders/order-1/returns", user="eve")[0] == 404
    assert call("GET /api/order-links/forged/returns")[0] == 404


def test_a_slip_is_had_by_the_link_and_by_its_shopper_and_by_no_other(call: Call, returned: Return) -> None:
    by_link = call(f"GET /api/order-links/signed/returns/{returned.return_id}/slip", api=slip_api.api)
    by_shopper = call(f"GET /api/orders/order-1/returns/{returned.return_id}/slip", api=slip_api.api, user="ada")

    assert by_link == by_shopper
    assert by_link[0] == 200
    assert by_link[1].startswith(b"%PDF-")
    for route in ("/order-links/forged/returns/order-1-1", "/order-links/signed/returns/order-2-1"):
        assert call(f"GET /api{route}/slip", api=slip_api.api)[0] == 404
    assert call("GET /api/orders/order-1/returns/order-1-1/slip", api=slip_api.api, user="eve")[0] == 404


def test_staff_receives_a_return_once(call: Call, returned: Return, dynamodb: "DynamoDBClient") -> None:
    route = f"POST /api/staff/returns/{returned.return_id}/receive"
    goods = {"lines": [{"productId": "lamp", "restock": 1, "writeOff": 1}, {"productId": "cup", "restock": 1}]}

    first = call(route, goods, api=staff_api.api, user="grace", staff=True)
    second = call(route, goods, api=staff_api.api, user="bob", staff=True)

    assert first == second
    assert (first[0], first[1]["status"], first[1]["receivedBy"]) == (202, "RECEIVED", "grace")
    assert first[1]["refund"] == {"amount": 6549, "currency": "USD"}
    assert raised(dynamodb, "Returns") == ["ReturnReceived"]
    # Of what is due staff may have given back some before: its shopper sees what was paid, once it was.
    (seen,) = call("GET /api/orders/order-1/returns", user="ada")[1]["returns"]
    assert (seen["status"], seen.get("refund")) == ("RECEIVED", None)
    other = {"lines": [{"productId": "lamp", "restock": 2}]}
    status, problem = call(route, other, api=staff_api.api, user="bob", staff=True)
    assert (status, problem["code"], problem["returnStatus"]) == (409, "WRONG_STATUS", "RECEIVED")


def test_staff_cannot_receive_what_was_not_announced(call: Call, returned: Return) -> None:
    route = f"POST /api/staff/returns/{returned.return_id}/receive"

    for line in ({"productId": "lamp", "restock": 3}, {"productId": "sofa", "restock": 1}, {"productId": "lamp"}):
        status, problem = call(route, {"lines": [line]}, api=staff_api.api, user="grace", staff=True)
        assert (status, problem["code"]) == (422, "UNEXPECTED_UNITS")
    unknown = "POST /api/staff/returns/order-9-1/receive"
    assert (
        call(unknown, {"lines": [{"productId": "cup", "restock": 1}]}, api=staff_api.api, user="g", staff=True)[0]
        == 404
    )


def test_staff_lists_returns_by_status_and_page(call: Call, returned: Return) -> None:
    def listed(**query: str) -> Any:
        return call("GET /api/staff/returns", api=staff_api.api, user="grace", staff=True, **query)[1]

    (item,) = listed()["items"]
    assert (item["returnId"], item["orderId"], item["userId"]) == (returned.return_id, "order-1", "ada")
    assert listed(status="RECEIVED")["items"] == []
    assert listed(status="LOST")["code"] == "VALIDATION"
    assert listed(cursor="nonsense")["code"] == "VALIDATION"
    close = f"POST /api/staff/returns/{returned.return_id}/close"
    closed = call(close, api=staff_api.api, user="grace", staff=True)
    assert (closed[0], closed[1]["status"], closed[1]["closedBy"]) == (202, "CLOSED", "grace")
    assert call(f"GET /api/staff/returns/{returned.return_id}", api=staff_api.api, user="g", staff=True)[1] == closed[1]


@pytest.mark.parametrize(
    "route",
    [
        "GET /api/staff/returns",
        "GET /api/staff/returns/order-1-1",
        "POST /api/staff/returns/order-1-1/receive",
        "POST /api/staff/returns/order-1-1/close",
    ],
)
def test_a_shopper_is_no_staff(call: Call, route: str) -> None:
    assert call(route, {"lines": []}, api=staff_api.api, user="ada")[0] == 403


def test_staff_sees_withdrawals_that_name_no_order_and_closes_each_once(call: Call, store: ReturnsStore) -> None:
    _, stated = call("POST /api/withdrawals", {**TYPED, "lines": [{"productId": "cup", "quantity": 1}]})
    withdrawal_id = stated["withdrawalId"]
    store.confirm(withdrawal_id, NOW)
    store.reject(withdrawal_id, "ada")

    def by_staff(route: str, **query: str) -> tuple[int, Any]:
        return call(route, api=staff_api.api, user="grace", staff=True, **query)

    assert call("GET /api/staff/withdrawals", api=staff_api.api, user="ada")[0] == 403
    assert by_staff("GET /api/staff/withdrawals", cursor="abc")[0] == 422
    status, page = by_staff("GET /api/staff/withdrawals")

    assert status == 200
    assert page == {
        "items": [
            {
                "withdrawalId": withdrawal_id,
                "confirmedAt": "2026-03-06T09:00:00.000Z",
                "orderName": "2a3c 4d5e 6f",
                "email": "ada@example.com",
                "userId": "ada",
                "units": [{"productId": "cup", "quantity": 1}],
            }
        ]
    }
    close = f"POST /api/staff/withdrawals/{withdrawal_id}/close"
    assert [by_staff(close)[0] for _ in range(2)] == [204, 404]
    assert by_staff("GET /api/staff/withdrawals")[1] == {"items": []}
