"""Synthesises every stage into a folder, and has cdk-nag judge the one that holds data.

``python -m tests.infra.synthesise <folder>``, a process of its own: starting the CDK takes long, and
it stays in memory.
"""

import json
import sys
from pathlib import Path

from aws_cdk import App, Aspects, Validations
from cdk_nag import AwsSolutionsChecks

from infra.constructs.emulator_compatibility import LeaveOutWhatTheEmulatorRefuses
from infra.constructs.function_package import ROOT
from infra.stacks.all_stacks import add_stacks
from infra.stacks.search import SearchStack
from infra.stage import DEV, PROD, STAGES, with_search


def synthesise(folder: Path) -> None:
    """Write the assembly of each stage into ``<folder>/<stage>``, and search with a domain beside it."""
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    for stage in (DEV, PROD):
        app = App(outdir=str(folder / f"{stage.name}-opensearch"), context=context)
        SearchStack(app, with_search(stage, "opensearch", None), reads_from=())
        app.synth()
    # The last of them ends in a complaint of cdk-nag's.
    for stage in STAGES.values():
        app = App(outdir=str(folder / stage.name), context=context)
        add_stacks(app, stage)
        if stage.emulated:
            Aspects.of(app).add(LeaveOutWhatTheEmulatorRefuses())
        if stage.keeps_data:
            Validations.of(app).add_plugins(AwsSolutionsChecks(app))
        app.synth()


if __name__ == "__main__":
    synthesise(Path(sys.argv[1]))
