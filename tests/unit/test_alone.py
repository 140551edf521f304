"""A test that measures waits for the others, and the others for it."""

import fcntl
import time
from pathlib import Path
from threading import Thread

from tests.alone import Room

DEADLINE_SECONDS = 5.0


def wait_until_taken(lock: Path) -> None:
    """Wait until somebody holds a lock."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    with lock.open("w") as file:
        while time.monotonic() < deadline:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            fcntl.flock(file, fcntl.LOCK_UN)
    raise AssertionError(f"nobody took {lock.name}")


def test_who_wants_to_be_alone_waits_for_the_others_and_nobody_overtakes_them(tmp_path: Path) -> None:
    order: list[str] = []

    def measure() -> None:
        with Room(tmp_path).alone():
            order.append("alone")

    def come_late() -> None:
        with Room(tmp_path).shared():
            order.append("late")

    measuring, late = Thread(target=measure), Thread(target=come_late)
    with Room(tmp_path).shared(), Room(tmp_path).shared():
        measuring.start()
        wait_until_taken(tmp_path / "turnstile.lock")
        late.start()
        assert order == []
    measuring.join(DEADLINE_SECONDS)
    late.join(DEADLINE_SECONDS)

    assert order == ["alone", "late"]
