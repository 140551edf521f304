"""The stages by name, and the names under which the command line finds what is deployed of one.

The stacks give these names (``infra/stage.py``); ``tests/infra/test_stage_names.py`` holds the two together.
"""

import os

from ecom67.base.errors import CliError

LOCAL = "local"
"""The stage on this machine, on the emulator."""
IN_AWS = ("dev", "prod")


def require_stage_in_aws(stage: str) -> None:
    """Raise CliError unless there is a stage of that name for AWS."""
    if stage not in IN_AWS:
        raise CliError(f"There is no stage {stage!r} in AWS; choose one of {', '.join(IN_AWS)}.")


def require_aws(stage: str) -> None:
    """Raise CliError where the environment points AWS clients at an emulator, so that the stage is out of reach."""
    if os.environ.get("AWS_ENDPOINT_URL"):
        raise CliError(f"AWS_ENDPOINT_URL is set, so stage {stage} in AWS cannot be reached. Unset it.")


def stack_name(stage: str, service: str) -> str:
    """Return the name of a service's stack."""
    return f"ecom67-{stage}-{service}"


def parameter_name(stage: str, service: str, name: str) -> str:
    """Return the SSM path under which a service's stack publishes a value."""
    return f"/ecom67/{stage}/{service}/{name}"
