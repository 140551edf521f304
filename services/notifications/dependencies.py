"""The clients and stores of the notifications functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import client, dynamodb
from bus.inbox import Inbox
from bus.settings import Settings
from services.notifications.directory import Directory
from services.notifications.postman import Postman
from services.notifications.topic import Topic, TopicSettings


class EmailSettings(Settings):
    """What the stack tells the sender of mails."""

    send_log_table: str
    user_pool_id: str
    mail_from: str
    configuration_set: str
    shop_url: str


@cache
def email_settings() -> EmailSettings:
    """Return the settings of the sender of mails; raises MissingSettingError."""
    return EmailSettings.load()


@cache
def send_log() -> Inbox:
    """Return the send log."""
    return Inbox(dynamodb(), email_settings().send_log_table, "email")


@cache
def directory() -> Directory:
    """Return the directory of recipients."""
    return Directory(client("cognito-idp"), email_settings().user_pool_id)


@cache
def postman() -> Postman:
    """Return the sender."""
    settings = email_settings()
    return Postman(client("sesv2"), f"e-com67 <{settings.mail_from}>", settings.configuration_set)


@cache
def topic() -> Topic:
    """Return the topic of announced mails; raises MissingSettingError without ``TOPIC_ARN``."""
    return Topic(client("sns"), TopicSettings.load().topic_arn)
