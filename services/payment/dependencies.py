"""The clients and stores of the payment functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import client, dynamodb
from bus.settings import Settings
from services.payment.charges import ChargeService
from services.payment.credentials import CredentialsProvider
from services.payment.gateway import StripeGateway
from services.payment.reconciliation import PaymentReconciler
from services.payment.refunds import RefundService
from services.payment.store import PaymentStore
from services.payment.webhook import WebhookHandler


class PaymentSettings(Settings):
    """Environment of the payment functions: the table, and the name of Stripe's secret."""

    payments_table: str
    stripe_secret: str


@cache
def gateway() -> StripeGateway:
    """Return the gateway to Stripe; raises MissingSettingError without ``STRIPE_SECRET``."""
    return StripeGateway(CredentialsProvider(client("secretsmanager"), PaymentSettings.load().stripe_secret))


@cache
def store() -> PaymentStore:
    """Return the payments; raises MissingSettingError without ``PAYMENTS_TABLE``."""
    return PaymentStore(dynamodb(), PaymentSettings.load().payments_table)


@cache
def charge_service() -> ChargeService:
    """Return the service that charges."""
    return ChargeService(store(), gateway())


@cache
def refund_service() -> RefundService:
    """Return the service that refunds."""
    return RefundService(store(), gateway())


@cache
def webhook_handler() -> WebhookHandler:
    """Return the handler of Stripe's webhook events."""
    return WebhookHandler(PaymentReconciler(store(), gateway()), refund_service())
