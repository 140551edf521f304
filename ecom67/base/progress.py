"""The steps of a longer command as a tree that grows while they run, each with the time it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text
from rich.tree import Tree


@dataclass(slots=True)
class ProgressStep:
    """One step.

    Attributes:
        title: what is done.
        remark: how far it is, and in the end what came of it.
        seconds: that it took; None while it runs.
        failed: whether it could not be done.
    """

    title: str
    remark: str = ""
    seconds: float | None = None
    failed: bool = False
    started: float = field(default_factory=time.monotonic)

    def note(self, remark: str) -> None:
        """Say how far it is."""
        self.remark = remark

    def line(self) -> Text:
        """Return the step as one line."""
        mark, style = ("✗", "red") if self.failed else ("✓", "green")
        remark = f"  {self.remark}" if self.remark else ""
        return Text.assemble((mark, style), f" {self.title}", (remark, "dim"), (f"  {self.elapsed:.1f} s", "cyan"))

    @property
    def elapsed(self) -> float:
        """Return the seconds since it began, or those that it took."""
        return time.monotonic() - self.started if self.seconds is None else self.seconds


class ProgressTree:
    """Shows steps on a terminal as a live tree, elsewhere as a line after each.

    Parameters:
        title: what all of them do together.
        console: to show them on; None shows nothing.
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
        """Return the seconds since the first of them began."""
        return time.monotonic() - self._started

    @contextmanager
    def shown(self) -> Iterator["ProgressTree"]:
        """Show what happens inside."""
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
        """Run a step; what it raises marks it as failed and goes on."""
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
