"""Brings a local stage up and takes it down: processes, stacks, what CloudFormation cannot make, catalogue."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from ecom67.base.errors import CliError
from ecom67.base.progress import Steps
from ecom67.local import accounts, aws, cdk, deployment, post_deploy, seeding, storefront, warmup
from ecom67.local.connection import Connection
from ecom67.local.process_specs import members
from ecom67.local.processes import Process
from ecom67.local.stage_paths import StagePaths
from ecom67.local.standins.opensearch import node
from ecom67.local.streams import forget_positions
from ecom67.local.synthesis import Assembly, assembly
from ecom67.search.index import SearchIndex

LOCK = "stage.lock"
# Kept with the data that it tells of: the assembly for which the search index was looked at.
SEARCHABLE = "runner/searchable"


def up(layout: StagePaths, steps: Steps, products: int | None = None) -> Connection:
    """Bring the stage up, or to what the sources are now; return the connection to it.

    Parameters:
        layout: of the stage.
        steps: to show what is done.
        products: how many of the catalogue's products to import; None imports all.

    Raises CliError where something stands in the way. Interrupted, or where not all processes start, it stops again
    those that it has started; after a failed deployment they stay, to be looked at.
    """
    with _alone(layout), _stopped_after(KeyboardInterrupt) as started:
        with _stopped_after(CliError, KeyboardInterrupt) as starting:
            _start(layout, steps, starting)
        started += starting
        _deploy(layout, steps)
        _build_shop(layout, steps)
        _furnish(layout, steps, products)
        if started:
            _warm(layout, steps)
    return Connection(layout)


def down(layout: StagePaths, steps: Steps) -> bool:
    """Stop the stage's processes, which keep their data; return whether any ran."""
    ran = False
    for process in reversed(members(layout)):
        if process.pid() is not None:
            with steps.step(f"Stop {process.title}"):
                ran = process.stop() or ran
    shutil.rmtree(layout.scratch, ignore_errors=True)
    return ran


def clean(layout: StagePaths, steps: Steps) -> None:
    """Stop the stage and forget everything of it; raises CliError where the folder is not a stage's."""
    _refuse_foreign(layout)
    down(layout, steps)
    shutil.rmtree(layout.state, ignore_errors=True)


def redeploy(layout: StagePaths, service: str, steps: Steps) -> None:
    """Deploy one service of the running stage, and nothing else; raises CliError where it does not run."""
    with _alone(layout):
        aws.published(layout.emulator_url)
        made = _synthesise(layout, steps)
        with steps.step(f"Deploy {service}"):
            deployment.deploy_one(layout, made, service)
        _complete(layout, made, steps)
        if service == "search":
            _make_searchable(layout, made, steps)


def _start(layout: StagePaths, steps: Steps, started: list[Process]) -> None:
    with steps.step("Look for Node.js and the CDK") as step:
        step.note(cdk.check())
    if url := node.chosen():
        with steps.step("Look for OpenSearch") as step:
            step.note(f"{node.version_at(url)} at {url}")
    with steps.step("Start the emulator, the stand-ins for Stripe and Bedrock, and the web server") as step:
        if members(layout)[0].pid() is None:
            shutil.rmtree(layout.scratch, ignore_errors=True)
            forget_positions(layout)
        layout.scratch.mkdir(parents=True, exist_ok=True)
        for process in members(layout):
            if process.start():
                started.append(process)  # noqa: PERF401 - an interruption must find those before it
        layout.remember()
        for process in members(layout):
            process.await_ready()
        step.note("" if started else "they run already")


def _deploy(layout: StagePaths, steps: Steps) -> None:
    made = _synthesise(layout, steps)
    with steps.step("Deploy the stacks") as step:
        if deployment.is_deployed(layout, made):
            step.note("nothing has changed")
        else:
            deployment.deploy(layout, made, step.note)
    _complete(layout, made, steps)
    if aws.published(layout.emulator_url).get(SEARCHABLE) != made.digest:
        _make_searchable(layout, made, steps)


def _synthesise(layout: StagePaths, steps: Steps) -> Assembly:
    with steps.step("Synthesise the stacks") as step:
        made = assembly(layout.environment(), layout.logs / "synth.log")
        step.note(f"{len(made.stacks)} stacks" if made.fresh else "nothing has changed")
    return made


def _complete(layout: StagePaths, made: Assembly, steps: Steps) -> None:
    with steps.step("Make what CloudFormation cannot make here"):
        post_deploy.make_archives(layout, made)
        post_deploy.set_stripe_secret(layout)
        post_deploy.upload_help(layout)


def _make_searchable(layout: StagePaths, made: Assembly, steps: Steps) -> None:
    """Build the search index anew where what is deployed now cannot answer from it."""
    connection = Connection(layout)
    published = connection.published()
    # Of a new stage it is empty, as the catalog is; a node may hold what another stage has left there.
    if "search/maintenance-arn" in published and (seeding.SEEDED in published or node.chosen()):
        with steps.step("Look at the search index") as step:
            index = SearchIndex.of(connection)
            fault = "The node may hold another stage's products." if node.chosen() else index.fault()
            if fault:
                step.note(fault)
                _, products = index.rebuild(lambda title, seen, _: step.note(f"{title}: {seen}"), grace_seconds=0)
                step.note(f"{fault} It is built anew, with {products} products")
    aws.publish(layout, SEARCHABLE, made.digest)


def _build_shop(layout: StagePaths, steps: Steps) -> None:
    with steps.step("Build the shop in the browser") as step:
        built = storefront.build(layout.logs / "shop.log")
        step.note("" if built else "nothing has changed")


def _furnish(layout: StagePaths, steps: Steps, products: int | None) -> None:
    connection = Connection(layout)
    if "identity/user-pool-id" in connection.published():
        with steps.step("Make a shopper's and a staff account"):
            pool = accounts.Pool.of(layout.emulator_url)
            pool.ensure(accounts.SHOPPER)
            pool.ensure(accounts.STAFF, staff=True)
        with steps.step("Fill the shop with its catalogue") as step:
            pictures = post_deploy.upload_images(layout)
            imported = seeding.seed(connection, seeding.selection(count=products), step.note)
            step.note(f"{imported} products, {pictures} pictures" if imported or pictures else "nothing has changed")


def _warm(layout: StagePaths, steps: Steps) -> None:
    connection = Connection(layout)
    if "search/find-arn" in connection.published():
        with steps.step("Warm search up"):
            warmup.warm_search(connection)


@contextmanager
def _stopped_after(*failures: type[BaseException]) -> Iterator[list[Process]]:
    """Give a list of processes, which are stopped where such a failure leaves the block."""
    started: list[Process] = []
    try:
        yield started
    except failures:
        for process in reversed(started):
            process.stop()
        raise


def _refuse_foreign(layout: StagePaths) -> None:
    if layout.state.exists() and any(layout.state.iterdir()) and not (layout.state / LOCK).exists():
        raise CliError(f"{layout.state} holds something else than a local stage, so it is left alone.")


@contextmanager
def _alone(layout: StagePaths) -> Iterator[None]:
    _refuse_foreign(layout)
    layout.state.mkdir(parents=True, exist_ok=True)
    with (layout.state / LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CliError("Another command is working on this stage. Wait until it has finished.") from None
        yield
