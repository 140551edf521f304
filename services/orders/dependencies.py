"""The clients and stores of the orders functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import client, dynamodb
from bus.erased_users import erased_users
from services.orders.refund_client import RefundClient, RefundSettings
from services.orders.store import OrderSettings, OrderStore


@cache
def store() -> OrderStore:
    """Return the orders; raises MissingSettingError without ``ORDERS_TABLE``."""
    return OrderStore(dynamodb(), OrderSettings.load().orders_table, erased_users)


@cache
def refund_client() -> RefundClient:
    """Return the client of payment's refund command; raises MissingSettingError without ``REFUND_ARN``."""
    return RefundClient(client("lambda"), RefundSettings.load().refund_arn)
