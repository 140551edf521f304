import io

import pytest
from rich.console import Console

from ecom67.base.progress import ProgressTree


def test_each_step_leaves_a_line_with_its_time() -> None:
    output = io.StringIO()
    steps = ProgressTree("The stage", Console(file=output, highlight=False))

    with steps.shown(), steps.step("Deploy") as step:
        step.note("2/2")
    with pytest.raises(KeyError), steps.step("Seed"):
        raise KeyError

    lines = output.getvalue().splitlines()
    assert lines[0] == "The stage"
    assert lines[1].startswith("  ✓ Deploy  2/2  0.")
    assert lines[2].startswith("  ✗ Seed  0.")
    assert [step.failed for step in steps.done] == [False, True]


def test_on_a_terminal_the_steps_are_a_tree() -> None:
    output = io.StringIO()
    steps = ProgressTree("The stage", Console(file=output, highlight=False, force_terminal=True, width=80))

    with steps.shown(), steps.step("Deploy") as step:
        step.note("2/2")

    assert "└── " in output.getvalue()
    assert "Deploy" in output.getvalue()


def test_without_a_console_nothing_is_shown_and_all_is_counted() -> None:
    steps = ProgressTree("The stage")

    with steps.shown(), steps.step("Deploy"):
        pass

    assert [step.title for step in steps.done] == ["Deploy"]
