"""Options shared by several commands, and the confirmation prompt."""

from contextvars import ContextVar
from typing import Annotated

import typer

from ecom67.base.errors import CliError
from ecom67.base.stage_names import LOCAL

_selected = ContextVar("selected_stage", default=LOCAL)


def selected_stage() -> str:
    """Return the stage that the command was told to use; the local one by default."""
    return _selected.get()


def select_stage(stage: str) -> str:
    """Remember the stage for messages about it; the callback of every ``--stage``."""
    _selected.set(stage)
    return stage


StageName = Annotated[
    str,
    typer.Option("--stage", help="local, or a stage in AWS, with your own credentials.", callback=select_stage),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
Assignments = Annotated[
    list[str] | None,
    typer.Option("--set", help="Set a field before sending, such as data.orderId=abc; repeatable."),
]
Edit = Annotated[bool, typer.Option("--edit", help="Edit the message in $EDITOR before sending.")]


def confirm(question: str, yes: bool) -> None:
    """Ask for confirmation unless ``yes`` is set; raises CliError where the answer is no."""
    try:
        if not yes and not typer.confirm(question):
            raise CliError("Nothing was done.")
    except typer.Abort as abort:
        # Typer raises the same for Ctrl-C and for an input that has ended.
        if isinstance(abort.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        raise CliError("Nothing was done: there is nobody to ask. Use --yes.") from None
