"""The clients and stores of the orders functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import client, dynamodb
from services.orders.refunds import Refunds, RefundSettings
from services.orders.store import OrderSettings, OrderStore


@cache
def store() -> OrderStore:
    """Return the orders; raises MissingSettingError without ``ORDERS_TABLE``."""
    return OrderStore(dynamodb(), OrderSettings.load().orders_table)


@cache
def refunds() -> Refunds:
    """Return the refund command of payment; raises MissingSettingError without ``REFUND_ARN``."""
    return Refunds(client("lambda"), RefundSettings.load().refund_arn)
