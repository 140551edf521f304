"""``ecom67 stripe keys``: stores Stripe's keys of a stage in AWS, none of which is in a template or a file."""

import json
from typing import Annotated, Any

import typer

from ecom67.base.errors import CliError
from ecom67.base.options import select_stage
from ecom67.base.stage_names import parameter_name, require_aws_stage, stripe_secret_name
from ecom67.deploy.prerequisites import KEY_PREFIXES
from ecom67.deploy.settings import read_settings
from ecom67.stage_client import StageClient, connect

app = typer.Typer(no_args_is_help=True, help="The keys of Stripe.")

WEBHOOK_PREFIX = "whsec_"


@app.callback()
def stripe() -> None:
    """Manage Stripe's keys."""


@app.command()
def keys(
    stage: Annotated[str, typer.Option(help="A stage in AWS.", callback=select_stage)],
    secret_key: Annotated[
        str, typer.Option(prompt="Secret or restricted key (sk_… or rk_…)", hide_input=True, envvar="STRIPE_SECRET_KEY")
    ],
    webhook_secret: Annotated[
        str,
        typer.Option(prompt="Signing secret of the webhook (whsec_…)", hide_input=True, envvar="STRIPE_WEBHOOK_SECRET"),
    ],
    publishable_key: Annotated[str, typer.Option(prompt="Publishable key (pk_…)", envvar="STRIPE_PUBLISHABLE_KEY")],
) -> None:
    """Store Stripe's keys, of the mode that the stage's settings name.

    Functions use new keys within five minutes; the browser, after `ecom67 web publish`.
    """
    require_aws_stage(stage)
    mode = read_settings(stage).stripe_mode
    wrong = [
        f"{title} does not begin with {' or '.join(prefixes)}"
        for title, key, prefixes in (
            ("the secret key", secret_key, KEY_PREFIXES[mode]),
            ("the signing secret", webhook_secret, (WEBHOOK_PREFIX,)),
            ("the publishable key", publishable_key, (f"pk_{mode}_",)),
        )
        if not key.startswith(prefixes)
    ]
    if wrong:
        raise CliError(f"Nothing is stored: {'; '.join(wrong)}. stages/{stage}.toml says {mode}.")
    _store(connect(stage), {"apiKey": secret_key, "webhookSecret": webhook_secret}, publishable_key)
    typer.echo(f"Stored. Publish the shop with its key: ecom67 web publish --stage {stage}")


def _store(stage: StageClient, secret: dict[str, str], publishable_key: str) -> None:
    secrets: Any = stage.client("secretsmanager")
    try:
        secrets.put_secret_value(SecretId=stripe_secret_name(stage.name), SecretString=json.dumps(secret))
    except secrets.exceptions.ResourceNotFoundException:
        message = f"Stage {stage.name} has no secret for them yet. Deploy it: ecom67 deploy --all --stage {stage.name}"
        raise CliError(message) from None
    stage.client("ssm").put_parameter(
        Name=parameter_name(stage.name, "web", "stripe-publishable-key"),
        Value=publishable_key,
        Type="String",
        Overwrite=True,
    )
