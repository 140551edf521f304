"""A test that measures time runs alone: the other workers of the run wait meanwhile.

Each test passes a turnstile into a room. Who wants the room alone keeps the turnstile until they leave, so that nobody
new comes in while they wait for the others to go.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Room:
    """Where the tests of one run are run.

    Parameters:
        folder: that all workers of the run share.
    """

    def __init__(self, folder: Path) -> None:
        self._turnstile = folder / "turnstile.lock"
        self._room = folder / "room.lock"

    @contextmanager
    def shared(self) -> Iterator[None]:
        """Be in the room, with others."""
        with self._room.open("w") as room:
            with _taken(self._turnstile):
                fcntl.flock(room, fcntl.LOCK_SH)
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be in the room with nobody else."""
        with _taken(self._turnstile), _taken(self._room):
            yield


@contextmanager
def _taken(path: Path) -> Iterator[None]:
    # Closed, it is free again.
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
