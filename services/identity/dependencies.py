"""The clients and stores of the identity functions, created once a process and shared by all invocations."""

from functools import cache

from botocore.config import Config

from bus.clients import client, dynamodb
from bus.erased_users import erased_users
from services.identity.exports import ExportFiles, ExportSettings
from services.identity.service_commands import ServiceCommands, ServiceCommandsSettings
from services.identity.staff_actions import StaffActionLog, StaffActionSettings
from services.identity.store import IdentitySettings, ProfileStore
from services.identity.unsubscribing import UnsubscribeLinks, UnsubscribeSettings, read_key
from services.identity.user_pool import UserPoolAdmin, UserPoolSettings


@cache
def store() -> ProfileStore:
    """Return the profiles; raises MissingSettingError without ``USERS_TABLE``."""
    return ProfileStore(dynamodb(), IdentitySettings.load().users_table, erased_users)


@cache
def unsubscribe_links() -> UnsubscribeLinks:
    """Return what issues and verifies links of mails; raises MissingSettingError without ``UNSUBSCRIBE_SECRET``."""
    # Read once a process: another key is for an emergency, and then the functions are deployed anew.
    key = cache(lambda: read_key(client("secretsmanager"), UnsubscribeSettings.load().unsubscribe_secret))
    return UnsubscribeLinks(key)


@cache
def user_pool() -> UserPoolAdmin:
    """Return the user pool; raises MissingSettingError without ``USER_POOL_ID``."""
    return UserPoolAdmin(client("cognito-idp"), UserPoolSettings.load().user_pool_id)


@cache
def export_files() -> ExportFiles:
    """Return the files of exports; raises MissingSettingError without ``EXPORTS_BUCKET`` and ``EXPORT_QUEUE_URL``."""
    # By itself botocore signs links to S3 by the old version 2, which regions that were opened since 2014 refuse.
    s3 = client("s3", Config(signature_version="s3v4"))
    return ExportFiles(s3, client("sqs"), ExportSettings.load())


@cache
def service_commands() -> ServiceCommands:
    """Return the commands of other services; raises MissingSettingError without ``PARAMETERS_PATH``."""
    return ServiceCommands(client("ssm"), client("lambda"), ServiceCommandsSettings.load().parameters_path)


@cache
def staff_actions() -> StaffActionLog:
    """Return the audit trail of staff; raises MissingSettingError without ``STAFF_ACTIONS_TABLE``."""
    return StaffActionLog(dynamodb(), StaffActionSettings.load().staff_actions_table)
