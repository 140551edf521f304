"""Puts entries on the bus within the limits of PutEvents, and says which could not be put."""

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
"""Codes of a refused entry that is worth another attempt; any other one will be refused again."""
REFUSED_FOR_CONTENT = frozenset({"ValidationException", "SerializationException"})
"""Codes of a refused call that its entries are to blame for. Any other one, such as a role that may
not put, says nothing of the entries and passes once somebody has mended it."""
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Refusal:
    """An entry that the bus did not take, why, and whether a later attempt may succeed."""

    entry: OutboxEntry
    reason: str
    transient: bool


class Publisher:
    """Puts outbox entries on one bus.

    Parameters:
        events: the EventBridge client.
        bus_name: name or ARN of the bus.
        pause: waits that many seconds between attempts; replaced in tests.
    """

    def __init__(self, events: "EventBridgeClient", bus_name: str, pause: Callable[[float], None] = time.sleep) -> None:
        self._events = events
        self._bus_name = bus_name
        self._pause = pause

    def put(self, entries: Sequence[OutboxEntry]) -> list[Refusal]:
        """Put all entries, in calls within the limits; return those that the bus did not take.

        An entry that is refused for a passing reason is put again, ``ATTEMPTS`` times in all.
        """
        refusals: list[Refusal] = []
        fitting = []
        for entry in entries:
            if size_of(entry) > MAX_BYTES:
                refusals.append(Refusal(entry, f"larger than {MAX_BYTES} bytes", transient=False))
            else:
                fitting.append(entry)
        for call in in_calls(fitting):
            refusals += self._put_call(call)
        return refusals

    def _put_call(self, call: list[OutboxEntry]) -> list[Refusal]:
        final: list[Refusal] = []
        for attempt in range(1, ATTEMPTS + 1):
            refusals = self._attempt(call)
            final += [refusal for refusal in refusals if not refusal.transient]
            again = [refusal for refusal in refusals if refusal.transient]
            if not again or attempt == ATTEMPTS:
                return final + again
            call = [refusal.entry for refusal in again]
            self._pause(random.uniform(0, 0.1 * 2**attempt))  # noqa: S311
        raise AssertionError("unreachable: the last attempt returns")

    def _attempt(self, call: list[OutboxEntry]) -> list[Refusal]:
        try:
            answer = self._events.put_events(Entries=[self._request(entry) for entry in call])
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in REFUSED_FOR_CONTENT and len(call) > 1:
                # One entry spoils the call of all; alone, each is judged by itself.
                return [refusal for entry in call for refusal in self._attempt([entry])]
            return [Refusal(entry, f"{code}: {error}", code not in REFUSED_FOR_CONTENT) for entry in call]
        except BotoCoreError as error:
            return [Refusal(entry, f"{type(error).__name__}: {error}", transient=True) for entry in call]
        return [
            _refusal(entry, result)
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


def _refusal(entry: OutboxEntry, result: "PutEventsResultEntryTypeDef") -> Refusal:
    code = result["ErrorCode"]
    return Refusal(entry, f"{code}: {result.get('ErrorMessage', '')}", transient=code in TRANSIENT)


def size_of(entry: OutboxEntry) -> int:
    """Return the bytes that EventBridge counts of an entry: source, detail type and detail, in UTF-8."""
    return sum(len(text.encode()) for text in (entry.source, entry.detail_type, entry.detail))


def in_calls(entries: Sequence[OutboxEntry]) -> Iterator[list[OutboxEntry]]:
    """Yield the entries in order, in lists that fit into one PutEvents call each."""
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
