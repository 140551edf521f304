"""The consumer of a subscription: rule → queue → this → the handler of the event's class.

It reads and validates each message, enters the context of its event, calls the handler, and
reports the messages that failed, and only those, back to the queue. What cannot be read goes to
quarantine. Handlers run at least once for an event, so they are idempotent: by a conditional write
on their own data, or else by the inbox.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, TypeVar

from pydantic import ValidationError

from bus.batch import BatchAnswer, answer_for
from bus.clients import dynamodb
from bus.context import Context, entered
from bus.log import logger
from bus.quarantine import Quarantine
from bus.settings import Settings
from schemas.event import Envelope, Event

E = TypeVar("E", bound=Event)
Handler = Callable[[Envelope[E]], None]
# Subscripted in quotes only: at run time Callable does not see the type variable of a pydantic generic.


class Replay(Enum):
    """Whether a handler may run for an event that is replayed."""

    SAFE = "safe"
    DENY = "deny"


class UnreadableError(Exception):
    """A message is not an event that this consumer knows; the text says why."""


class ConsumerSettings(Settings):
    """What the stack tells every consumer."""

    quarantine_table: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """A handler, the event it reads, and what it does in a replay."""

    envelope: type[Envelope[Any]]
    handler: Callable[[Any], None]
    replay: Replay


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

    def on(self, event: type[E], replay: Replay = Replay.SAFE) -> "Callable[[Handler[E]], Handler[E]]":
        """Register the decorated function as the handler of an event class.

        Parameters:
            event: the class.
            replay: DENY where the handler does something outside that must not happen twice.

        Raises ValueError where the class has a handler already.
        """
        key = (event.source(), event.detail_type())
        if key in self.subscriptions:
            raise ValueError(f"{self.name} handles {event.detail_type()} already")

        def register(handler: "Handler[E]") -> "Handler[E]":
            self.subscriptions[key] = Subscription(envelope=Envelope[event], handler=handler, replay=replay)  # type: ignore[valid-type]
            return handler

        return register

    def __call__(self, batch: dict[str, Any], _context: object) -> BatchAnswer:
        """Consume a batch from the queue (the Lambda entry)."""
        return answer_for(batch, self._consumed)

    def _consumed(self, record: dict[str, Any]) -> bool:
        try:
            subscription, envelope, replay_name = self._read(record["body"])
        except UnreadableError as error:
            return self._quarantined(record, str(error))
        metadata = envelope.metadata
        cause = Context(
            correlation_id=metadata.correlation_id,
            causation_id=metadata.event_id,
            traceparent=metadata.traceparent,
            replay_name=replay_name,
        )
        with entered(cause):
            if replay_name and subscription.replay is Replay.DENY:
                logger.info("held back in a replay", replay=replay_name, event_id=metadata.event_id)
                return True
            try:
                subscription.handler(envelope)
            except Exception:  # noqa: BLE001 - whatever went wrong, this message alone comes again
                logger.exception("event not handled; the queue will deliver it again", event_id=metadata.event_id)
                return False
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
            return subscription, subscription.envelope.read(detail), message.get("replay-name")
        except ValidationError as error:
            raise UnreadableError(reason_of(error)) from None

    def _quarantined(self, record: dict[str, Any], reason: str) -> bool:
        logger.warning("event quarantined", reason=reason, message_id=record["messageId"])
        try:
            self._quarantine.put(consumer=self.name, message_id=record["messageId"], body=record["body"], reason=reason)
        except Exception:  # noqa: BLE001 - not lost: it stays in the queue until the table answers
            logger.exception("quarantine does not answer; the queue will deliver the message again")
            return False
        return True

    @cached_property
    def _quarantine(self) -> Quarantine:
        return self._given_quarantine or Quarantine(dynamodb(), ConsumerSettings.load().quarantine_table)


def reason_of(error: ValidationError) -> str:
    """Return each fault of a validation error as ``path: what is wrong``, without the values.

    Values may be personal data; they stay in the quarantined body.
    """
    faults = error.errors(include_input=False, include_url=False)
    return "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in faults)
