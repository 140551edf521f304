"""The reader of a stage's records, with the stage's own Stripe account and mailbox."""

import json

import httpx

from audit.reader import LedgerReader, OnProgress
from audit.stripe_account import StripeAccount
from ecom67.base.errors import CliError
from ecom67.base.stage_names import stripe_secret_name
from ecom67.stage_client import StageClient


def ledger_reader(
    stage: StageClient, mailbox_url: str | None = None, on_progress: OnProgress = lambda _: None
) -> LedgerReader:
    """Return the reader of a stage's records.

    Parameters:
        stage: the stage.
        mailbox_url: URL of the sent e-mails, which only the local stage has.
        on_progress: called with what is being read.

    Raises CliError where the stage has no key of Stripe yet.
    """
    return LedgerReader(
        stage.client("dynamodb"),
        stage.prefix,
        _stripe_account(stage),
        (lambda: _sent_mails(mailbox_url)) if mailbox_url else None,
        on_progress,
    )


def _stripe_account(stage: StageClient) -> StripeAccount:
    secret_id = stripe_secret_name(stage.name)
    secret = json.loads(stage.client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"])
    if not secret.get("apiKey"):
        raise CliError(f"Secret {secret_id} has no apiKey, so Stripe cannot be asked.")
    return StripeAccount.opened_with(secret)


def _sent_mails(url: str) -> list[str]:
    accounts = httpx.get(url, trust_env=False).raise_for_status().json()["messages"]
    messages = (message for sent in accounts.values() for message in sent)
    # Cognito's own mails, with codes, are not the shop's.
    return [mail["MessageId"] for mail in messages if not mail["Type"].startswith("Cognito")]
