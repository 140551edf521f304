"""A consumer reads openly, quarantines what it cannot read, and lets only the messages that failed come again."""

import json
from typing import Any

import pytest

from bus import consumer as consumer_module
from bus.consumer import Consumer, RejectedEventError, Replay, validation_summary
from bus.context import Context, current
from bus.outbox import envelope_for
from schemas.cart import CartAbandoned
from schemas.contract import Line, Money
from schemas.event import Envelope, Metadata
from schemas.identity import UserDeleted
from schemas.orders import OrderDelivered, OrderShipped
from tests.unit.bus.messages import batch, detail_of, failed, message_of

DELIVERED = OrderDelivered(order_id="order-1", user_id="ada", delivered_at="2030-01-01T00:00:00Z")
ABANDONED = CartAbandoned(
    user_id="ada",
    lines=[Line(product_id="mug", name="Mug", quantity=1, unit_price=Money(amount=1299))],
    subtotal=Money(amount=1299),
    last_touched_at="2030-01-01T00:00:00Z",
)


class Kept:
    """A quarantine that remembers, or does not answer."""

    def __init__(self) -> None:
        self.puts: list[dict[str, str]] = []
        self.down = False

    def put(self, **message: str) -> None:
        if self.down:
            raise ConnectionError
        self.puts.append(message)


class Handled:
    """What a handler saw, and in which context; it fails for the orders that it is told to fail for."""

    def __init__(self) -> None:
        self.events: list[Envelope[OrderDelivered]] = []
        self.contexts: list[Context] = []
        self.raised: list[Metadata] = []
        self.failing: set[str] = set()

    def __call__(self, event: Envelope[OrderDelivered]) -> None:
        self.events.append(event)
        self.contexts.append(current())
        self.raised.append(envelope_for(DELIVERED, sequence=2).metadata)
        if event.data.order_id in self.failing:
            raise RuntimeError("the store does not answer")


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def handled() -> Handled:
    return Handled()


@pytest.fixture
def consumer(kept: Kept, handled: Handled) -> Consumer:
    consumer = Consumer("chat", kept)  # type: ignore[arg-type]
    consumer.on(OrderDelivered)(handled)
    return consumer


def test_an_event_reaches_the_handler_of_its_class(consumer: Consumer, handled: Handled, kept: Kept) -> None:
    answer = consumer(batch(message_of(DELIVERED)), None)

    assert failed(answer) == []
    assert [event.data for event in handled.events] == [DELIVERED]
    assert kept.puts == []


def test_the_handler_runs_in_the_request_and_because_of_the_event(consumer: Consumer, handled: Handled) -> None:
    context = Context(correlation_id="the-request", causation_id="what-came-before", traceparent="00-a-b-01")
    detail = detail_of(DELIVERED, context=context)

    consumer(batch(message_of(DELIVERED, detail)), None)

    (seen,) = handled.contexts
    assert seen == Context(
        correlation_id="the-request", causation_id=detail["metadata"]["eventId"], traceparent="00-a-b-01"
    )


def test_what_the_handler_raises_is_caused_by_the_event(consumer: Consumer, handled: Handled) -> None:
    detail = detail_of(DELIVERED)

    consumer(batch(message_of(DELIVERED, detail)), None)

    (metadata,) = handled.raised
    assert metadata.causation_id == detail["metadata"]["eventId"]
    assert metadata.correlation_id == "the-request"
    assert metadata.event_id != detail["metadata"]["eventId"]


def test_the_context_ends_with_the_message_even_where_it_failed(consumer: Consumer, handled: Handled) -> None:
    handled.failing = {"order-1"}

    consumer(batch(message_of(DELIVERED)), None)

    with pytest.raises(LookupError):
        current()


def test_only_the_messages_that_failed_come_again(consumer: Consumer, handled: Handled) -> None:
    handled.failing = {"order-2"}
    orders = [DELIVERED.model_copy(update={"order_id": f"order-{number}"}) for number in (1, 2, 3)]

    answer = consumer(batch(*map(message_of, orders)), None)

    assert failed(answer) == ["m1"]
    assert [event.data.order_id for event in handled.events] == ["order-1", "order-2", "order-3"]


def test_a_field_that_the_reader_does_not_know_is_ignored_wherever_it_is(consumer: Consumer, handled: Handled) -> None:
    detail = detail_of(DELIVERED)
    for part in (detail, detail["metadata"], detail["data"]):
        part["addedLater"] = {"by": "the publisher"}

    answer = consumer(batch(message_of(DELIVERED, detail)), None)

    assert failed(answer) == []
    assert [event.data for event in handled.events] == [DELIVERED]


