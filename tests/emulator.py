"""An emulator of a test's own, with nothing deployed, which evaluates the roles of whoever calls it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from ecom67.local.connection import Connection
from ecom67.local.process_specs import emulator
from ecom67.local.stage_paths import StagePaths
from tests.free_ports import free_ports


@contextmanager
def running_emulator(
    folder: Path, *, module: str = "ecom67.local.persistence", **settings: str
) -> Iterator[Connection]:
    """Run an emulator until the block ends.

    Parameters:
        folder: for its state, which does not exist or is empty.
        module: what is run.
        settings: of MiniStack, beside those of the local stage.
    """
    paths = StagePaths(folder, free_ports())
    paths.scratch.mkdir(parents=True)
    process = emulator(paths)
    command = (sys.executable, "-m", module)
    process = replace(process, command=command, environment={**process.environment, **settings})
    process.start()
    try:
        process.await_ready()
        yield Connection(paths)
    finally:
        process.stop()
