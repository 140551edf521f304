"""What staff does with stock: lists by level, adjustments with a reason, and the ledger of every movement."""

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from botocore.exceptions import ClientError

from bus.optimistic_locking import RetriesExhaustedError
from services.inventory import staff_api
from services.inventory.movements import Ledger, enter
from tests.unit.inventory.conftest import AT, PRICE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from tests.unit.inventory.conftest import Shop

from schemas.contract import Line
from schemas.orders import OrderPlaced


class Stream:
    """The stream of Stock: reads what a product's item says after each write, as Lambda's filter lets it through."""

    def __init__(self, shop: "Shop") -> None:
        self.shop = shop
        self.ledger = Ledger(shop.dynamodb, "Movements")
        self.parked: list[str] = []

    def record(self, product_id: str) -> list[dict[str, Any]]:
        image = self.shop.dynamodb.get_item(TableName="Stock", Key={"productId": {"S": product_id}})["Item"]
        return [{"dynamodb": {"NewImage": image, "SequenceNumber": "7", "Keys": {}}}] if "movement" in image else []

    def deliver(self, product_id: str = "mug") -> None:
        assert enter(self.record(product_id), self.ledger, self.parked.append) == {"batchItemFailures": []}


@pytest.fixture
def stream(shop: "Shop", monkeypatch: pytest.MonkeyPatch) -> Stream:
    stream = Stream(shop)
    monkeypatch.setattr(staff_api, "inventory_service", lambda: shop.inventory)
    monkeypatch.setattr(staff_api, "ledger", lambda: stream.ledger)
    shop.inventory.create_stock("mug", 10)
    stream.deliver()
    return stream


