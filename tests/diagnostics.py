"""Diagnostics after a failure: the logs of the stage's processes and functions."""

import shutil
from pathlib import Path

from ecom67.base.stage_names import LOCAL
from ecom67.local.connection import Connection
from ecom67.local.stage_paths import StagePaths
from ecom67.logs import entries
from ecom67.stage_client import StageClient


def collect_logs(paths: StagePaths, folder: Path) -> None:
    """Copy a stage's logs into a folder, which is replaced; a log that cannot be read is noted there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for log in paths.logs.glob("*.log"):
        shutil.copyfile(log, folder / log.name)
    try:
        stage = StageClient(LOCAL, Connection(paths).client)
        lines = [line for entry in entries.read(stage) if (line := entries.format_entry(entry)) is not None]
    except Exception as error:  # noqa: BLE001 - must not hide the failure that is being diagnosed
        lines = [f"The functions' logs could not be read: {error}"]
    (folder / "functions.log").write_text("\n".join(lines) + "\n")
