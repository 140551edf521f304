"""Deploys the stacks to the emulator with the real CDK command line, and only when they differ from what it has."""

import os
import re
from collections.abc import Callable

from ecom67.base.errors import CliError
from ecom67.base.stage_names import LOCAL
from ecom67.local import aws, cdk
from ecom67.local.stage_paths import ACCOUNT, REGION, StagePaths
from ecom67.local.synthesis import Assembly

# Kept by the emulator itself, as it loses its data where it is not stopped in order.
DEPLOYED = "runner/assembly"
_DONE = re.compile(r"^ ?✅ +(?P<stack>ecom67-\S+)")
_CONCURRENCY = max(2, os.cpu_count() or 2)


def is_deployed(paths: StagePaths, assembly: Assembly) -> bool:
    """Return whether the emulator has exactly these stacks."""
    return aws.published(paths.emulator_url).get(DEPLOYED) == assembly.digest


def deploy(paths: StagePaths, assembly: Assembly, on_progress: Callable[[str], None]) -> None:
    """Deploy all stacks; raises CliError where one fails.

    Parameters:
        paths: of the stage.
        assembly: to deploy.
        on_progress: is called with ``3/11 ecom67-local-cart`` after each stack.
    """
    bootstrap(paths, assembly)
    total, done = len(assembly.stacks), set[str]()

    def follow(line: str) -> None:
        if match := _DONE.match(line):
            done.add(match["stack"])
            on_progress(f"{len(done)}/{total} {match['stack']}")

    on_progress(f"0/{total}")
    cdk.run(
        [
            *("deploy", "--all", "--app", str(assembly.folder)),
            *("--require-approval", "never", "--concurrency", str(_CONCURRENCY)),
        ],
        paths.environment(),
        paths.logs / "deploy.log",
        follow,
    )
    aws.publish(paths, DEPLOYED, assembly.digest)


def deploy_one(paths: StagePaths, assembly: Assembly, service: str) -> None:
    """Deploy one service's stack and nothing else; raises CliError where there is none or it fails."""
    stack = f"ecom67-{LOCAL}-{service}"
    if stack not in assembly.stacks:
        names = ", ".join(name.removeprefix(f"ecom67-{LOCAL}-") for name in assembly.stacks)
        raise CliError(f"There is no service {service!r}. There are: {names}.")
    bootstrap(paths, assembly)
    cdk.run(
        ["deploy", "--exclusively", stack, "--app", str(assembly.folder), "--require-approval", "never"],
        paths.environment(),
        paths.logs / "deploy.log",
    )


def bootstrap(paths: StagePaths, assembly: Assembly) -> None:
    """Make what the CDK needs in an account, once."""
    ssm = aws.client(paths.emulator_url, "ssm")
    try:
        ssm.get_parameter(Name="/cdk-bootstrap/hnb659fds/version")
    except ssm.exceptions.ParameterNotFound:
        cdk.run(
            ["bootstrap", f"aws://{ACCOUNT}/{REGION}", "--app", str(assembly.folder)],
            paths.environment(),
            paths.logs / "bootstrap.log",
        )