def call(
    route: str, body: object = None, key: str | None = None, group: str = "staff", **query: str
) -> tuple[int, Any]:
    method, path = route.split(" ")
    event = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": urlencode(query),
        "headers": {"content-type": "application/json"} | ({"idempotency-key": key} if key else {}),
        "requestContext": {
            "http": {"method": method, "path": path},
            "stage": "$default",
            "authorizer": {"jwt": {"claims": {"sub": "grace", "cognito:groups": f"[{group}]"}}},
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
    answer = staff_api.api(event, None)
    return answer["statusCode"], json.loads(answer["body"])


def adjust(change: int, key: str = "key", **said: object) -> tuple[int, Any]:
    return call("POST /api/staff/stock/mug/adjust", {"change": change, "reason": "DAMAGED", **said}, key)


def lines(**query: str) -> list[tuple[str, int, int]]:
    found = call("GET /api/staff/stock/mug/movements", **query)[1]["items"]
    return [(line["kind"], line["change"], line["onHand"]) for line in found]


@pytest.mark.usefixtures("stream")
def test_an_adjustment_that_is_sent_twice_is_made_once() -> None:
    answers = [adjust(-3) for _ in range(2)]
    assert [(status, body["onHand"]) for status, body in answers] == [(200, 7), (200, 7)]
    assert adjust(-3, key="another")[1]["onHand"] == 4


@pytest.mark.usefixtures("stream")
def test_another_adjustment_of_the_same_key_is_refused() -> None:
    assert adjust(-3)[0] == 200

    status, problem = adjust(-4)

    assert (status, problem["code"]) == (422, "IDEMPOTENCY_MISMATCH")
    assert adjust(-3)[1]["onHand"] == 7


@pytest.mark.usefixtures("stream")
def test_an_adjustment_of_which_the_key_alone_was_stored_is_made_once(shop: "Shop") -> None:
    shop.dynamodb.update_item(
        TableName="Stock",
        Key={"productId": {"S": "mug"}},
        UpdateExpression="SET adjustments = :keys",
        ExpressionAttributeValues={":keys": {"L": [{"S": "key"}]}},
    )

    assert [adjust(-3)[1]["onHand"], adjust(-1, key="another")[1]["onHand"], adjust(-3)[1]["onHand"]] == [10, 9, 9]


@pytest.mark.usefixtures("stream")
@pytest.mark.parametrize("body", [{"onHand": 5}, {"change": 1, "reason": "FOUND"}])
def test_a_product_that_is_sold_at_that_moment_is_told_as_busy(
    body: dict[str, Any], shop: "Shop", monkeypatch: pytest.MonkeyPatch
) -> None:
    def conflicts(*_: object) -> None:
        raise RetriesExhaustedError

    monkeypatch.setattr(shop.inventory, "_write", conflicts)
    route = "PUT /api/stock/mug" if "onHand" in body else "POST /api/staff/stock/mug/adjust"

    status, problem = call(route, body, "key")

    assert (status, problem["code"]) == (503, "BUSY")


@pytest.mark.usefixtures("stream")
def test_no_more_can_be_removed_than_there_is() -> None:
    status, problem = adjust(-11)
    assert (status, problem["code"], problem["onHand"]) == (409, "TOO_FEW_UNITS", 10)
    assert adjust(-10)[1]["level"] == "OUT"


@pytest.mark.usefixtures("stream")
@pytest.mark.parametrize(
    ("body", "key", "status"),
    [
        ({"change": 1, "reason": "BORED"}, "key", 422),
        ({"change": 1}, "key", 422),
        ({"change": "1", "reason": "FOUND"}, "key", 422),
        ({"change": 1, "reason": "FOUND", "note": "x" * 201}, "key", 422),
        ({"change": 1, "reason": "FOUND"}, None, 400),
    ],
)
def test_an_adjustment_has_a_reason_and_a_key(body: object, key: str | None, status: int) -> None:
    assert call("POST /api/staff/stock/mug/adjust", body, key)[0] == status


@pytest.mark.usefixtures("stream")
@pytest.mark.parametrize(
    "route", ["GET /api/staff/stock", "GET /api/staff/stock/mug", "GET /api/staff/stock/mug/movements"]
)
def test_a_shopper_is_refused(route: str) -> None:
    assert call(route, group="people")[0] == 403


@pytest.mark.usefixtures("stream")
def test_an_unknown_product_has_no_stock() -> None:
    assert call("GET /api/staff/stock/cup")[0] == 404
    assert call("POST /api/staff/stock/cup/adjust", {"change": 1, "reason": "FOUND"}, "key")[0] == 404


def test_the_ledger_has_every_movement_its_cause_and_who_made_it(shop: "Shop", stream: Stream) -> None:
    shop.inventory.reserve("order", {"mug": 2})
    stream.deliver()
    placed = OrderPlaced(
        order_id="order",
        user_id="ada",
        lines=[Line(product_id="mug", name="Mug", quantity=2, unit_price=PRICE)],
        subtotal=PRICE,
        shipping=PRICE,
        total=PRICE,
        placed_at=AT,
    )
    shop.inventory.commit(placed)
    stream.deliver()
    adjust(-1, note=" a chip ")
    stream.deliver()
    call("PUT /api/stock/mug", {"onHand": 9, "reason": "CORRECTION"})
    stream.deliver()
    shop.inventory.restock("order", {"mug": 2})
    stream.deliver()

    assert lines() == [
        ("CANCELLED", 2, 11),
        ("COUNTED", 2, 9),
        ("ADJUSTED", -1, 7),
        ("ORDERED", -2, 8),
        ("FIRST", 10, 10),
    ]
    told = call("GET /api/staff/stock/mug/movements")[1]["items"]
    assert (told[0]["orderId"], told[3]["orderId"]) == ("order", "order")
    assert (told[2]["by"], told[2]["reason"], told[2]["note"]) == ("grace", "DAMAGED", "a chip")
    assert (told[1]["by"], told[1]["reason"]) == ("grace", "CORRECTION")


def test_a_reservation_moves_nothing(shop: "Shop", stream: Stream) -> None:
    shop.inventory.reserve("order", {"mug": 2})
    assert stream.record("mug") == []
    shop.inventory.release("order")
    assert stream.record("mug") == []


def test_a_movement_that_is_delivered_again_has_one_line(stream: Stream) -> None:
    stream.deliver()
    stream.deliver()
    assert lines() == [("FIRST", 10, 10)]


def test_the_ledger_is_read_page_by_page(stream: Stream) -> None:
    for number in range(4):
        adjust(1, key=str(number))
        stream.deliver()
    status, first = call("GET /api/staff/stock/mug/movements", limit="3")
    assert (status, len(first["items"])) == (200, 3)
    rest = call("GET /api/staff/stock/mug/movements", limit="3", cursor=first["nextCursor"])[1]
    assert [line["onHand"] for line in (*first["items"], *rest["items"])] == [14, 13, 12, 11, 10]
    assert call("GET /api/staff/stock/mug/movements", cursor="nonsense")[0] == 422


def test_a_movement_that_is_not_stored_is_delivered_again(
    stream: Stream, shop: "Shop", dynamodb: "DynamoDBClient"
) -> None:
    adjust(1)
    shop.refusals.append(ClientError({"Error": {"Code": "InternalServerError", "Message": "down"}}, "PutItem"))
    failed = enter(stream.record("mug"), stream.ledger, stream.parked.append)
    assert failed == {"batchItemFailures": [{"itemIdentifier": "7"}]}
    stream.deliver()
    assert lines()[0] == ("ADJUSTED", 1, 11)


def test_a_record_that_cannot_be_read_is_parked_and_blocks_no_other(stream: Stream) -> None:
    broken = {"dynamodb": {"NewImage": {"movement": {"S": "{}"}}, "SequenceNumber": "6", "Keys": {}}}
    adjust(1)
    assert enter([broken, *stream.record("mug")], stream.ledger, stream.parked.append) == {"batchItemFailures": []}
    assert len(stream.parked) == 1
    assert lines()[0] == ("ADJUSTED", 1, 11)


def test_staff_lists_what_is_out_and_what_is_low(shop: "Shop", stream: Stream) -> None:
    for product_id, units in (("cup", 0), ("jug", 5), ("pot", 3)):
        shop.inventory.create_stock(product_id, units)

    def listed(level: str, **query: str) -> list[str]:
        return [item["productId"] for item in call("GET /api/staff/stock", level=level, **query)[1]["items"]]

    assert (listed("OUT"), listed("LOW"), listed("ENOUGH")) == (["cup"], ["jug", "pot"], ["mug"])
    shop.inventory.reserve("order", {"mug": 6})
    assert listed("LOW") == ["jug", "mug", "pot"]
    first = call("GET /api/staff/stock", level="LOW", limit="2")[1]
    assert listed("LOW", cursor=first["nextCursor"]) == ["pot"]
