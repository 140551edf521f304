"""The settings of a stage in AWS, as ``infra`` validates them."""

import json
import subprocess
import sys
from dataclasses import dataclass, fields
from typing import Any

from ecom67.base.errors import CliError
from ecom67.base.paths import ROOT


@dataclass(frozen=True, slots=True)
class StageSettings:
    """What the commands need of ``stages/<name>.toml``; ``infra/stage_settings.py`` describes each setting.

    Attributes:
        placeholders: names of the settings that still have an address below ``.example``.
    """

    region: str
    account: str | None
    mail_from: str
    domain: str | None
    certificate_arn: str | None
    alarm_emails: tuple[str, ...]
    model_id: str
    lambda_concurrency: int
    stripe_mode: str
    placeholders: tuple[str, ...]


def read_settings(stage: str) -> StageSettings:
    """Return the settings of a stage in AWS.

    They are read by another process, since the command line imports nothing of ``infra``.

    Raises CliError with a sentence for each wrong setting.
    """
    read = subprocess.run(
        [sys.executable, "-m", "infra.stage_settings", stage], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if read.returncode:
        raise CliError(read.stderr.strip())
    values: dict[str, Any] = json.loads(read.stdout)
    chosen: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name in (field.name for field in fields(StageSettings))
        for value in (values[name],)
    }
    return StageSettings(**chosen)
