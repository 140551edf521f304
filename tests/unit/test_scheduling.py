"""Which worker of a test run gets which file."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.scheduling import MAX_STAGES, ByFile, start_order, uses_stage

STAGED = [f"tests/e2e/test_{name}.py::test_{number}" for name in "abcd" for number in range(4)]
OTHERS = [f"tests/unit/test_{name}.py::test_{number}" for name in "efgh" for number in range(4)]


class Worker:
    """A worker that notes what it is sent, and can be told to do it."""

    def __init__(self, name: str, tests: list[str]) -> None:
        self.gateway = SimpleNamespace(id=name)
        self.shutting_down = False
        self.waiting: list[int] = []
        self.ran: list[str] = []
        self._tests = tests

    def send_runtest_some(self, numbers: list[int]) -> None:
        self.waiting += numbers

    def shutdown(self) -> None:
        self.shutting_down = True

    def run_one(self, scheduling: ByFile) -> bool:
        """Run the next test, and say so; return whether there was one."""
        if not self.waiting:
            return False
        number = self.waiting.pop(0)
        self.ran.append(self._tests[number])
        scheduling.mark_test_complete(cast("Any", self), number)
        return True


def run(workers: int, tests: list[str], *, slow: frozenset[int] = frozenset()) -> list[Worker]:
    """Run tests on workers, of which those that are slow do nothing until the others have nothing to do."""
    config = SimpleNamespace(getvalue=lambda _: ["popen"] * workers, option=SimpleNamespace(loadscopereorder=False))
    scheduling = ByFile(cast("pytest.Config", config))
    nodes = [Worker(f"gw{number}", tests) for number in range(workers)]
    for node in nodes:
        scheduling.add_node(node)
        scheduling.add_node_collection(node, tests)
    scheduling.schedule()
    quick = [node for number, node in enumerate(nodes) if number not in slow]
    while sum(node.run_one(scheduling) for node in quick) or sum(node.run_one(scheduling) for node in nodes):
        pass
    assert scheduling.tests_finished
    assert all(node.shutting_down for node in nodes)
    return nodes


@pytest.mark.parametrize("workers", [1, 2, 3, 5])
@pytest.mark.parametrize("tests", [STAGED, OTHERS, [*STAGED, *OTHERS]], ids=["staged", "others", "both"])
@pytest.mark.parametrize("slow", [frozenset[int](), frozenset({0}), frozenset({0, 1})], ids=len)
def test_every_test_runs_once_and_no_third_worker_gets_a_stage(
    workers: int, tests: list[str], slow: frozenset[int]
) -> None:
    nodes = run(workers, tests, slow=slow)

    assert sorted(ran for node in nodes for ran in node.ran) == sorted(tests)
    for node in nodes[MAX_STAGES:]:
        assert not any(uses_stage(ran) for ran in node.ran)


def test_a_worker_with_a_stage_helps_with_what_needs_none() -> None:
    nodes = run(3, [*STAGED[:8], *OTHERS], slow=frozenset({2}))

    assert sum(len(node.ran) for node in nodes[:MAX_STAGES]) > len(STAGED[:8])


def test_files_with_a_stage_come_before_short_ones_and_the_one_that_restarts_it_comes_last() -> None:
    files = [
        "tests/unit/x.py",
        "tests/e2e/test_runner.py",
        "tests/e2e/test_mails.py",
        "tests/e2e/events/test_replay.py",
    ]

    assert sorted(files, key=start_order) == files[::-1]
