"""``ecom67 staff add``, ``remove``, ``list``, and ``ecom67 login``."""

from typing import Annotated

import typer

from ecom67.base.options import AsJson, StageName
from ecom67.base.stage_names import LOCAL
from ecom67.base.tables import print_table
from ecom67.staff import tokens
from ecom67.staff.accounts import StaffAccounts
from ecom67.stage_client import connect

app = typer.Typer(no_args_is_help=True, help="Who works in the shop.")
login_app = typer.Typer()

Email = Annotated[str, typer.Argument(help="Address of the account.")]


@app.command()
def add(
    email: Email,
    stage: StageName = LOCAL,
    password: Annotated[
        bool, typer.Option("--password", help="Ask for a password, and send no invitation to a new account.")
    ] = False,
) -> None:
    """Put somebody into the staff group; without an account they are invited by e-mail."""
    accounts = StaffAccounts(connect(stage))
    created = accounts.add(email, _new_password() if password else None)
    if created and not password:
        typer.echo(f"{email} is invited, and belongs to the staff of stage {stage}.")
    else:
        typer.echo(f"{email} belongs to the staff of stage {stage}{', with a new account' if created else ''}.")


@app.command()
def remove(email: Email, stage: StageName = LOCAL) -> None:
    """Take somebody out of the staff group. A token of theirs is valid until it expires, for an hour at most."""
    StaffAccounts(connect(stage)).remove(email)
    typer.echo(f"{email} no longer belongs to the staff of stage {stage}.")


@app.command("list")
def list_staff(stage: StageName = LOCAL, as_json: AsJson = False) -> None:
    """Say who belongs to the staff."""
    members = StaffAccounts(connect(stage)).list()
    if as_json:
        import json

        typer.echo(json.dumps([{"email": email, "status": status} for email, status in members], indent=2))
    elif members:
        print_table(("E-mail", "Account"), members)
    else:
        typer.echo(f"Stage {stage} has no staff. Add the first: ecom67 staff add EMAIL --stage {stage}")


@login_app.command()
def login(email: Email, stage: StageName = LOCAL) -> None:
    """Sign in to a stage, for the commands that act as its staff, such as `catalog import`."""
    accounts = StaffAccounts(connect(stage))
    answer = accounts.sign_in(email, typer.prompt("Password", hide_input=True))
    if answer.session:
        typer.echo("The password is a temporary one. Choose your own: eight characters or more, both cases, a digit.")
        answer = accounts.set_first_password(email, _new_password(), answer.session)
    path = tokens.store(stage, email, answer.token, answer.expires_in)
    typer.echo(f"Signed in for {answer.expires_in // 60} minutes. The token is in {path}.")


def _new_password() -> str:
    return str(typer.prompt("New password", hide_input=True, confirmation_prompt=True))
