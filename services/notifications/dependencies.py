"""The clients and stores of the notifications functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import client, dynamodb
from bus.inbox import Inbox
from bus.settings import Settings
from services.notifications.consents import CartReminderConsents
from services.notifications.delivery_addresses import DeliveryAddressReader
from services.notifications.email_topic import EmailTopic, TopicSettings
from services.notifications.recipients import RecipientDirectory
from services.notifications.ses_sender import SesSender


class EmailSettings(Settings):
    """Environment of the e-mail channel."""

    send_log_table: str
    user_pool_id: str
    mail_from: str
    configuration_set: str
    shop_url: str
    delivery_address_arn: str
    cart_reminder_consent_arn: str


@cache
def email_settings() -> EmailSettings:
    """Return the settings of the e-mail channel; raises MissingSettingError."""
    return EmailSettings.load()


@cache
def send_log() -> Inbox:
    """Return the send log, an inbox of the events whose e-mail was sent."""
    return Inbox(dynamodb(), email_settings().send_log_table, "email")


@cache
def recipients() -> RecipientDirectory:
    """Return the directory of recipients."""
    return RecipientDirectory(client("cognito-idp"), email_settings().user_pool_id)


@cache
def delivery_addresses() -> DeliveryAddressReader:
    """Return the reader of delivery addresses."""
    return DeliveryAddressReader(client("lambda"), email_settings().delivery_address_arn)


@cache
def cart_reminder_consents() -> CartReminderConsents:
    """Return who agreed to reminders of a cart."""
    return CartReminderConsents(client("lambda"), email_settings().cart_reminder_consent_arn)


@cache
def ses_sender() -> SesSender:
    """Return the sender."""
    settings = email_settings()
    return SesSender(client("sesv2"), f"e-com67 <{settings.mail_from}>", settings.configuration_set)


@cache
def email_topic() -> EmailTopic:
    """Return the topic; raises MissingSettingError without ``TOPIC_ARN``."""
    return EmailTopic(client("sns"), TopicSettings.load().topic_arn)
