"""Tables' streams over a restart of the emulator.

The emulator keeps how many records of a stream each function has read, but not the records: the
count goes on from where it was while the stream begins anew, and as many changes as there were
before the restart reach nobody. The counts are therefore taken out of its saved state.
"""

import json

from ecom67.local.stage_paths import StagePaths

POSITIONS = "dynamodb_stream_positions"


def reset_positions(paths: StagePaths) -> None:
    """Have the streams read from their beginning when the emulator starts; it must not run meanwhile."""
    saved = paths.emulator_data / "services" / "lambda.json"
    if not saved.exists():
        return
    state = json.loads(saved.read_text())
    state["payload"][POSITIONS]["data"] = {}
    saved.write_text(json.dumps(state))
