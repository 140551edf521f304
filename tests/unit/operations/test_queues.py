"""Dead letters are looked at without their content, and sent to their consumer again."""

import pytest

from schemas.orders import OrderDelivered
from services.operations.queues import Redriven, UnknownQueueError
from tests.unit.bus.messages import message_of
from tests.unit.operations.conftest import NOW, Operations

DELIVERED = OrderDelivered(order_id="order-1", user_id="ada", delivered_at=NOW)
COMMAND = {"context": {"correlationId": "r", "causationId": "cause"}, "input": {"orderId": "order-2", "line1": "Road"}}


def test_dead_letters_are_shown_by_ids_and_stay_where_they_are(operations: Operations) -> None:
    operations.put("cart-events-dlq", message_of(DELIVERED), COMMAND, "{ no JSON")

    letters = operations.queues.peek("cart-events-dlq", 20)

    shown = {letter.message_type: (letter.order_id, letter.correlation_id) for letter in letters}
    assert shown == {
        "OrderDelivered": ("order-1", "the-request"),
        "command": ("order-2", "r"),
        "unreadable": (None, None),
    }
    assert "Road" not in repr(letters)
    assert operations.queues.counts() == {"cart-events-dlq": 3, "payment-events-dlq": 0}
    assert len(operations.queues.peek("cart-events-dlq", 20)) == 3


def test_all_dead_letters_of_a_queue_go_to_its_consumer_marked_as_sent_again(operations: Operations) -> None:
    operations.put("cart-events-dlq", *[message_of(DELIVERED)] * 12)

    assert operations.queues.redrive("cart-events-dlq", seconds=5) == Redriven(sent=12, left=0)

    assert operations.queues.counts()["cart-events-dlq"] == 0
    again = operations.received("cart-events")
    assert len(again) == 10
    assert again[0]["MessageAttributes"]["sent-again"]["StringValue"] == "redriven"


def test_an_empty_queue_is_redriven_by_doing_nothing(operations: Operations) -> None:
    assert operations.queues.redrive("cart-events-dlq", seconds=5) == Redriven(sent=0, left=0)


def test_only_queues_of_dead_letters_are_redriven(operations: Operations) -> None:
    with pytest.raises(UnknownQueueError):
        operations.queues.redrive("cart-events", seconds=5)
