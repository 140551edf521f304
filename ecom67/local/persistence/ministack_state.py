"""The state of the running emulator: what MiniStack saves of its services, and what it does not save.

Everything that depends on MiniStack's inner structure is here. It does not save the records of DynamoDB's streams that
no function has read yet, without which a saved order would never raise its event, nor the sent e-mails.
"""

import copy
import time
from typing import Any

from ministack import app
from ministack.services import dynamodb, lambda_svc, ses, sqs

from ecom67.local.persistence.snapshot import State

STREAMS = "ecom67:streams"
MAILBOX = "ecom67:mailbox"


def collect() -> State:
    """Return the state of all services, without copying it: for a process that does nothing else afterwards."""
    copy.deepcopy = _itself  # type: ignore[assignment]
    state = {}
    for name, get_state in app._build_persistence_save_dict().items():  # noqa: SLF001
        # A module that could not be imported has no state, and what was saved of it has to stay.
        if (found := get_state()) is not None:
            state[name] = found
    return state | {STREAMS: _unread_streams(), MAILBOX: ses._sent_emails._data}  # noqa: SLF001


def restore(state: State) -> None:
    """Put a collected state into the services of an emulator that has just been started."""
    ses._sent_emails._data.update(state[MAILBOX])  # noqa: SLF001
    dynamodb._stream_records._data.update(state[STREAMS]["records"])  # noqa: SLF001
    dynamodb._stream_trimmed._data.update(state[STREAMS]["trimmed"])  # noqa: SLF001
    dynamodb._stream_seq_counter = state[STREAMS]["sequence"]  # noqa: SLF001
    for name, module in app._state_map.items():  # noqa: SLF001
        if state.get(name):
            app._get_module(module).load_persisted_state(state[name])  # noqa: SLF001
    _return_messages()


def forget_stream_positions() -> None:
    """Let the functions read the streams from their beginning: the emulator's own save has the positions alone.

    After a start the streams are empty while the positions continue, so that the next changes would be skipped.
    """
    lambda_svc._dynamodb_stream_positions.clear()  # noqa: SLF001


def _unread_streams() -> dict[str, Any]:
    """Return the records that some function has not read yet; positions count the ones before them, too."""
    positions = lambda_svc._dynamodb_stream_positions._data  # noqa: SLF001
    first: dict[str, int] = {}
    for (account, region, mapping_id), position in positions.items():
        mapping = lambda_svc._esms._data.get((account, region, mapping_id)) or {}  # noqa: SLF001
        _, _, table = str(mapping.get("EventSourceArn", "")).partition(":table/")
        name = table.partition("/")[0]
        first[name] = min(position, first.get(name, position))
    records, trimmed = {}, {}
    for key, all_records in dynamodb._stream_records._data.items():  # noqa: SLF001
        before = dynamodb._stream_trimmed._data.get(key, 0)  # noqa: SLF001
        read = max(0, first.get(key[-1], before + len(all_records)) - before)
        records[key], trimmed[key] = all_records[read:], before + read
    return {"records": records, "trimmed": trimmed, "sequence": dynamodb._stream_seq_counter}  # noqa: SLF001


def _return_messages() -> None:
    """Make the messages visible at once that a function was at work on: it has died with the emulator."""
    now = time.time()
    for queue in sqs._queues._data.values():  # noqa: SLF001
        for message in queue["messages"]:
            if message.get("receipt_handle"):
                message["visible_at"] = min(message["visible_at"], now)


def _itself(value: Any, _memo: object = None) -> Any:
    return value
