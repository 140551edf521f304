"""Stripe's keys by the command line: where the functions and the browser read them, and never of another mode."""

import json
import secrets
from contextlib import suppress

import pytest
from typer.testing import CliRunner, Result

from ecom67.base.errors import CliError
from ecom67.deploy import stripe_commands
from ecom67.local.connection import Connection
from ecom67.main import app
from ecom67.stage_client import StageClient
from services.payment.credentials import CredentialsProvider

SECRET = "ecom67/dev/stripe"
KEYS = ("sk_test_1", "whsec_1", "pk_test_1")


@pytest.fixture
def stage(emulator: Connection, monkeypatch: pytest.MonkeyPatch) -> StageClient:
    stage = StageClient("dev", emulator.client)
    monkeypatch.setattr(stripe_commands, "connect", lambda _: stage)
    secrets_manager = stage.client("secretsmanager")
    with suppress(secrets_manager.exceptions.ResourceNotFoundException):
        secrets_manager.delete_secret(SecretId=SECRET, ForceDeleteWithoutRecovery=True)
    return stage


def typed(*keys: str) -> Result:
    return CliRunner().invoke(app, ["stripe", "keys", "--stage", "dev"], input="".join(f"{key}\n" for key in keys))


def test_keys_are_stored_where_functions_and_browser_read_them(stage: StageClient) -> None:
    client = stage.client("secretsmanager")
    client.create_secret(Name=SECRET, SecretString=json.dumps({"apiKey": "", "webhookSecret": secrets.token_hex()}))

    stored = typed(*KEYS)

    assert stored.exit_code == 0, stored.output
    credentials = CredentialsProvider(client, SECRET)()
    assert (credentials.api_key, credentials.webhook_secret) == KEYS[:2]
    parameter = stage.client("ssm").get_parameter(Name="/ecom67/dev/web/stripe-publishable-key")["Parameter"]
    assert parameter["Value"] == KEYS[2]
    assert not any(key in stored.output for key in KEYS[:2])


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        (("sk_live_1", *KEYS[1:]), "the secret key does not begin with sk_test_ or rk_test_"),
        ((KEYS[0], "sk_test_1", KEYS[2]), "the signing secret does not begin with whsec_"),
        ((*KEYS[:2], "pk_live_1"), "the publishable key does not begin with pk_test_"),
    ],
)
def test_keys_of_another_mode_or_kind_are_not_stored(stage: StageClient, keys: tuple[str, ...], said: str) -> None:
    refused = typed(*keys)

    assert isinstance(refused.exception, CliError)
    assert said in str(refused.exception)
    assert not any(key in str(refused.exception) for key in keys)


def test_before_the_deployment_there_is_nowhere_to_store_them(stage: StageClient) -> None:
    refused = typed(*KEYS)

    assert isinstance(refused.exception, CliError)
    assert "ecom67 deploy --all --stage dev" in str(refused.exception)
