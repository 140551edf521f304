"""The recipients of e-mails: their addresses are in Cognito alone."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person with an address."""

    address: str
    name: str | None


class RecipientDirectory:
    """Looks up recipients in the shop's user pool.

    Parameters:
        cognito: the Cognito client.
        pool_id: id of the pool, whose users sign in by e-mail, so that their user name is their id.
    """

    def __init__(self, cognito: "CognitoIdentityProviderClient", pool_id: str) -> None:
        self._cognito = cognito
        self._pool_id = pool_id

    def find(self, user_id: str) -> Recipient | None:
        """Return the recipient, None where the account is gone or has no address."""
        try:
            user = self._cognito.admin_get_user(UserPoolId=self._pool_id, Username=user_id)
        except self._cognito.exceptions.UserNotFoundException:
            return None
        attributes = {attribute["Name"]: attribute.get("Value", "") for attribute in user["UserAttributes"]}
        address = attributes.get("email")
        return Recipient(address, attributes.get("name") or None) if address else None
