"""Event ids are UUIDv7: unique, and in the order of the milliseconds they were made in."""

import time
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.event import new_event_id


def test_it_is_a_version_7_uuid_of_this_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    made = UUID(new_event_id())
    after = time.time_ns() // 1_000_000

    assert (made.version, made.variant) == (7, RFC_4122)
    assert before <= made.int >> 80 <= after


def test_ids_of_one_millisecond_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_900_000_000_000_000_000)

    assert len({new_event_id() for _ in range(5000)}) == 5000


@given(st.sets(st.integers(1, 2**48 - 1), min_size=2, max_size=5))
def test_text_sorts_as_time_does(milliseconds: set[int]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        ids = []
        for moment in sorted(milliseconds):
            patched.setattr(time, "time_ns", lambda moment=moment: moment * 1_000_000)
            ids.append(new_event_id())

    assert ids == sorted(ids)
    assert all(UUID(made).version == 7 for made in ids)
