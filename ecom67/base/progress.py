"""Progress on the terminal: the steps of a long command as a tree, and bars for countable work."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.spinner import Spinner
from rich.text import Text
from rich.tree import Tree


@dataclass(slots=True)
class ProgressStep:
    """One step of a command.

    Attributes:
        title: what the step does.
        remark: its progress, and in the end its result.
        seconds: its duration; None while it runs.
        failed: whether it raised.
    """

    title: str
    remark: str = ""
    seconds: float | None = None
    failed: bool = False
    started: float = field(default_factory=time.monotonic)

    def note(self, remark: str) -> None:
        """Set the remark."""
        self.remark = remark

    def line(self) -> Text:
        """Return the finished step as one line."""
        mark, style = ("✗", "red") if self.failed else ("✓", "green")
        remark = f"  {self.remark}" if self.remark else ""
        return Text.assemble((mark, style), f" {self.title}", (remark, "dim"), (f"  {self.elapsed:.1f} s", "cyan"))

    @property
    def elapsed(self) -> float:
        """Return the seconds since the start, or the duration of a finished step."""
        return time.monotonic() - self.started if self.seconds is None else self.seconds


class ProgressTree:
    """Shows the steps of a command: on a terminal as a live tree, elsewhere as one line after each step.

    Parameters:
        title: what the steps do together.
        console: where to show them; None shows nothing.
    """

    def __init__(self, title: str, console: Console | None = None) -> None:
        self.title = title
        self.done: list[ProgressStep] = []
        self._running: ProgressStep | None = None
        self._console = console
        self._started = time.monotonic()
        self._live: Live | None = None

    @property
    def seconds(self) -> float:
        """Return the seconds since the display began."""
        return time.monotonic() - self._started

    @contextmanager
    def shown(self) -> Iterator["ProgressTree"]:
        """Show the steps that run in the block."""
        self._started = time.monotonic()
        if self._console is None or not self._console.is_terminal:
            if self._console:
                self._console.print(self.title)
            yield self
            return
        with Live(get_renderable=self._tree, console=self._console, refresh_per_second=10) as self._live:
            yield self
        self._live = None

    @contextmanager
    def step(self, title: str) -> Iterator[ProgressStep]:
        """Run the block as a step; an exception marks the step as failed and propagates."""
        step = self._running = ProgressStep(title)
        try:
            yield step
        except BaseException:
            step.failed = True
            raise
        finally:
            step.seconds = step.elapsed
            self._running = None
            self.done.append(step)
            if self._console and self._live is None:
                self._console.print(Text("  ").append(step.line()), soft_wrap=True)

    def _tree(self) -> Tree:
        tree = Tree(Text(self.title, style="bold"))
        for step in self.done:
            tree.add(step.line())
        if self._running:
            running = Text.assemble(f"{self._running.title} ", (self._running.remark, "dim"))
            running.append(f"  {self._running.elapsed:.0f} s", style="cyan")
            tree.add(Spinner("dots", running))
        return tree


def progress_bars(console: Console, *, transient: bool = True) -> Progress:
    """Return bars that show a description, the count, and the elapsed time.

    Parameters:
        console: where to show them.
        transient: whether they disappear at the end.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=transient)
