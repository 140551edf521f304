"""The consumer of a subscription: rule → queue → consumer → the handler of the event's class.

It validates each message, sets the context of its event, calls the handler, and reports the messages
that failed, and only those, to the queue. An invalid message goes to quarantine, and so does an event that a handler
rejects. Delivery is at least once, so handlers are idempotent: by a conditional write on their own data, or else by the
inbox.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from pydantic import ValidationError

from bus.batch import BatchResponse, partial_batch_response
from bus.clients import dynamodb
from bus.context import Context, use_context
from bus.delivery_log import Delivery, Outcome, handler_name
from bus.log import logger
from bus.quarantine import Quarantine
from bus.replay_guard import REPLAY_NAME_FIELD, Replay, is_suppressed
from bus.settings import Settings
from schemas.event import Envelope, Event
from schemas.sequence import is_ahead_of_clock

E = TypeVar("E", bound=Event)
Handler = Callable[[Envelope[E]], None]
# Subscripted in quotes only: at run time Callable does not see the type variable of a pydantic generic.


__all__ = [
    "Consumer",
    "Handler",
    "RejectedEventError",
    "Replay",
    "Subscription",
    "UnreadableMessageError",
    "validation_summary",
]


class UnreadableMessageError(Exception):
    """A message is not an event that this consumer subscribes to; the text says why."""


class RejectedEventError(Exception):
    """An event is valid and contradicts what the consuming service knows; the text says in what.

    A handler raises it before it has changed anything. The event goes to quarantine with the text, which therefore has
    no personal data: to deliver it again would change nothing.
    """


class ConsumerSettings(Settings):
    """The environment of a consumer's function."""

    quarantine_table: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler and the event that it handles.

    Attributes:
        envelope: of the event.
        handler: is called with it.
        effect: its side effect outside of the shop, which a replay suppresses; None where a replay is safe.
    """

    envelope: type[Envelope[Any]]
    handler: Callable[[Any], None]
    effect: str | None


class Consumer:
    """One consumer: the Lambda handler of one queue.

    Example::

        consumer = Consumer("cart")

        @consumer.on(OrderPlaced)
        def forget_bought_lines(event: Envelope[OrderPlaced]) -> None: ...

    Parameters:
        name: of the consumer in quarantine, inbox and logs.
        quarantine: stores invalid messages; by default in the table of QUARANTINE_TABLE.
        now: returns the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, name: str, quarantine: Quarantine | None = None, now: Callable[[], float] = time.time) -> None:
        self.name = name
        self.subscriptions: dict[tuple[str, str], Subscription] = {}
        self._given_quarantine = quarantine
        self._now = now

    def on(
        self, event: type[E], replay: Replay = Replay.SAFE, effect: str | None = None
    ) -> "Callable[[Handler[E]], Handler[E]]":
        """Register the decorated function as the handler of an event class.

        Parameters:
            event: the class.
            replay: DENY where the handler has a side effect outside of the shop that must not happen twice.
            effect: the name by which a replay may allow that side effect; by default the consumer's.

        Raises ValueError where the class has a handler already.
        """
        key = (event.source(), event.detail_type())
        if key in self.subscriptions:
            raise ValueError(f"{self.name} handles {event.detail_type()} already")

        def register(handler: "Handler[E]") -> "Handler[E]":
            named = (effect or self.name) if replay is Replay.DENY else None
            self.subscriptions[key] = Subscription(envelope=Envelope[event], handler=handler, effect=named)  # type: ignore[valid-type]
            return handler

        return register

    def __call__(self, batch: dict[str, Any], _context: object) -> BatchResponse:
        """Handle a batch of the queue (the Lambda handler)."""
        return partial_batch_response(batch, self._consume)

    def handle(self, body: str) -> Outcome:
        """Handle one message and catch nothing, as a debugger wants it.

        Raises UnreadableMessageError for an invalid message, and whatever the handler raises, such as
        RejectedEventError.
        """
        subscription, envelope, replay_name = self._read(body)
        with use_context(_cause(envelope, replay_name)):
            return _handle(subscription, envelope)

    def _consume(self, record: dict[str, Any]) -> bool:
        delivery = Delivery.of(record)
        try:
            subscription, envelope, replay_name = self._read(record["body"])
        except UnreadableMessageError as error:
            return self._store_in_quarantine(record, str(error), delivery)
        event_id = envelope.metadata.event_id
        replayed = {"replay": replay_name} if replay_name else {}
        handler = handler_name(subscription.handler)
        with use_context(_cause(envelope, replay_name)):
            try:
                outcome = _handle(subscription, envelope)
            except RejectedEventError as error:
                return self._store_in_quarantine(record, str(error), delivery, handler)
            except Exception:  # noqa: BLE001 - whatever failed, only this message is delivered again
                delivery.log(Outcome.FAILED, handler, event_id, **replayed)
                return False
            delivery.log(outcome, handler, event_id, **replayed)
        return True

    def _read(self, body: str) -> tuple[Subscription, Envelope[Event], str | None]:
        try:
            message = json.loads(body)
            key = (message["source"], message["detail-type"])
            detail = message["detail"]
            subscription = self.subscriptions.get(key)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise UnreadableMessageError(f"not an EventBridge event: {error!r}") from None
        if subscription is None:
            raise UnreadableMessageError(f"{self.name} does not handle {key[1]} of {key[0]}")
        try:
            envelope = subscription.envelope.read(detail)
        except ValidationError as error:
            raise UnreadableMessageError(validation_summary(error)) from None
        sequence = envelope.metadata.sequence
        if is_ahead_of_clock(sequence, int(self._now() * 1000)):
            raise UnreadableMessageError(f"metadata.sequence: no aggregate has had {sequence} changes yet")
        return subscription, envelope, message.get(REPLAY_NAME_FIELD)

    def _store_in_quarantine(
        self, record: dict[str, Any], reason: str, delivery: Delivery, handler: str | None = None
    ) -> bool:
        try:
            self._quarantine.put(consumer=self.name, body=record["body"], reason=reason)
        except Exception:  # noqa: BLE001 - not lost: the message stays in the queue until the table answers
            logger.exception("quarantine does not answer; the queue will deliver the message again")
            return False
        correlation_id, event_id = ids_of(record["body"])
        delivery.log(Outcome.QUARANTINED, handler or self.name, event_id, correlation_id=correlation_id, reason=reason)
        return True

    @cached_property
    def _quarantine(self) -> Quarantine:
        return self._given_quarantine or Quarantine(dynamodb(), ConsumerSettings.load().quarantine_table)


def _cause(envelope: Envelope[Event], replay_name: str | None) -> Context:
    metadata = envelope.metadata
    return Context(
        correlation_id=metadata.correlation_id,
        causation_id=metadata.event_id,
        traceparent=metadata.traceparent,
        replay_name=replay_name,
    )


def _handle(subscription: Subscription, envelope: Envelope[Event]) -> Outcome:
    if subscription.effect and is_suppressed(subscription.effect):
        return Outcome.SUPPRESSED
    subscription.handler(envelope)
    return Outcome.HANDLED


def validation_summary(error: ValidationError) -> str:
    """Return the violations of a validation error, each as ``path: message``, without the values.

    Values may be personal data; they stay in the quarantined body.
    """
    violations = error.errors(include_input=False, include_url=False)
    return "; ".join(f"{'.'.join(map(str, found['loc']))}: {found['msg']}" for found in violations)


def ids_of(body: str) -> tuple[str | None, str | None]:
    """Return the correlation id and the event id of an invalid message, as far as it has them."""
    try:
        metadata = json.loads(body)["detail"]["metadata"]
        return metadata.get("correlationId"), metadata.get("eventId")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None, None
