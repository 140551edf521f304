"""The clients and stores of the checkout functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import client, dynamodb
from services.checkout.compensation import CompensationSettings, Compensator
from services.checkout.order_queue import OrderQueue, OrderQueueSettings
from services.checkout.recovery import Recovery, RecoverySettings
from services.checkout.store import CheckoutSettings, CheckoutStore
from services.checkout.workflow import CheckoutWorkflow, WorkflowSettings


@cache
def store() -> CheckoutStore:
    """Return the checkouts; raises MissingSettingError without ``CHECKOUTS_TABLE``."""
    return CheckoutStore(dynamodb(), CheckoutSettings.load().checkouts_table)


@cache
def workflow() -> CheckoutWorkflow:
    """Return the state machine; raises MissingSettingError without ``STATE_MACHINE_ARN``."""
    return CheckoutWorkflow.from_settings(WorkflowSettings.load())


@cache
def compensator() -> Compensator:
    """Return the compensator; raises MissingSettingError without ``REFUND_ARN`` and ``RELEASE_ARN``."""
    return Compensator(store(), client("lambda"), CompensationSettings.load())


@cache
def order_queue() -> OrderQueue:
    """Return the queue of orders; raises MissingSettingError without ``ORDER_QUEUE_URL``."""
    return OrderQueue(client("sqs"), OrderQueueSettings.load())


@cache
def recovery() -> Recovery:
    """Return the recovery of paid checkouts.

    Raises MissingSettingError without ``CONFIRM_ARN``, ``RESERVE_ARN``, ``ORDER_QUEUE_URL``, ``REFUND_ARN`` and
    ``RELEASE_ARN``.
    """
    return Recovery(store(), compensator(), order_queue(), client("lambda"), RecoverySettings.load())
