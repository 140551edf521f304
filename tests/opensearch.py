"""A real node of OpenSearch for the tests that need one."""

import pytest

from infra.local.fault import Fault
from infra.local.opensearch.node import missing, node
from infra.local.processes import Process
from infra.local.scratch import free_ports


def node_or_skip(tmp_path_factory: pytest.TempPathFactory) -> Process:
    """Return a node that is not running yet; skips the test, and says why, where there cannot be one."""
    if lack := missing():
        pytest.skip(lack)
    try:
        return node(tmp_path_factory.mktemp("opensearch"), free_ports().shop, quick_start=True)
    except Fault as fault:
        pytest.skip(str(fault))
