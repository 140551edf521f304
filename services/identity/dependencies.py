"""The clients and stores of the identity functions, created once a process and shared by all invocations."""

from functools import cache

from bus.clients import client, dynamodb
from bus.erased_users import erased_users
from services.identity.service_commands import ServiceCommands, ServiceCommandsSettings
from services.identity.store import IdentitySettings, ProfileStore
from services.identity.user_pool import UserPoolAdmin, UserPoolSettings


@cache
def store() -> ProfileStore:
    """Return the profiles; raises MissingSettingError without ``USERS_TABLE``."""
    return ProfileStore(dynamodb(), IdentitySettings.load().users_table, erased_users)


@cache
def user_pool() -> UserPoolAdmin:
    """Return the user pool; raises MissingSettingError without ``USER_POOL_ID``."""
    return UserPoolAdmin(client("cognito-idp"), UserPoolSettings.load().user_pool_id)


@cache
def service_commands() -> ServiceCommands:
    """Return the commands of other services; raises MissingSettingError without ``PARAMETERS_PATH``."""
    return ServiceCommands(client("ssm"), client("lambda"), ServiceCommandsSettings.load().parameters_path)
