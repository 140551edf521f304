"""Starts the emulator with its state of last time, and saves it while it runs; takes MiniStack's own settings.

With ``AUTH=true`` it evaluates the roles of the functions, with what MiniStack does not know of their policies. What it
throttles is tried again, as Lambda does.
"""

import os
from pathlib import Path
from typing import Any

from ministack import app as emulator

from ecom67.local import full_batches, function_processes, policy_evaluation, throttled_deliveries
from ecom67.local.persistence import ministack_state
from ecom67.local.persistence.saving import Saver
from ecom67.local.persistence.snapshot import SnapshotFolder


class CountedApp:
    """The emulator's ASGI application, which counts the requests that may change something."""

    def __init__(self) -> None:
        self._app = emulator.app
        self.requests = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Handle a request; the protocol of ASGI."""
        if scope["type"] != "lifespan" and scope.get("method") not in ("GET", "HEAD"):
            self.requests += 1
        await self._app(scope, receive, send)


def main() -> None:
    """Run the emulator until it is stopped."""
    folder = SnapshotFolder(Path(os.environ["STATE_DIR"]))
    counted = CountedApp()
    saver = Saver(folder, ministack_state.collect, lambda: emulator._MAIN_LOOP, lambda: counted.requests)  # noqa: SLF001
    load_json = emulator._load_persisted_state  # noqa: SLF001

    def load() -> None:
        state = folder.read()
        if state is None:
            # None yet, or one of a time at which the emulator itself saved it.
            load_json()
            ministack_state.forget_stream_positions()
        else:
            ministack_state.restore(state)
        folder.mark_running()
        saver.start()

    def save(_: object) -> None:
        saver.stop()
        saver.save()

    emulator.app = counted
    emulator._load_persisted_state = load  # noqa: SLF001
    emulator.save_all = save
    policy_evaluation.complete()
    full_batches.allow()
    function_processes.fork_functions()
    throttled_deliveries.repeat()
    emulator.main()


if __name__ == "__main__":
    main()
