"""DynamoDB streams across a restart of the emulator.

The emulator saves how many records of a stream each function has read, but not the records. After a restart the
stream is empty while the count continues, so that the next changes would be skipped. The counts are therefore removed
from the saved state.
"""

import json

from ecom67.local.stage_paths import StagePaths

POSITIONS = "dynamodb_stream_positions"


def reset_positions(paths: StagePaths) -> None:
    """Make the functions read the streams from the beginning at the next start; the emulator must not be running."""
    saved = paths.emulator_data / "services" / "lambda.json"
    if not saved.exists():
        return
    state = json.loads(saved.read_text())
    state["payload"][POSITIONS]["data"] = {}
    saved.write_text(json.dumps(state))
