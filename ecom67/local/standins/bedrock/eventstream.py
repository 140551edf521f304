"""Encoder of AWS's binary event streams (``application/vnd.amazon.eventstream``)."""

import json
import struct
from binascii import crc32

CONTENT_TYPE = "application/vnd.amazon.eventstream"
_STRING = 7


def event(kind: str, payload: object) -> bytes:
    """Return the frame of an event, such as ``contentBlockDelta``."""
    return _frame({":event-type": kind, ":content-type": "application/json", ":message-type": "event"}, payload)


def exception(kind: str, message: str) -> bytes:
    """Return the frame of an exception within the stream, such as ``modelStreamErrorException``."""
    headers = {":exception-type": kind, ":content-type": "application/json", ":message-type": "exception"}
    return _frame(headers, {"message": message})


def _frame(headers: dict[str, str], payload: object) -> bytes:
    head = b"".join(_header(name, value) for name, value in headers.items())
    body = json.dumps(payload).encode()
    prelude = struct.pack("!II", 16 + len(head) + len(body), len(head))
    frame = prelude + struct.pack("!I", crc32(prelude)) + head + body
    return frame + struct.pack("!I", crc32(frame))


def _header(name: str, value: str) -> bytes:
    return struct.pack("!B", len(name)) + name.encode() + struct.pack("!BH", _STRING, len(value)) + value.encode()
