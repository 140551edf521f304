"""The clients and stores of the checkout functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import client, dynamodb
from services.checkout.compensation import Compensation, CompensationSettings
from services.checkout.recovery import Recovery, RecoverySettings
from services.checkout.store import CheckoutSettings, CheckoutStore
from services.checkout.workflow import Workflow, WorkflowSettings


@cache
def store() -> CheckoutStore:
    """Return the checkouts; raises MissingSettingError without ``CHECKOUTS_TABLE``."""
    return CheckoutStore(dynamodb(), CheckoutSettings.load().checkouts_table)


@cache
def compensation() -> Compensation:
    """Return the compensation; raises MissingSettingError without ``REFUND_ARN`` and ``RELEASE_ARN``."""
    return Compensation(store(), client("lambda"), CompensationSettings.load())


@cache
def workflow() -> Workflow:
    """Return the state machine; raises MissingSettingError without ``STATE_MACHINE_ARN``."""
    return Workflow.of(WorkflowSettings.load())


@cache
def recovery() -> Recovery:
    """Return the recovery of paid checkouts; raises MissingSettingError for each variable that it lacks."""
    settings = RecoverySettings.load()
    return Recovery(store(), compensation(), client("lambda"), client("sqs"), settings)
