"""Subscribed events become announcements, with the context that caused them."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bus.command import Command
from bus.context import Context, use_context
from bus.outbox import envelope_for, outbox_entry
from schemas.checkout import CheckoutFailed
from schemas.event import Event
from services.notifications import events as subscriptions
from services.notifications.domain import Email
from services.notifications.email_topic import EmailTopic
from tests.unit.notifications.conftest import email_of

Events = Callable[..., list[Event]]
CAUSE = Context(correlation_id="the-request", causation_id="the-payment", traceparent="00-trace")


class Announcements:
    """An SNS client that keeps what is published, or fails."""

    def __init__(self) -> None:
        self.published: list[dict[str, Any]] = []
        self.fault: Exception | None = None

    def publish(self, **request: Any) -> None:
        if self.fault:
            raise self.fault
        self.published.append(request)


@pytest.fixture
def announcements(monkeypatch: pytest.MonkeyPatch) -> Announcements:
    sns = Announcements()
    monkeypatch.setattr(subscriptions, "email_topic", lambda: EmailTopic(sns, "the-topic"))  # type: ignore[arg-type]
    return sns


def delivered(event: Event, replay_name: str | None = None) -> tuple[str, dict[str, Any]]:
    """Return the id of an event, and the batch in which its queue delivers it."""
    with use_context(CAUSE):
        put = outbox_entry(envelope_for(event, 1))
    message = {"source": put.source, "detail-type": put.detail_type, "detail": json.loads(put.detail)}
    body = json.dumps({**message, "replay-name": replay_name} if replay_name else message)
    return put.event_id, {"Records": [{"messageId": "m-1", "body": body}]}


@pytest.mark.parametrize("kind", range(10))
def test_an_event_is_announced_with_itself_as_the_cause(
    events: Events, announcements: Announcements, kind: int
) -> None:
    event = events()[kind]
    event_id, batch = delivered(event)

    assert subscriptions.consumer(batch, None) == {"batchItemFailures": []}

    (published,) = announcements.published
    message = Command[Email].model_validate_json(published["Message"])
    assert message.input == email_of(event)
    assert message.context == Context(
        correlation_id="the-request", causation_id=event_id, traceparent="00-trace", replay_name=None
    )
    assert published["TopicArn"] == "the-topic"
    assert published["MessageAttributes"]["template"]["StringValue"] == message.input.template


@pytest.mark.parametrize("kind", range(10))
def test_a_replayed_event_is_not_announced(events: Events, announcements: Announcements, kind: int) -> None:
    _, batch = delivered(events()[kind], replay_name="repair-of-march")

    assert subscriptions.consumer(batch, None) == {"batchItemFailures": []}
    assert announcements.published == []


def test_a_failed_checkout_that_the_page_has_told_of_is_not_announced(announcements: Announcements) -> None:
    _, batch = delivered(
        CheckoutFailed(order_id="o", user_id="ada", reason="DECLINED", message="Your card has expired.")
    )

    assert subscriptions.consumer(batch, None) == {"batchItemFailures": []}
    assert announcements.published == []


def test_an_event_comes_again_while_the_topic_does_not_answer(events: Events, announcements: Announcements) -> None:
    announcements.fault = ConnectionError("no answer")
    _, batch = delivered(events()[0])

    assert subscriptions.consumer(batch, None) == {"batchItemFailures": [{"itemIdentifier": "m-1"}]}
