"""A replay's name tells which effects outside of the shop it may have; all others are held back."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from bus.consumer import Consumer, Replay, UnreadableMessageError
from bus.context import Context, use_context
from bus.delivery_log import Outcome
from bus.replay_guard import allowed_effects, is_suppressed, replay_name_of
from schemas.orders import OrderDelivered
from tests.unit.bus.messages import batch, message_of

DELIVERED = OrderDelivered(order_id="order-1", user_id="ada", delivered_at="2030-01-01T00:00:00Z")


@pytest.mark.parametrize("allowed", [[], ["email"], ["refund", "email", "email"]])
def test_what_is_allowed_is_in_the_name(allowed: list[str]) -> None:
    name = replay_name_of("20300101T120000-3f2a", allowed)

    assert allowed_effects(name) == set(allowed)
    assert re.fullmatch(r"[\.\-_A-Za-z0-9]{1,64}", name), "EventBridge takes no other names"


@pytest.mark.parametrize("name", ["by-hand", "email", "x.email", "", "allow-email"])
def test_a_name_that_somebody_chose_by_hand_allows_nothing(name: str) -> None:
    assert allowed_effects(name) == set()


@pytest.mark.parametrize(
    ("replay", "held"), [(None, False), ("r", True), ("r.allow-email", False), ("r.allow-refund", True)]
)
def test_an_effect_is_held_back_in_a_replay_that_does_not_allow_it(replay: str | None, held: bool) -> None:
    with use_context(Context(correlation_id="c", replay_name=replay)):
        assert is_suppressed("email") is held


def test_outside_of_any_request_nobody_can_say() -> None:
    with pytest.raises(LookupError):
        is_suppressed("email")


def test_a_denied_handler_runs_in_a_replay_that_allows_its_effect() -> None:
    mails: list[str] = []
    consumer = Consumer("notifications")
    consumer.on(OrderDelivered, Replay.DENY, effect="email")(lambda event: mails.append(event.data.order_id))

    for name in ("r", "r.allow-refund", "r.allow-email"):
        consumer(batch(message_of(DELIVERED, **{"replay-name": name})), None)

    assert mails == ["order-1"]


def test_an_effect_without_a_name_goes_by_its_consumers() -> None:
    consumer = Consumer("chat")
    consumer.on(OrderDelivered, Replay.DENY)(lambda _: None)

    (subscription,) = consumer.subscriptions.values()
    assert subscription.effect == "chat"


def test_each_delivery_is_one_line_in_the_log(logged: Callable[[], list[dict[str, Any]]]) -> None:
    consumer = Consumer("chat")

    @consumer.on(OrderDelivered)
    def tell(_: object) -> None:
        raise RuntimeError("nobody listens")

    message = message_of(DELIVERED, **{"replay-name": "r"})
    record = batch(message)["Records"][0] | {
        "attributes": {"ApproximateReceiveCount": "3"},
        "messageAttributes": {"sent-again": {"stringValue": "redriven", "dataType": "String"}},
    }
    consumer({"Records": [record]}, None)

    (line,) = logged()
    assert (line["outcome"], line["handler"], line["attempt"]) == ("FAILED", "tell", 3)
    assert (line["replay"], line["sent_again"]) == ("r", "redriven")
    assert (line["event_id"], line["correlation_id"]) == (message["detail"]["metadata"]["eventId"], "the-request")
    assert line["exception"].endswith("RuntimeError: nobody listens")


def test_what_is_quarantined_is_logged_with_the_ids_that_can_be_read(
    logged: Callable[[], list[dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    consumer = Consumer("chat")
    monkeypatch.setattr(Consumer, "_quarantine", Kept())
    message = message_of(DELIVERED)

    consumer(batch("{", message), None)

    unreadable, unknown = logged()
    assert unreadable["outcome"] == unknown["outcome"] == "QUARANTINED"
    assert "event_id" not in unreadable
    assert (unknown["event_id"], unknown["correlation_id"]) == (
        message["detail"]["metadata"]["eventId"],
        "the-request",
    )


def test_whoever_looks_for_what_is_wrong_gets_the_exception_itself() -> None:
    consumer = Consumer("chat")

    @consumer.on(OrderDelivered)
    def tell(event: Any) -> None:
        if event.data.order_id == "order-1":
            raise RuntimeError("nobody listens")

    other = DELIVERED.model_copy(update={"order_id": "order-2"})
    assert consumer.handle(json.dumps(message_of(other))) is Outcome.HANDLED
    with pytest.raises(RuntimeError, match="nobody listens"):
        consumer.handle(json.dumps(message_of(DELIVERED)))
    with pytest.raises(UnreadableMessageError):
        consumer.handle("{")


class Kept:
    """A quarantine that takes everything."""

    def put(self, **_: str) -> None:
        """Take a message."""
