"""A real node of OpenSearch for the tests that need one."""

import pytest

from ecom67.base.errors import CliError
from ecom67.local.processes import StageProcess
from ecom67.local.standins.opensearch.node import missing, node
from tests.free_ports import free_ports


def node_or_skip(tmp_path_factory: pytest.TempPathFactory) -> StageProcess:
    """Return a node that is not running yet; skips the test, and says why, where there cannot be one."""
    if lack := missing():
        pytest.skip(lack)
    try:
        return node(tmp_path_factory.mktemp("opensearch"), free_ports().shop, quick_start=True)
    except CliError as fault:
        pytest.skip(str(fault))
