"""Diagnostics after a failure: the logs of the stage's processes and functions."""

import shutil
from pathlib import Path

from ecom67.local import logs
from ecom67.local.stage_paths import StagePaths


def collect_logs(paths: StagePaths, folder: Path) -> None:
    """Copy a stage's logs into a folder, which is replaced; a log that cannot be read is noted there."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for log in paths.logs.glob("*.log"):
        shutil.copyfile(log, folder / log.name)
    try:
        lines = [line for entry in logs.entries(paths) if (line := logs.format_entry(entry)) is not None]
    except Exception as error:  # noqa: BLE001 - must not hide the failure that is being diagnosed
        lines = [f"The functions' logs could not be read: {error}"]
    (folder / "functions.log").write_text("\n".join(lines) + "\n")
