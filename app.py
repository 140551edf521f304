"""The CDK entry: every stack of one stage. ``cdk -c stage=dev synth``; the stage is ``local`` by default."""

from aws_cdk import App, Aspects

from infra.constructs.emulator import LeaveOutWhatTheEmulatorRefuses
from infra.shop import add_stacks
from infra.stage import stage_named

app = App()
stage = stage_named(app.node.try_get_context("stage") or "local")
add_stacks(app, stage)
if stage.emulated:
    Aspects.of(app).add(LeaveOutWhatTheEmulatorRefuses())
app.synth()
