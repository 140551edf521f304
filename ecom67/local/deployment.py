"""Deployment of the stacks to the emulator by the CDK command line, skipped where nothing has changed."""

import os
import re
from collections.abc import Callable

from ecom67.base import cdk
from ecom67.base.errors import CliError
from ecom67.base.progress import ProgressTree
from ecom67.base.stage_names import LOCAL, resource_prefix, stack_name
from ecom67.local import emulator
from ecom67.local.stage_paths import ACCOUNT, REGION, StagePaths
from ecom67.local.synthesis import Assembly, synthesise

# A parameter on the emulator itself, which loses its data unless it is stopped cleanly.
DEPLOYED = "runner/assembly"
LINKING_SERVICE = "notifications"
"""The service whose e-mails link to the shop."""
SHOP_URL = "ShopUrl"
"""Name of its CloudFormation parameter with the shop's address."""
_DONE = re.compile(r"^ ?✅ +(?P<stack>ecom67-\S+)")
_CONCURRENCY = max(2, os.cpu_count() or 2)


def synthesise_stacks(paths: StagePaths, steps: ProgressTree) -> Assembly:
    """Return the assembly of the current sources, shown as a step; raises CliError where the synthesis fails."""
    with steps.step("Synthesise the stacks") as step:
        assembly = synthesise(paths.environment(), paths.logs / "synth.log")
        step.note(f"{len(assembly.stacks)} stacks" if assembly.fresh else "nothing has changed")
    return assembly


def is_deployed(paths: StagePaths, assembly: Assembly) -> bool:
    """Return whether this assembly is deployed, for the shop's address as it is now."""
    return emulator.published(paths.emulator_url).get(DEPLOYED) == _deployment_of(paths, assembly)


def deploy(paths: StagePaths, assembly: Assembly, on_progress: Callable[[str], None]) -> None:
    """Deploy all stacks; raises CliError where one fails.

    Parameters:
        paths: the stage's paths and ports.
        assembly: the assembly to deploy.
        on_progress: called with ``3/11 ecom67-local-cart`` after each stack.
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
            *_parameters(paths),
        ],
        paths.environment(),
        paths.logs / "deploy.log",
        follow,
    )
    emulator.put_parameter(paths, DEPLOYED, _deployment_of(paths, assembly))


def deploy_one(paths: StagePaths, assembly: Assembly, service: str) -> None:
    """Deploy one service's stack only; raises CliError where it does not exist or the deployment fails."""
    stack = stack_name(LOCAL, service)
    if stack not in assembly.stacks:
        names = ", ".join(name.removeprefix(resource_prefix(LOCAL)) for name in assembly.stacks)
        raise CliError(f"There is no service {service!r}. There are: {names}.")
    bootstrap(paths, assembly)
    cdk.run(
        [
            *("deploy", "--exclusively", stack, "--app", str(assembly.folder), "--require-approval", "never"),
            *(_parameters(paths) if service == LINKING_SERVICE else ()),
        ],
        paths.environment(),
        paths.logs / "deploy.log",
    )


def _parameters(paths: StagePaths) -> tuple[str, str]:
    return ("--parameters", f"{stack_name(LOCAL, LINKING_SERVICE)}:{SHOP_URL}={paths.shop_url}")


def _deployment_of(paths: StagePaths, assembly: Assembly) -> str:
    return f"{assembly.digest} {paths.shop_url}"


def bootstrap(paths: StagePaths, assembly: Assembly) -> None:
    """Bootstrap the CDK in the emulated account, once."""
    ssm = emulator.client(paths.emulator_url, "ssm")
    try:
        ssm.get_parameter(Name="/cdk-bootstrap/hnb659fds/version")
    except ssm.exceptions.ParameterNotFound:
        cdk.run(
            ["bootstrap", f"aws://{ACCOUNT}/{REGION}", "--app", str(assembly.folder)],
            paths.environment(),
            paths.logs / "bootstrap.log",
        )
