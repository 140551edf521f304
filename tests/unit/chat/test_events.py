"""A change of an order is sent to its shopper, stored once, and not sent again in a replay."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from bus.erased_users import ErasedUsers
from bus.outbox import envelope_for
from schemas.contract import Money
from schemas.event import Event
from schemas.identity import UserDeleted
from schemas.order_number import order_number
from schemas.orders import OrderDelivered, OrderRefunded, OrderShipped
from schemas.payment import PaymentRefundedV2
from services.chat import events
from services.chat.history import ConversationStore
from services.chat.proposals import ProposalStore
from tests.unit.erased import erase

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
SHIPPED = OrderShipped(order_id="o1", user_id="ada", carrier="Northline", tracking_number="NL-1", shipped_at=NOON)


class Told:
    """The connections; what is sent to whom is kept."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, dict[str, Any]]] = []
        self.closed: list[str] = []

    def send_to_user(self, user_id: str, message: Any) -> int:
        self.messages.append((user_id, json.loads(message.model_dump_json())))
        return 1

    def ids_of_user(self, user_id: str) -> list[str]:
        return [f"connection-of-{user_id}"]

    def close(self, connection_id: str) -> None:
        self.closed.append(connection_id)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    told = Told()
    monkeypatch.setattr(events, "connections", lambda: told)
    return told


@pytest.fixture(autouse=True)
def history(
    dynamodb: "DynamoDBClient", erased_users: ErasedUsers, monkeypatch: pytest.MonkeyPatch
) -> ConversationStore:
    history = ConversationStore(dynamodb, "ChatHistory", lambda: erased_users)
    monkeypatch.setattr(events, "conversations", lambda: history)
    monkeypatch.setattr(events, "proposals", lambda: ProposalStore(dynamodb, "Proposals", lambda: erased_users))
    return history


def record(event: Event, replay: str | None = None) -> dict[str, str]:
    detail = json.loads(envelope_for(event, 1).to_json())
    body: dict[str, Any] = {"source": event.source(), "detail-type": event.detail_type(), "detail": detail}
    return {"messageId": "m1", "body": json.dumps(body | ({"replay-name": replay} if replay else {}))}


def deliver(*records: dict[str, str]) -> None:
    assert events.consumer({"Records": list(records)}, None) == {"batchItemFailures": []}


def test_a_shipped_order_is_told_with_its_data_but_for_the_users_id(told: Told, history: ConversationStore) -> None:
    delivery = record(SHIPPED)

    deliver(delivery, delivery)

    (user_id, message), again = told.messages
    assert user_id == "ada"
    assert message["type"] == "event"
    assert message["detailType"] == "OrderShipped"
    assert message["data"] == {
        "orderId": "o1",
        "carrier": "Northline",
        "trackingNumber": "NL-1",
        "shippedAt": "2026-11-25T12:00:00.000Z",
    }
    assert message == again[1]
    (turn,) = history.list_all("ada")
    assert "Northline, tracking number NL-1" in turn.text


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (OrderDelivered(order_id="o1", user_id="ada", delivered_at=NOON), "was delivered"),
        (
            OrderRefunded(
                order_id="o1",
                user_id="ada",
                amount=Money(amount=1050),
                refunded_total=Money(amount=1050),
                fully_refunded=False,
                refunded_at=NOON,
            ),
            f"$10.50 of your order {order_number('o1')}",
        ),
        (
            PaymentRefundedV2(
                order_id="o1",
                user_id="ada",
                refund_id="re_1",
                amount=Money(amount=1050),
                refunded_total=Money(amount=1050),
                fully_refunded=True,
                reason="RETURNED",
            ),
            "on their way back",
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_move_has_its_sentence(told: Told, event: Event, words: str) -> None:
    deliver(record(event))

    assert words in told.messages[0][1]["message"]


def test_nobody_is_told_in_a_replay(told: Told, history: ConversationStore) -> None:
    deliver(record(SHIPPED, replay="again"))

    assert told.messages == []
    assert history.list_all("ada") == []


def test_an_erased_shopper_is_forgotten_and_no_longer_told(told: Told, history: ConversationStore) -> None:
    deliver(record(SHIPPED))

    deliver(record(UserDeleted(user_id="ada", deleted_at=NOON)))

    assert history.list_all("ada") == []
    assert told.closed == ["connection-of-ada"]


def test_an_event_after_the_erasure_is_neither_stored_nor_told(
    told: Told, history: ConversationStore, dynamodb: "DynamoDBClient"
) -> None:
    erase(dynamodb, "ada")

    deliver(record(SHIPPED))

    assert history.list_all("ada") == []
    assert told.messages == []
