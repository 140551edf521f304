"""Synthesises all stages into a folder, and runs cdk-nag on the stage that retains data.

``python -m tests.infra.synthesise <folder>`` is a separate process, because the CDK starts slowly and stays in memory.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

from aws_cdk import App, Aspects, Validations
from cdk_nag import AwsSolutionsChecks

from infra.constructs.emulator_compatibility import EmulatorCompatibility
from infra.constructs.paths import ROOT
from infra.stacks.all_stacks import add_stacks
from infra.stacks.identity import IdentityStack
from infra.stacks.orders import OrdersStack
from infra.stacks.search import SearchStack
from infra.stage import DEV, PROD, STAGES, with_search_engine
from tests.infra.synthesis import NEW_ACCOUNT, NEW_ACCOUNT_CONCURRENCY


def synthesise(folder: Path) -> None:
    """Write the assembly of each stage to ``<folder>/<stage>``.

    Search with a domain is written to ``<stage>-opensearch``, two stacks of prod after its first deployment to
    ``prod-protected``, and dev as the settings of a new account have it to ``dev-new-account``.
    """
    for stage in (DEV, PROD):
        app = _app(folder / f"{stage.name}-opensearch")
        SearchStack(app, with_search_engine(stage, "opensearch", None), depends_on=())
        app.synth()
    app = _app(folder / "prod-protected")
    protected = replace(PROD, deletion_protection=True)
    IdentityStack(app, protected, depends_on=())
    OrdersStack(app, protected, depends_on=())
    app.synth()
    app = _app(folder / NEW_ACCOUNT)
    add_stacks(app, replace(DEV, lambda_concurrency=NEW_ACCOUNT_CONCURRENCY))
    app.synth()
    # The synthesis of prod comes last, because it raises an error for the findings of cdk-nag.
    for stage in STAGES.values():
        app = _app(folder / stage.name)
        add_stacks(app, stage)
        if stage.emulated:
            Aspects.of(app).add(EmulatorCompatibility())
        if stage.retain_data:
            Validations.of(app).add_plugins(AwsSolutionsChecks(app))
        app.synth()


def _app(folder: Path) -> App:
    """Return an app that finds the assets of the ones before it in its folder: copying 25,000 files takes its time."""
    folder.mkdir()
    for asset in folder.parent.glob("*/asset.*"):
        if not (folder / asset.name).exists():
            (folder / asset.name).symlink_to(asset)
    return App(outdir=str(folder), context=json.loads((ROOT / "cdk.json").read_text())["context"])


if __name__ == "__main__":
    synthesise(Path(sys.argv[1]))
