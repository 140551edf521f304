"""The CDK entry: every stack of one stage. ``cdk -c stage=dev synth``; the stage is ``local`` by default.

``-c search=opensearch`` gives the stage a domain of Amazon OpenSearch, which has a standing price.
"""

import os

from aws_cdk import App, Aspects

from infra.constructs.emulator_compatibility import LeaveOutWhatTheEmulatorRefuses
from infra.stacks.all_stacks import add_stacks
from infra.stage import stage_named, with_search

app = App()
stage = with_search(
    stage_named(app.node.try_get_context("stage") or "local"),
    app.node.try_get_context("search"),
    os.environ.get("OPENSEARCH_URL"),
)
add_stacks(app, stage)
if stage.emulated:
    Aspects.of(app).add(LeaveOutWhatTheEmulatorRefuses())
app.synth()
