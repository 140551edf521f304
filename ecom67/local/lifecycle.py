"""The lifecycle of a local stage: start, stop, clean."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from ecom67.base import cdk
from ecom67.base.errors import CliError
from ecom67.base.progress import ProgressTree
from ecom67.local import accounts, deployment, post_deploy, recovery, seeding, storefront, warmup
from ecom67.local.connection import Connection
from ecom67.local.process_specs import process_specs
from ecom67.local.processes import StageProcess
from ecom67.local.stage_paths import StagePaths
from ecom67.local.standins.opensearch import node
from ecom67.local.synthesis import Assembly

LOCK = "stage.lock"


def up(paths: StagePaths, steps: ProgressTree, products: int | None = None) -> Connection:
    """Start the stage, or update it to the current sources; return a connection to it.

    If it is interrupted, the synthesis fails, or not all processes start, it stops the processes that it has started.
    After a failed deployment they keep running, for diagnosis.

    Parameters:
        paths: the stage's paths and ports.
        steps: shows the progress.
        products: number of the catalogue's products to import; None imports all.

    Raises CliError where a step fails.
    """
    with lock_stage(paths), _stop_started_on(KeyboardInterrupt) as started:
        with _stop_started_on(CliError, KeyboardInterrupt) as starting:
            loss = _start(paths, steps, starting)
            # Meanwhile they start.
            assembly = deployment.synthesise_stacks(paths, steps)
            _await_answers(paths, steps)
        started += starting
        _deploy(paths, steps, assembly, loss)
        _build_shop(paths, steps)
        _seed(paths, steps, products)
        if started:
            _warm_up(paths, steps)
    return Connection(paths)


def down(paths: StagePaths, steps: ProgressTree) -> bool:
    """Stop the stage's processes and keep their data; return whether any was running."""
    ran = False
    for process in reversed(process_specs(paths)):
        if process.pid() is not None:
            with steps.step(f"Stop {process.title}"):
                ran = process.stop() or ran
    shutil.rmtree(paths.scratch, ignore_errors=True)
    return ran


def clean(paths: StagePaths, steps: ProgressTree) -> None:
    """Stop the stage and delete its folder; raises CliError where the folder is not a stage's."""
    _require_stage_folder(paths)
    down(paths, steps)
    shutil.rmtree(paths.state, ignore_errors=True)


def _start(paths: StagePaths, steps: ProgressTree, started: list[StageProcess]) -> recovery.Loss | None:
    """Start the processes; return what was lost because the emulator was killed."""
    loss = None
    with steps.step("Look for Node.js and the CDK") as step:
        step.note(cdk.check())
    if url := node.configured_url():
        with steps.step("Look for OpenSearch") as step:
            step.note(f"{node.version_at(url)} at {url}")
    if process_specs(paths)[0].pid() is None:
        shutil.rmtree(paths.scratch, ignore_errors=True)
        loss = recovery.recover(paths)
        if loss:
            with steps.step("Go back to what was saved last") as step:
                step.note(str(loss))
    with steps.step("Start the emulator, the stand-ins for Stripe and Bedrock, and the web server") as step:
        paths.scratch.mkdir(parents=True, exist_ok=True)
        for process in process_specs(paths):
            if process.start():
                started.append(process)  # noqa: PERF401 - an interruption must find the earlier ones
        paths.save_ports()
        step.note("" if started else "they run already")
    return loss


def _await_answers(paths: StagePaths, steps: ProgressTree) -> None:
    with steps.step("Wait until they answer"):
        for process in process_specs(paths):
            process.await_ready()


def _deploy(paths: StagePaths, steps: ProgressTree, assembly: Assembly, loss: recovery.Loss | None) -> None:
    with steps.step("Deploy the stacks") as step:
        if deployment.is_deployed(paths, assembly):
            step.note("nothing has changed")
        else:
            deployment.deploy(paths, assembly, step.note)
    post_deploy.complete_deployment(paths, assembly, steps)
    if loss:
        # The buckets are saved at once, so that the index may be ahead of the tables.
        post_deploy.ensure_search_index(paths, assembly, steps, "The shop was set back.")
    elif not post_deploy.is_search_index_checked(paths, assembly):
        post_deploy.ensure_search_index(paths, assembly, steps)


def _build_shop(paths: StagePaths, steps: ProgressTree) -> None:
    with steps.step("Build the shop in the browser") as step:
        built = storefront.build(paths.logs / "shop.log")
        step.note("" if built else "nothing has changed")


def _seed(paths: StagePaths, steps: ProgressTree, products: int | None) -> None:
    connection = Connection(paths)
    if "identity/user-pool-id" in connection.published():
        with steps.step("Make a shopper's and a staff account"):
            pool = accounts.UserPool.of(paths.emulator_url)
            pool.ensure(accounts.SHOPPER)
            pool.ensure(accounts.STAFF, staff=True)
        with steps.step("Fill the shop with its catalogue") as step:
            images = post_deploy.upload_images(paths)
            imported = seeding.seed(connection, seeding.load_products(count=products), step.note)
            step.note(f"{imported} products, {images} pictures" if imported or images else "nothing has changed")


def _warm_up(paths: StagePaths, steps: ProgressTree) -> None:
    connection = Connection(paths)
    if "search/find-arn" in connection.published():
        with steps.step("Warm search up"):
            warmup.warm_up_search(connection)


@contextmanager
def _stop_started_on(*failures: type[BaseException]) -> Iterator[list[StageProcess]]:
    """Yield a list for started processes, which are stopped if one of the failures leaves the block."""
    started: list[StageProcess] = []
    try:
        yield started
    except failures:
        for process in reversed(started):
            process.stop()
        raise


def _require_stage_folder(paths: StagePaths) -> None:
    if paths.state.exists() and any(paths.state.iterdir()) and not (paths.state / LOCK).exists():
        raise CliError(f"{paths.state} holds something else than a local stage, so it is left alone.")


@contextmanager
def lock_stage(paths: StagePaths) -> Iterator[None]:
    """Let no other command work on the stage until the block ends; raises CliError where one does already."""
    _require_stage_folder(paths)
    paths.state.mkdir(parents=True, exist_ok=True)
    with (paths.state / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CliError("Another command is working on this stage. Wait until it has finished.") from None
        yield
