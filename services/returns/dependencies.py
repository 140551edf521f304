"""The clients and stores of the returns functions, created once a process and shared by all invocations."""

from functools import cache
from typing import TYPE_CHECKING

from bus.clients import client, dynamodb
from bus.settings import Settings
from services.returns.orders_client import OrdersClient, OrdersSettings, WithdrawSettings
from services.returns.shoppers import ShopperDirectory, ShopperSettings
from services.returns.store import ReturnsStore

if TYPE_CHECKING:
    from services.returns.withdrawal_queue import WithdrawalQueue


class ReturnsSettings(Settings):
    """Environment of every function of returns: its tables."""

    returns_table: str
    withdrawals_table: str


@cache
def store() -> ReturnsStore:
    """Return the returns and withdrawals; raises MissingSettingError without their tables."""
    settings = ReturnsSettings.load()
    return ReturnsStore(dynamodb(), settings.returns_table, settings.withdrawals_table)


@cache
def orders() -> OrdersClient:
    """Return the client of orders; raises MissingSettingError without ``RETURNABLE_ORDER_ARN``."""
    return OrdersClient(client("lambda"), OrdersSettings.load().returnable_order_arn)


@cache
def withdraw_arn() -> str:
    """Return the ARN of the command that ends what is unsent; raises MissingSettingError without ``WITHDRAW_ARN``."""
    return WithdrawSettings.load().withdraw_arn


@cache
def shoppers() -> ShopperDirectory:
    """Return the directory of shoppers; raises MissingSettingError without ``USER_POOL_ID``."""
    return ShopperDirectory(client("cognito-idp"), ShopperSettings.load().user_pool_id)


@cache
def queue() -> "WithdrawalQueue":
    """Return the queue of withdrawals; raises MissingSettingError without ``WITHDRAWAL_QUEUE_URL``."""
    # One function needs it, and each start of the others would pay for it.
    from services.returns.withdrawal_queue import QueueSettings, WithdrawalQueue

    return WithdrawalQueue(client("sqs"), QueueSettings.load().withdrawal_queue_url)
