"""Saves the emulator's state again and again: a forked child has the memory of one instant and writes it."""

import asyncio
import logging
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress

import psutil

from ecom67.local.persistence.snapshot import SnapshotFolder, State

SAVE_SECONDS = 3.0
"""How long after the start of a save the next one starts, where something has happened."""
PAUSE_FACTOR = 2.0
"""The pause between two saves in durations of the last one, so that a third of a processor is used at most."""
STALL_SECONDS = 5.0
"""A child that has used no processor for so long hangs: another thread held a lock when it was forked."""
POLL_SECONDS = 0.05
MAX_FILES = 65536

logger = logging.getLogger("ecom67.persistence")


class Saver:
    """Saves the state of this process while it runs.

    Parameters:
        folder: where to save it.
        collect: returns the state; called in the forked child.
        loop: returns the event loop that handles all requests, so that none is half done when it forks; None before
            it runs.
        requests: returns how many requests were handled so far.
    """

    def __init__(
        self,
        folder: SnapshotFolder,
        collect: Callable[[], State],
        loop: Callable[[], asyncio.AbstractEventLoop | None],
        requests: Callable[[], int],
    ) -> None:
        self._folder = folder
        self._collect = collect
        self._loop = loop
        self._requests = requests
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="saver", daemon=True)

    def start(self) -> None:
        """Start saving in the background."""
        self._thread.start()

    def stop(self) -> None:
        """End saving in the background, and wait for a save that is under way."""
        self._stopping.set()
        self._thread.join()

    def save(self) -> None:
        """Save the state in this process, which is about to end."""
        self._folder.write(self._collect(), time.time())
        self._folder.mark_stopped()

    def _run(self) -> None:
        saved, pause = -1, SAVE_SECONDS
        while not self._stopping.wait(pause):
            seen, begun = self._requests(), time.monotonic()
            pause = SAVE_SECONDS
            if seen == saved:
                continue
            if self._save_in_child():
                saved = seen
            took = time.monotonic() - begun
            pause = max(SAVE_SECONDS - took, PAUSE_FACTOR * took)

    def _save_in_child(self) -> bool:
        """Fork on the event loop and wait for the child; return whether it has saved the state."""
        loop = self._loop()
        if loop is None:
            return False
        forked: list[int] = []
        done = threading.Event()

        def fork() -> None:
            taken_at = time.time()
            child = os.fork()
            if child == 0:
                self._be_the_child(taken_at)
            forked.append(child)
            done.set()

        loop.call_soon_threadsafe(fork)
        while not done.wait(1):
            if self._stopping.is_set() and not loop.is_running():
                return False
        return self._await_child(forked[0])

    def _be_the_child(self, taken_at: float) -> None:
        """Write the state and end without any clean-up, which is the parent's."""
        code = 1
        try:
            # The sockets above all: they would keep the port after the parent has died.
            os.closerange(3, MAX_FILES)
            self._folder.write(self._collect(), taken_at)
            code = 0
        except BaseException:  # noqa: BLE001 - whatever it is, this process ends here
            traceback.print_exc()
        finally:
            os._exit(code)

    @staticmethod
    def _await_child(child: int) -> bool:
        used, moved_at = 0.0, time.monotonic()
        while time.monotonic() < moved_at + STALL_SECONDS:
            pid, status = os.waitpid(child, os.WNOHANG)
            if pid:
                if status:
                    logger.error("the state could not be saved: the child ended with status %s", status)
                return status == 0
            with suppress(psutil.Error):
                times = psutil.Process(child).cpu_times()
                if times.user + times.system > used:
                    used, moved_at = times.user + times.system, time.monotonic()
            time.sleep(POLL_SECONDS)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        logger.error("the state could not be saved: the child hung; another one tries it")
        return False