def test_an_event_that_is_not_valid_goes_to_quarantine_with_the_path_and_without_its_values(
    consumer: Consumer, handled: Handled, kept: Kept
) -> None:
    detail = detail_of(DELIVERED)
    detail["data"] |= {"deliveredAt": "ada@example.com", "orderId": ""}
    del detail["metadata"]["correlationId"]

    answer = consumer(batch(message_of(DELIVERED, detail)), None)

    assert failed(answer) == []
    assert handled.events == []
    (put,) = kept.puts
    assert put["consumer"] == "chat"
    assert json.loads(put["body"])["detail"] == detail
    for path in ("data.deliveredAt: ", "data.orderId: ", "metadata.correlationId: "):
        assert path in put["reason"]
    assert "example.com" not in put["reason"]


def test_a_fault_deep_inside_is_named_by_its_whole_path(kept: Kept) -> None:
    consumer = Consumer("notifications", kept)  # type: ignore[arg-type]
    consumer.on(CartAbandoned)(lambda _: None)
    detail = detail_of(ABANDONED)
    detail["data"]["lines"][0]["unitPrice"]["amount"] = 12.99

    consumer(batch(message_of(ABANDONED, detail)), None)

    (put,) = kept.puts
    assert put["reason"].startswith("data.lines.0.unitPrice.amount: ")
    assert "12.99" not in put["reason"]


def test_the_quarantined_message_does_not_hold_up_the_others(consumer: Consumer, handled: Handled, kept: Kept) -> None:
    answer = consumer(batch("{", message_of(DELIVERED)), None)

    assert failed(answer) == []
    assert len(handled.events) == len(kept.puts) == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "3",
        "null",
        '"text"',
        "{}",
        '{"source": "ecom67.orders", "detail-type": "OrderDelivered"}',
        '{"source": ["ecom67.orders"], "detail-type": {}, "detail": {}}',
        '{"source": "ecom67.orders", "detail-type": "OrderDelivered", "detail": ' + "[" * 100_000 + "]" * 100_000 + "}",
    ],
    ids=["nothing", "cut off", "list", "number", "null", "text", "empty", "no detail", "no names", "too deep"],
)
def test_what_is_no_event_goes_to_quarantine(consumer: Consumer, kept: Kept, body: str) -> None:
    answer = consumer(batch(body), None)

    assert failed(answer) == []
    assert "not an EventBridge event" in kept.puts[0]["reason"]
    assert kept.puts[0]["body"] == body


@pytest.mark.parametrize("detail", ["text", 3, [], {}, {"metadata": None, "data": []}])
def test_a_detail_of_another_shape_goes_to_quarantine(consumer: Consumer, kept: Kept, detail: Any) -> None:
    assert failed(consumer(batch(message_of(DELIVERED, detail)), None)) == []
    assert len(kept.puts) == 1


NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("sequence", "reason"),
    [
        (10**40, "metadata.sequence: Input should be less than or equal to 9007199254740991"),
        (2**53 - 1, "metadata.sequence: no aggregate has had 9007199254740991 changes yet"),
        (int(NOW * 1000) + 60_001, "metadata.sequence: no aggregate has had 1800000060001 changes yet"),
    ],
)
def test_a_sequence_that_no_aggregate_can_have_goes_to_quarantine(
    kept: Kept, handled: Handled, sequence: int, reason: str
) -> None:
    consumer = Consumer("chat", kept, now=lambda: NOW)  # type: ignore[arg-type]
    consumer.on(OrderDelivered)(handled)

    detail = detail_of(DELIVERED)
    detail["metadata"]["sequence"] = sequence

    assert failed(consumer(batch(message_of(DELIVERED, detail)), None)) == []

    assert handled.events == []
    assert [put["reason"] for put in kept.puts] == [reason]


def test_a_sequence_of_the_clock_is_accepted(kept: Kept, handled: Handled) -> None:
    consumer = Consumer("chat", kept, now=lambda: NOW)  # type: ignore[arg-type]
    consumer.on(OrderDelivered)(handled)

    consumer(batch(message_of(DELIVERED, detail_of(DELIVERED, int(NOW * 1000) + 60_000))), None)

    assert kept.puts == []
    assert len(handled.events) == 1


