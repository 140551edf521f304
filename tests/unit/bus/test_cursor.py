"""A cursor leads back to the key that it was made of; any other text is refused, never a fault of ours."""

import base64
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bus.attribute_values import to_item
from bus.cursor import MAX_BYTES, MAX_INTEGER, InvalidCursorError, decode_cursor, encode_cursor

KINDS = {"userId": str, "timestamp": int}


def forged(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@given(st.text(min_size=1, max_size=128), st.integers(-MAX_INTEGER, MAX_INTEGER))
def test_a_cursor_leads_back_to_its_key(user_id: str, timestamp: int) -> None:
    key = to_item({"userId": user_id, "timestamp": timestamp})

    assert decode_cursor(encode_cursor(key), **KINDS) == key


@given(st.text(min_size=1, max_size=128))
def test_a_cursor_needs_no_escape_in_a_url(user_id: str) -> None:
    assert set(encode_cursor(to_item({"userId": user_id}))) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    )


@given(st.text(max_size=64))
@example("")
@example("====")
@example("é")
@example("a")
def test_a_text_of_anybody_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursorError):
        decode_cursor(text, **KINDS)


@pytest.mark.parametrize(
    "value",
    [
        "not JSON",
        "null",
        "[]",
        '"userId"',
        "{}",
        '{"userId": "ada"}',
        '{"userId": "ada", "timestamp": 1, "more": 1}',
        '{"userId": 1, "timestamp": 1}',
        '{"userId": "ada", "timestamp": "1"}',
        '{"userId": "ada", "timestamp": true}',
        '{"userId": "ada", "timestamp": 1.0}',
        '{"userId": "ada", "timestamp": NaN}',
        '{"userId": null, "timestamp": 1}',
        '{"userId": {"S": "ada"}, "timestamp": 1}',
        '{"userId": "", "timestamp": 1}',
        json.dumps({"userId": "a" * (MAX_BYTES + 1), "timestamp": 1}),
        json.dumps({"userId": "é" * (MAX_BYTES // 2 + 1), "timestamp": 1}),
        '{"userId": "\\ud800", "timestamp": 1}',
        json.dumps({"userId": "ada", "timestamp": MAX_INTEGER + 1}),
        json.dumps({"userId": "ada", "timestamp": -MAX_INTEGER - 1}),
        '{"userId": "ada", "timestamp": ' + "9" * 5000 + "}",
        "[" * 100_000,
    ],
    ids=lambda value: value[:48],
)
def test_a_forged_key_that_the_table_would_refuse_is_refused_here(value: str) -> None:
    with pytest.raises(InvalidCursorError):
        decode_cursor(forged(value), **KINDS)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(InvalidCursorError):
        decode_cursor(base64.urlsafe_b64encode(b"\xff\xfe\x00").decode(), **KINDS)
