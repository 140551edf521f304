"""Options shared by several commands, and the confirmation prompt."""

from typing import Annotated

import typer

from ecom67.base.errors import CliError

StageName = Annotated[str, typer.Option("--stage", help="local, or a stage in AWS, with your own credentials.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")]
Assignments = Annotated[
    list[str] | None,
    typer.Option("--set", help="Set a field before sending, such as data.orderId=abc; repeatable."),
]
Edit = Annotated[bool, typer.Option("--edit", help="Edit the message in $EDITOR before sending.")]


def confirm(question: str, yes: bool) -> None:
    """Ask for confirmation unless ``yes`` is set; raises CliError where the answer is no."""
    if not yes and not typer.confirm(question):
        raise CliError("Nothing was done.")
