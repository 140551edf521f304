"""The names of the stages, and of a stage's stacks, resources and parameters.

They repeat the names that ``infra/stage.py`` gives; ``tests/infra/test_stage_names.py`` compares the two.
"""

import os

from ecom67.base.errors import CliError

LOCAL = "local"
"""The stage on this machine, on the emulator."""
AWS_STAGES = ("dev", "prod")


def require_aws_stage(stage: str) -> None:
    """Raise CliError unless the name is that of a stage in AWS."""
    if stage not in AWS_STAGES:
        raise CliError(f"There is no stage {stage!r} in AWS; choose one of {', '.join(AWS_STAGES)}.")


def require_aws_endpoint(stage: str) -> None:
    """Raise CliError where the environment points AWS clients at an emulator, so that the stage cannot be reached."""
    if os.environ.get("AWS_ENDPOINT_URL"):
        raise CliError(f"AWS_ENDPOINT_URL is set, so stage {stage} in AWS cannot be reached. Unset it.")


def stack_name(stage: str, service: str) -> str:
    """Return the name of a service's stack."""
    return f"{resource_prefix(stage)}{service}"


def resource_prefix(stage: str) -> str:
    """Return the prefix of the names of a stage's stacks and resources."""
    return f"ecom67-{stage}-"


def parameter_name(stage: str, service: str, name: str) -> str:
    """Return the name of the SSM parameter in which a service's stack publishes a value."""
    return f"{parameter_prefix(stage)}{service}/{name}"


def parameter_prefix(stage: str) -> str:
    """Return the path of the SSM parameters of a stage."""
    return f"/ecom67/{stage}/"


def stripe_secret_name(stage: str) -> str:
    """Return the name of the secret with a stage's keys of Stripe."""
    return f"ecom67/{stage}/stripe"
