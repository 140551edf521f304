"""The order of the tests, and which worker runs which: a stage takes gigabytes, and waits much of its time.

Of N workers at most MAX_STAGES have a stage. Each of the others runs what needs none, while those with a stage wait for
theirs to start, for retries and for a browser.
"""

from xdist.scheduler.loadscope import LoadScopeScheduling
from xdist.workermanage import WorkerController

MAX_STAGES = 2
OPENSEARCH = ("[opensearch", "/test_opensearch.py::")
"""In the id of a test with the run's node of OpenSearch."""
ALL_OF_OPENSEARCH = "opensearch"
"""What takes the place of a file for all of them: the node is started once. Some use a stage."""
ON_A_STAGE = ("tests/bench/", "tests/e2e/", "tests/race/", "tests/soak/")
"""Folders of the tests that use the run's stages, but for STAGELESS."""
STAGELESS = (
    "tests/e2e/account/",
    "tests/e2e/checkout/",
    "tests/e2e/web/test_event_catalogue.py",
    "tests/race/inventory/",
    "tests/race/invoices/",
    "tests/race/orders/",
    "tests/race/returns/",
    "tests/race/search/",
)
"""What is in those folders without using a stage of the run."""
LONGEST_FIRST = (
    "tests/e2e/account/",
    "tests/contract/runtime/",
    "tests/e2e/web/test_event_catalogue.py",
    "tests/infra/",
    "tests/e2e/events/test_replay.py",
    "tests/e2e/chat/",
    "tests/e2e/events/",
    "tests/e2e/people/",
    "tests/e2e/test_purchase.py",
    "tests/e2e/web/test_paying.py",
    "tests/e2e/web/test_assistant.py",
    "tests/e2e/web/",
    "tests/e2e/",
    "tests/race/",
    "tests/contract/bindings/",
    "tests/contract/chat/",
    "tests/contract/",
)
RESTARTS_ITS_STAGE = "tests/e2e/test_runner.py"
"""Comes after all others on a stage, whose functions it leaves cold."""
FLOODS_ITS_STAGE = "tests/bench/bench_api.py"
"""Comes after all other benches, which measure a quiet shop."""


def needs_opensearch(nodeid: str) -> bool:
    """Return whether a test uses the run's node of OpenSearch."""
    return any(mark in nodeid for mark in OPENSEARCH)


def uses_stage(nodeid: str) -> bool:
    """Return whether a test or a file may use the stage of its worker."""
    return nodeid == ALL_OF_OPENSEARCH or (nodeid.startswith(ON_A_STAGE) and not nodeid.startswith(STAGELESS))


def start_order(nodeid: str) -> int:
    """Return the place of a test in the run: the longest first, so that many short files fill its end."""
    if needs_opensearch(nodeid):
        return -1
    if nodeid.startswith(RESTARTS_ITS_STAGE):
        return len(LONGEST_FIRST)
    if nodeid.startswith(FLOODS_ITS_STAGE):
        return len(LONGEST_FIRST) + 2
    places = (place for place, beginning in enumerate(LONGEST_FIRST) if nodeid.startswith(beginning))
    return next(places, len(LONGEST_FIRST) + 1)


class ByFile(LoadScopeScheduling):  # type: ignore[misc]
    """Sends each file to a worker that is free: to one with a stage, those that use one first; to others, the others.

    Each worker that has a stage has its own, so tests of two files meet on none. xdist's own ``loadfile`` would sort
    by the number of tests.
    """

    def _split_scope(self, nodeid: str) -> str:
        return ALL_OF_OPENSEARCH if needs_opensearch(nodeid) else nodeid.partition("::")[0]

    def _reschedule(self, node: WorkerController) -> None:
        if self.workqueue and self._next_unit(node) is None:
            node.shutdown()
        else:
            super()._reschedule(node)

    def _assign_work_unit(self, node: WorkerController) -> None:
        if unit := self._next_unit(node):
            self.workqueue.move_to_end(unit, last=False)
            super()._assign_work_unit(node)

    def _next_unit(self, node: WorkerController) -> str | None:
        """Return the file that a worker takes next; None where all that are left need a stage, and it has none."""
        first = next(iter(self.workqueue), None)
        without_stage = next((unit for unit in self.workqueue if not uses_stage(unit)), None)
        if self.nodes.index(node) >= MAX_STAGES:
            return without_stage
        return next((unit for unit in self.workqueue if uses_stage(unit)), first)
