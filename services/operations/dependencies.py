"""The stores, queues and clients of the operations functions, created once a process and shared by all invocations."""

import json
from functools import cache
from typing import TYPE_CHECKING

from bus.clients import client, dynamodb
from bus.journal_reader import JournalReader
from bus.journal_table import NAME
from bus.settings import Settings
from services.operations.domain import RepairStep
from services.operations.quarantine import QuarantineReader
from services.operations.queues import Queues
from services.operations.store import FindingStore

if TYPE_CHECKING:
    from audit.stripe_account import StripeAccount
    from services.operations.reconciliation import Reconciliation


class OperationsSettings(Settings):
    """Environment of all operations functions."""

    differences_table: str
    journal_table: str
    name_prefix: str


class ApiSettings(Settings):
    """Environment of the API.

    ``DEAD_LETTER_QUEUES`` are names without the prefix, joined by commas.
    """

    quarantine_table: str
    dead_letter_queues: str


class ReconcileSettings(Settings):
    """Environment of reconciliation: two commands, and the name of Stripe's secret."""

    release_arn: str
    confirm_arn: str
    stripe_secret: str


class NoStripeKeyError(RuntimeError):
    """The stage has no key of Stripe yet, so nothing was sold."""


@cache
def store() -> FindingStore:
    """Return the differences."""
    return FindingStore(dynamodb(), OperationsSettings.load().differences_table)


@cache
def journal() -> JournalReader:
    """Return the journal."""
    return JournalReader(dynamodb(), OperationsSettings.load().journal_table)


@cache
def dead_letters() -> Queues:
    """Return the queues with the dead letters of all consumers."""
    return Queues(client("sqs"), OperationsSettings.load().name_prefix, _dead_letter_queues())


@cache
def quarantine() -> QuarantineReader:
    """Return the quarantine: the journal puts events there as well as the consumers."""
    settings = ApiSettings.load()
    # Each consumer of events has a queue of that name.
    consumers = [name.removesuffix("-events-dlq") for name in _dead_letter_queues() if name.endswith("-events-dlq")]
    return QuarantineReader(dynamodb(), settings.quarantine_table, [*consumers, NAME])


def _dead_letter_queues() -> list[str]:
    return ApiSettings.load().dead_letter_queues.split(",")


@cache
def reconciliation() -> "Reconciliation":
    """Return reconciliation; raises MissingSettingError for what the environment lacks."""
    # The API does without these.
    from audit.reader import LedgerReader
    from services.operations.reconciliation import Reconciliation
    from services.operations.repairs import Repairer

    settings, prefix = ReconcileSettings.load(), OperationsSettings.load().name_prefix
    commands = {RepairStep.RELEASE_STOCK: settings.release_arn, RepairStep.CONFIRM_PAYMENT: settings.confirm_arn}
    repairer = Repairer(journal(), Queues(client("sqs"), prefix), client("lambda"), commands)
    return Reconciliation(lambda: LedgerReader(dynamodb(), prefix, _stripe_account()), store(), repairer)


def _stripe_account() -> "StripeAccount":
    from audit.stripe_account import StripeAccount

    # Read again in each run, so that a key that was rotated is not used for days.
    secret_id = ReconcileSettings.load().stripe_secret
    secret = json.loads(client("secretsmanager").get_secret_value(SecretId=secret_id)["SecretString"])
    if not secret.get("apiKey"):
        raise NoStripeKeyError(f"secret {secret_id} has no apiKey yet")
    return StripeAccount.opened_with(secret)
