"""Who has an e-mail address: Cognito alone knows."""

from typing import TYPE_CHECKING

from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient


class ShopperSettings(Settings):
    """Environment of the functions that look shoppers up."""

    user_pool_id: str


class ShopperDirectory:
    """Looks shoppers up by their address.

    Parameters:
        cognito: the Cognito client.
        pool_id: id of the shop's user pool, whose users sign in by e-mail.
    """

    def __init__(self, cognito: "CognitoIdentityProviderClient", pool_id: str) -> None:
        self._cognito = cognito
        self._pool_id = pool_id

    def find(self, email: str) -> str | None:
        """Return the id of the shopper with an address; None where nobody has it.

        Parameters:
            email: in small letters, as the pool has it.
        """
        try:
            user = self._cognito.admin_get_user(UserPoolId=self._pool_id, Username=email)
        except self._cognito.exceptions.UserNotFoundException:
            return None
        return next(each["Value"] for each in user["UserAttributes"] if each["Name"] == "sub")
