"""Free ports for the stages of tests."""

import random

from ecom67.local.processes import is_port_taken
from ecom67.local.stage_paths import Ports

# Below the range of ephemeral ports, so that no outgoing connection takes one before the stage has started.
RANGE = range(20_000, 30_000)


def free_ports() -> Ports:
    """Return ports that no process serves at the moment."""
    # The stand-in for Bedrock takes the port after the emulator's.
    free = (
        port
        for port in random.sample(RANGE[::2], len(RANGE) // 2)
        if not is_port_taken(port) and not is_port_taken(port + 1)
    )
    return Ports(shop=next(free), emulator=next(free), stripe=next(free))
