"""Options that several commands share, and how they ask before they do something."""

from typing import Annotated

import typer

from ecom67.base.errors import CliError

StageName = Annotated[str, typer.Option("--stage", help="local, or a stage in AWS by your own credentials.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
Assignments = Annotated[
    list[str] | None,
    typer.Option("--set", help="Change a field before it is sent, such as data.orderId=abc; as often as needed."),
]
Edit = Annotated[bool, typer.Option("--edit", help="Change it in $EDITOR before it is sent.")]


def ask(question: str, yes: bool) -> None:
    """Ask before something is done; raises CliError where the answer is no."""
    if not yes and not typer.confirm(question):
        raise CliError("Nothing was done.")
