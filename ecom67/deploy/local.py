"""Deployment to the local stage: one service, and what CloudFormation cannot create of it on the emulator."""

from ecom67.base.progress import ProgressTree
from ecom67.local import deployment, emulator, lifecycle, post_deploy
from ecom67.local.stage_paths import StagePaths


def deploy(paths: StagePaths, service: str, steps: ProgressTree) -> None:
    """Deploy one service of the running stage.

    Parameters:
        paths: the stage's paths and ports.
        service: name of the service, such as ``orders``.
        steps: shows the progress.

    Raises CliError where the stage does not run, the service does not exist, or the deployment fails.
    """
    with lifecycle.lock_stage(paths):
        emulator.published(paths.emulator_url)  # raises where the stage does not run
        assembly = deployment.synthesise_stacks(paths, steps)
        with steps.step(f"Deploy {service}"):
            deployment.deploy_one(paths, assembly, service)
        post_deploy.complete_deployment(paths, assembly, steps)
        if service == "search":
            post_deploy.ensure_search_index(paths, assembly, steps)
