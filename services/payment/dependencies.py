"""The clients and stores of the payment functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import client, dynamodb
from bus.settings import Settings
from services.payment.charging import Charging
from services.payment.credentials import CredentialSource
from services.payment.gateway import Gateway
from services.payment.refunding import Refunding
from services.payment.settlement import Settlement
from services.payment.store import PaymentStore
from services.payment.webhook import Webhook


class PaymentSettings(Settings):
    """What the stack tells the functions of payment: the table, and the name of Stripe's secret."""

    payments_table: str
    stripe_secret: str


@cache
def gateway() -> Gateway:
    """Return Stripe."""
    return Gateway(CredentialSource(client("secretsmanager"), PaymentSettings.load().stripe_secret))


@cache
def store() -> PaymentStore:
    """Return the payments."""
    return PaymentStore(dynamodb(), PaymentSettings.load().payments_table)


@cache
def charging() -> Charging:
    """Return what charges."""
    return Charging(store(), gateway())


@cache
def refunding() -> Refunding:
    """Return what gives money back."""
    return Refunding(store(), gateway())


@cache
def webhook() -> Webhook:
    """Return what understands Stripe's events."""
    return Webhook(Settlement(store(), gateway()), refunding())
