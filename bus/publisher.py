"""Publishes entries on the bus within the limits of PutEvents, and returns those that the bus rejected."""

import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from bus.outbox import OutboxEntry

if TYPE_CHECKING:
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_events.type_defs import PutEventsRequestEntryTypeDef, PutEventsResultEntryTypeDef

MAX_ENTRIES = 10
"""Entries a PutEvents call takes; source: EventBridge's API reference."""
MAX_BYTES = 256 * 1024
"""Bytes a call takes. EventBridge takes more by now in some regions; this holds in all of them."""
TRANSIENT = frozenset({"ThrottlingException", "InternalFailure", "InternalException", "ServiceUnavailable"})
"""Codes of a rejected entry that is worth another attempt; any other one will be rejected again."""
INVALID_ENTRIES = frozenset({"ValidationException", "SerializationException"})
"""Codes of a call that failed because of its entries. Any other one, such as a role without permission, says nothing
of the entries and passes once it is repaired."""
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class RejectedEntry:
    """An entry that the bus rejected, why, and whether a later attempt may succeed."""

    entry: OutboxEntry
    reason: str
    transient: bool


class Publisher:
    """Publishes outbox entries on one bus.

    Parameters:
        events: the EventBridge client.
        bus_name: name or ARN of the bus.
        pause: waits that many seconds between attempts; replaced in tests.
    """

    def __init__(self, events: "EventBridgeClient", bus_name: str, pause: Callable[[float], None] = time.sleep) -> None:
        self._events = events
        self._bus_name = bus_name
        self._pause = pause

    def publish(self, entries: Sequence[OutboxEntry]) -> list[RejectedEntry]:
        """Publish all entries, in calls within the limits, and return those that the bus rejected.

        An entry that is rejected for a transient reason is retried, ``ATTEMPTS`` times in all.
        """
        rejected: list[RejectedEntry] = []
        fitting = []
        for entry in entries:
            if size_of(entry) > MAX_BYTES:
                rejected.append(RejectedEntry(entry, f"larger than {MAX_BYTES} bytes", transient=False))
            else:
                fitting.append(entry)
        for call in in_calls(fitting):
            rejected += self._publish_call(call)
        return rejected

    def _publish_call(self, call: list[OutboxEntry]) -> list[RejectedEntry]:
        final: list[RejectedEntry] = []
        for attempt in range(1, ATTEMPTS + 1):
            rejected = self._attempt(call)
            final += [rejection for rejection in rejected if not rejection.transient]
            again = [rejection for rejection in rejected if rejection.transient]
            if not again or attempt == ATTEMPTS:
                return final + again
            call = [rejection.entry for rejection in again]
            self._pause(random.uniform(0, 0.1 * 2**attempt))  # noqa: S311
        raise AssertionError("unreachable: the last attempt returns")

    def _attempt(self, call: list[OutboxEntry]) -> list[RejectedEntry]:
        try:
            answer = self._events.put_events(Entries=[self._request(entry) for entry in call])
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in INVALID_ENTRIES and len(call) > 1:
                # One invalid entry fails the call for all; alone, each is judged by itself.
                return [rejection for entry in call for rejection in self._attempt([entry])]
            return [RejectedEntry(entry, f"{code}: {error}", code not in INVALID_ENTRIES) for entry in call]
        except BotoCoreError as error:
            return [RejectedEntry(entry, f"{type(error).__name__}: {error}", transient=True) for entry in call]
        return [
            _rejection(entry, result)
            for entry, result in zip(call, answer["Entries"], strict=True)
            if "ErrorCode" in result
        ]

    def _request(self, entry: OutboxEntry) -> "PutEventsRequestEntryTypeDef":
        return {
            "EventBusName": self._bus_name,
            "Source": entry.source,
            "DetailType": entry.detail_type,
            "Detail": entry.detail,
        }


def _rejection(entry: OutboxEntry, result: "PutEventsResultEntryTypeDef") -> RejectedEntry:
    code = result["ErrorCode"]
    return RejectedEntry(entry, f"{code}: {result.get('ErrorMessage', '')}", transient=code in TRANSIENT)


def size_of(entry: OutboxEntry) -> int:
    """Return the size of an entry in bytes, as EventBridge counts it: source, detail type and detail in UTF-8."""
    return sum(len(text.encode()) for text in (entry.source, entry.detail_type, entry.detail))


def in_calls(entries: Sequence[OutboxEntry]) -> Iterator[list[OutboxEntry]]:
    """Yield the entries in order, in lists that each fit into one PutEvents call."""
    call: list[OutboxEntry] = []
    held = 0
    for entry in entries:
        size = size_of(entry)
        if call and (len(call) == MAX_ENTRIES or held + size > MAX_BYTES):
            yield call
            call, held = [], 0
        call.append(entry)
        held += size
    if call:
        yield call
