"""The CDK app: synthesises all stacks of one stage.

Context values: ``-c stage=dev`` chooses the stage, ``local`` by default. ``-c search=opensearch`` adds a domain of
Amazon OpenSearch Service to it, which costs money even if idle.
"""

import os

from aws_cdk import App, Aspects

from infra.constructs.emulator_compatibility import EmulatorCompatibility
from infra.stacks.all_stacks import add_stacks
from infra.stage import get_stage, with_search_engine

app = App()
stage = with_search_engine(
    get_stage(app.node.try_get_context("stage") or "local"),
    app.node.try_get_context("search"),
    os.environ.get("OPENSEARCH_URL"),
)
add_stacks(app, stage)
if stage.emulated:
    Aspects.of(app).add(EmulatorCompatibility())
app.synth()
