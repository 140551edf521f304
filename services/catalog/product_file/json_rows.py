"""Reads the rows of a JSON array one at a time, so that a large file takes no more memory than a small one."""

import io
import json
from collections.abc import Iterator
from typing import Any

from services.catalog.product_file.rows import UnreadableFileError

_CHUNK = 1 << 16
_SPACE = " \t\r\n\ufeff"
# As strings, amounts reach the shop exactly as written.
_DECODER = json.JSONDecoder(parse_float=str, parse_constant=str)


def json_rows(text: io.TextIOBase) -> Iterator[Any]:
    """Yield the rows of an array, of one object a line, or of an API's answer that has the list below a key.

    Raises UnreadableFileError where it is none of these.
    """
    text.seek(0)
    buffer = _Buffer(text)
    opening = buffer.next_sign()
    try:
        if opening == "[":
            buffer.skip()
            yield from _array(buffer)
        elif opening == "{":
            yield from _objects(buffer)
        else:
            raise UnreadableFileError("it is not an array of rows")
    except (ValueError, RecursionError) as error:
        raise UnreadableFileError(f"it is not JSON: {error}") from None


def _array(buffer: "_Buffer") -> Iterator[Any]:
    if buffer.next_sign() == "]":
        return
    while True:
        yield buffer.value()
        sign = buffer.next_sign()
        buffer.skip()
        if sign == "]":
            break
        if sign != ",":
            raise ValueError("a comma or the end of the array is missing")
    if buffer.next_sign():
        raise ValueError("something follows the array")


def _objects(buffer: "_Buffer") -> Iterator[Any]:
    first = buffer.value()
    rows = first.get("products", first.get("items"))
    if not buffer.next_sign() and (isinstance(rows, list) or not {"name", "title", "Title", "Name"} & first.keys()):
        if not isinstance(rows, list):
            raise UnreadableFileError("it is not an array of rows")
        yield from rows
        return
    yield first
    while buffer.next_sign():
        yield buffer.value()


class _Buffer:
    """The part of the text that is being read."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text
        self._held = ""
        self._at = 0

    def next_sign(self) -> str:
        """Return the next character that is no space, without passing it; empty text at the end."""
        while True:
            while self._at < len(self._held) and self._held[self._at] in _SPACE:
                self._at += 1
            if self._at < len(self._held) or not self._read():
                return self._held[self._at : self._at + 1]

    def skip(self) -> None:
        """Pass one character."""
        self._at += 1

    def value(self) -> Any:
        """Return the next value; raises ValueError where there is none."""
        self.next_sign()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._held, self._at)
            except ValueError:
                if not self._read():
                    raise
                continue
            # A number at the end of the buffer may go on behind it.
            if end == len(self._held) and self._read():
                continue
            self._at = end
            return value

    def _read(self) -> bool:
        # Doubled each time, so that one long value is not decoded again and again.
        more = self._text.read(max(_CHUNK, len(self._held) - self._at))
        self._held, self._at = self._held[self._at :] + more, 0
        return bool(more)