def test_an_event_of_a_class_that_it_does_not_handle_goes_to_quarantine(consumer: Consumer, kept: Kept) -> None:
    shipped = OrderShipped(
        order_id="1", user_id="ada", carrier="DHL", tracking_number="1", shipped_at="2030-01-01T00:00:00Z"
    )
    foreign = {**message_of(DELIVERED), "source": "somebody.else"}

    answer = consumer(batch(message_of(shipped), foreign), None)

    assert failed(answer) == []
    assert [put["reason"] for put in kept.puts] == [
        "chat does not handle OrderShipped of ecom67.orders",
        "chat does not handle OrderDelivered of somebody.else",
    ]


def test_a_message_stays_in_the_queue_while_quarantine_is_down(
    consumer: Consumer, handled: Handled, kept: Kept
) -> None:
    kept.down = True

    answer = consumer(batch("{", message_of(DELIVERED)), None)

    assert failed(answer) == ["m0"]
    assert len(handled.events) == 1


def test_an_event_that_its_handler_rejects_goes_to_quarantine_with_the_reason(kept: Kept, handled: Handled) -> None:
    consumer = Consumer("chat", kept)  # type: ignore[arg-type]

    @consumer.on(OrderDelivered)
    def handle(event: Envelope[OrderDelivered]) -> None:
        if event.data.order_id == "order-1":
            raise RejectedEventError("there is no order-1")
        handled(event)

    rejected, other = message_of(DELIVERED), message_of(DELIVERED.model_copy(update={"order_id": "order-2"}))
    answer = consumer(batch(rejected, other), None)

    assert failed(answer) == []
    assert kept.puts == [{"consumer": "chat", "body": json.dumps(rejected), "reason": "there is no order-1"}]
    assert [event.data.order_id for event in handled.events] == ["order-2"]


def test_a_rejected_event_stays_in_the_queue_while_quarantine_is_down(consumer: Consumer, kept: Kept) -> None:
    @consumer.on(UserDeleted)
    def reject(_: Envelope[UserDeleted]) -> None:
        raise RejectedEventError("there is no such user")

    kept.down = True
    deleted = UserDeleted(user_id="ada", deleted_at="2030-01-01T00:00:00Z")

    assert failed(consumer(batch(message_of(deleted)), None)) == ["m0"]


def test_a_handler_that_does_something_outside_is_held_back_in_a_replay(kept: Kept) -> None:
    mails: list[str] = []
    consumer = Consumer("notifications", kept)  # type: ignore[arg-type]
    consumer.on(OrderDelivered, replay=Replay.DENY)(lambda event: mails.append(event.data.order_id))

    replayed = message_of(DELIVERED, **{"replay-name": "the-replay"})
    answer = consumer(batch(replayed, message_of(DELIVERED)), None)

    assert failed(answer) == []
    assert mails == ["order-1"]
    assert kept.puts == []


def test_a_handler_that_is_safe_runs_in_a_replay_and_is_told_of_it(consumer: Consumer, handled: Handled) -> None:
    consumer(batch(message_of(DELIVERED, **{"replay-name": "the-replay"})), None)

    assert [context.replay_name for context in handled.contexts] == ["the-replay"]


def test_a_class_has_one_handler(consumer: Consumer) -> None:
    with pytest.raises(ValueError, match="chat handles OrderDelivered already"):
        consumer.on(OrderDelivered)


def test_a_consumer_has_a_handler_for_each_of_several_classes(consumer: Consumer, handled: Handled) -> None:
    forgotten: list[str] = []
    deleted = UserDeleted(user_id="ada", deleted_at="2030-01-01T00:00:00Z")

    @consumer.on(UserDeleted)
    def forget(event: Envelope[UserDeleted]) -> None:
        forgotten.append(event.data.user_id)

    consumer(batch(message_of(deleted), message_of(DELIVERED)), None)

    assert forgotten == ["ada"]
    assert len(handled.events) == 1


def test_the_quarantine_table_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    items: list[dict[str, Any]] = []

    class Table:
        def put_item(self, **request: Any) -> None:
            items.append(request)

    monkeypatch.setenv("QUARANTINE_TABLE", "the-quarantine")
    monkeypatch.setattr(consumer_module, "dynamodb", Table)

    Consumer("chat")(batch("{"), None)

    assert [item["TableName"] for item in items] == ["the-quarantine"]


def test_a_reason_lists_every_fault() -> None:
    with pytest.raises(ValueError, match="validation error") as caught:
        OrderDelivered.model_validate({"orderId": 5, "email": "ada@example.com"})

    reason = validation_summary(caught.value)  # type: ignore[arg-type]

    assert reason.count("; ") == 3
    assert "ada@example.com" not in reason
