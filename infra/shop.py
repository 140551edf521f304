"""All stacks of the shop, and the order in which they are deployed."""

from constructs import Construct

from infra.stacks.bus import BusStack
from infra.stacks.edge import EdgeStack
from infra.stage import Stage


def add_stacks(scope: Construct, stage: Stage) -> None:
    """Add every stack of a stage. A stack names those that publish what it reads."""
    bus = BusStack(scope, stage)
    edge = EdgeStack(scope, stage)
    _ = (bus, edge)
