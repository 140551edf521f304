"""The Cognito user pool: the accounts, with their e-mail addresses and passwords."""

from typing import TYPE_CHECKING

from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient


class UserPoolSettings(Settings):
    """Environment of the functions that manage accounts."""

    user_pool_id: str


class UserPoolAdmin:
    """Administers the accounts of the shop.

    Parameters:
        cognito: the Cognito client.
        pool_id: id of the user pool.
    """

    def __init__(self, cognito: "CognitoIdentityProviderClient", pool_id: str) -> None:
        self._cognito = cognito
        self._pool_id = pool_id

    def delete_user(self, user_id: str) -> bool:
        """Delete an account with all its sessions; return False where it does not exist."""
        try:
            # In a pool whose users sign in by e-mail the user name is the sub.
            self._cognito.admin_delete_user(UserPoolId=self._pool_id, Username=user_id)
        except self._cognito.exceptions.UserNotFoundException:
            return False
        return True
