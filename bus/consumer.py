"""The consumer of a subscription: rule → queue → this → the handler of the event's class.

It reads and validates each message, enters the context of its event, calls the handler, and
reports the messages that failed, and only those, back to the queue. What cannot be read goes to
quarantine. Handlers run at least once for an event, so they are idempotent: by a conditional write
on their own data, or else by the inbox.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from pydantic import ValidationError

from bus.batch import BatchAnswer, answer_for
from bus.clients import dynamodb
from bus.context import Context, entered
from bus.handling import Delivery, Outcome, name_of_handler
from bus.log import logger
from bus.quarantine import Quarantine
from bus.replay import MEMBER, Replay, held_back
from bus.settings import Settings
from schemas.event import Envelope, Event

E = TypeVar("E", bound=Event)
Handler = Callable[[Envelope[E]], None]
# Subscripted in quotes only: at run time Callable does not see the type variable of a pydantic generic.


__all__ = ["Consumer", "Handler", "Replay", "Subscription", "UnreadableError", "reason_of"]


class UnreadableError(Exception):
    """A message is not an event that this consumer knows; the text says why."""


class ConsumerSettings(Settings):
    """What the stack tells every consumer."""

    quarantine_table: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler and the event it reads.

    Attributes:
        envelope: of the event.
        handler: is called with it.
        effect: what it does outside of the shop that must not happen twice; None where it is safe in a replay.
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
        name: names the consumer in quarantine, inbox and logs.
        quarantine: where unreadable messages go; by default the table of QUARANTINE_TABLE.
    """

    def __init__(self, name: str, quarantine: Quarantine | None = None) -> None:
        self.name = name
        self.subscriptions: dict[tuple[str, str], Subscription] = {}
        self._given_quarantine = quarantine

    def on(
        self, event: type[E], replay: Replay = Replay.SAFE, effect: str | None = None
    ) -> "Callable[[Handler[E]], Handler[E]]":
        """Register the decorated function as the handler of an event class.

        Parameters:
            event: the class.
            replay: DENY where the handler does something outside that must not happen twice.
            effect: the name by which a replay may allow it all the same; by default the consumer's.

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

    def __call__(self, batch: dict[str, Any], _context: object) -> BatchAnswer:
        """Consume a batch from the queue (the Lambda entry)."""
        return answer_for(batch, self._consumed)

    def handle(self, body: str) -> Outcome:
        """Handle one message, here and now, with nothing caught: for whoever looks for what is wrong.

        Raises UnreadableError for what this consumer cannot read, and whatever the handler raises.
        """
        subscription, envelope, replay_name = self._read(body)
        with entered(_cause(envelope, replay_name)):
            return _handle(subscription, envelope)

    def _consumed(self, record: dict[str, Any]) -> bool:
        delivery = Delivery.of(record)
        try:
            subscription, envelope, replay_name = self._read(record["body"])
        except UnreadableError as error:
            return self._quarantined(record, str(error), delivery)
        event_id = envelope.metadata.event_id
        replayed = {"replay": replay_name} if replay_name else {}
        handler = name_of_handler(subscription.handler)
        with entered(_cause(envelope, replay_name)):
            try:
                outcome = _handle(subscription, envelope)
            except Exception:  # noqa: BLE001 - whatever went wrong, this message alone comes again
                delivery.note(Outcome.FAILED, handler, event_id, **replayed)
                return False
            delivery.note(outcome, handler, event_id, **replayed)
        return True

    def _read(self, body: str) -> tuple[Subscription, Envelope[Event], str | None]:
        try:
            message = json.loads(body)
            key = (message["source"], message["detail-type"])
            detail = message["detail"]
            subscription = self.subscriptions.get(key)
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise UnreadableError(f"not an EventBridge event: {error!r}") from None
        if subscription is None:
            raise UnreadableError(f"{self.name} does not handle {key[1]} of {key[0]}")
        try:
            return subscription, subscription.envelope.read(detail), message.get(MEMBER)
        except ValidationError as error:
            raise UnreadableError(reason_of(error)) from None

    def _quarantined(self, record: dict[str, Any], reason: str, delivery: Delivery) -> bool:
        try:
            self._quarantine.put(consumer=self.name, body=record["body"], reason=reason)
        except Exception:  # noqa: BLE001 - not lost: it stays in the queue until the table answers
            logger.exception("quarantine does not answer; the queue will deliver the message again")
            return False
        correlation_id, event_id = ids_in(record["body"])
        delivery.note(Outcome.QUARANTINED, self.name, event_id, correlation_id=correlation_id, reason=reason)
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
    if subscription.effect and held_back(subscription.effect):
        return Outcome.HELD_BACK
    subscription.handler(envelope)
    return Outcome.HANDLED


def reason_of(error: ValidationError) -> str:
    """Return each fault of a validation error as ``path: what is wrong``, without the values.

    Values may be personal data; they stay in the quarantined body.
    """
    faults = error.errors(include_input=False, include_url=False)
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)


def ids_in(body: str) -> tuple[str | None, str | None]:
    """Return the correlation id and the event id that an unreadable message has all the same."""
    try:
        metadata = json.loads(body)["detail"]["metadata"]
        return metadata.get("correlationId"), metadata.get("eventId")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None, None
