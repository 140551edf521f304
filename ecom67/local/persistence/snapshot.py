"""The file in which the emulator's state is saved: when it was taken, and the state of each service."""

import os
import pickle
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ecom67.base.errors import CliError

State = dict[str, Any]
"""The state of each service, by its name in the emulator."""


@dataclass(frozen=True, slots=True)
class SnapshotFolder:
    """The folder of an emulator's state.

    Attributes:
        folder: the folder, which the emulator uses for further files as well.
    """

    folder: Path

    @property
    def file(self) -> Path:
        """Return the file of the last snapshot."""
        return self.folder / "state.pickle"

    @property
    def running(self) -> Path:
        """Return the file that exists from the start of an emulator to the end of its orderly stop."""
        return self.folder / "running"

    def write(self, state: State, taken_at: float) -> None:
        """Replace the last snapshot; whoever dies meanwhile leaves the last one whole.

        Parameters:
            state: of each service.
            taken_at: seconds since the epoch.
        """
        part = self.folder / f"state.pickle.{os.getpid()}"
        with part.open("wb") as file:
            pickle.dump(taken_at, file)
            # The built-in pickler is ten times as fast as JSON with the emulator's own conversions.
            pickle.dump(state, file, protocol=pickle.HIGHEST_PROTOCOL)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self.file)

    def read(self) -> State | None:
        """Return the state of the last snapshot; None where there is none.

        Raises CliError where it cannot be read.
        """
        if not self.file.exists():
            return None
        try:
            with self.file.open("rb") as file:
                pickle.load(file)  # noqa: S301 - the runner's own file
                state: State = pickle.load(file)  # noqa: S301
        except Exception as error:
            raise CliError(f"{self.file} cannot be read ({error}). Forget the data with `ecom67 clean`.") from error
        return state

    def taken_at(self) -> float | None:
        """Return when the last snapshot was taken, in seconds since the epoch; None where there is none."""
        if not self.file.exists():
            return None
        with self.file.open("rb") as file:
            taken: float = pickle.load(file)  # noqa: S301
        return taken

    def mark_running(self) -> None:
        """Note that an emulator runs, and that a later start without an orderly stop loses something."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for part in self.folder.glob("state.pickle.*"):
            part.unlink()
        self.running.write_text(f"{time.time()}\n")

    def mark_stopped(self) -> None:
        """Note that the state was saved at an orderly stop."""
        self.running.unlink(missing_ok=True)

    @property
    def was_cut(self) -> bool:
        """Whether the last emulator did not come to the end of an orderly stop; it must not be running."""
        return self.running.exists()
