"""All stacks of the shop, and the order in which they are deployed."""

from constructs import Construct

from infra.stacks.bus import BusStack
from infra.stacks.edge import EdgeStack
from infra.stacks.identity import IdentityStack
from infra.stacks.notifications import NotificationsStack
from infra.stage import Stage


def add_stacks(scope: Construct, stage: Stage) -> None:
    """Add every stack of a stage. A stack names those that publish what it reads."""
    bus = BusStack(scope, stage)
    edge = EdgeStack(scope, stage)
    identity = IdentityStack(scope, stage, reads_from=(bus, edge))
    notifications = NotificationsStack(scope, stage, reads_from=(bus, identity))
    _ = (bus, edge, identity, notifications)
