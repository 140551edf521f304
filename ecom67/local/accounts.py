"""Accounts of the local stage, created like a shopper's: sign-up, confirmation, sign-in."""

from dataclasses import dataclass
from typing import Any

from bus.http import STAFF_GROUP
from ecom67.base.errors import CliError
from ecom67.local import emulator

# Valid only on a local stage.
PASSWORD = "Local-shop-67"  # noqa: S105
SHOPPER = "shopper@ecom67.example"
STAFF = "staff@ecom67.example"


@dataclass(frozen=True, slots=True)
class UserPool:
    """The Cognito user pool of a stage, and the app client of the shop."""

    cognito: Any
    pool_id: str
    client_id: str

    @classmethod
    def of(cls, endpoint_url: str) -> "UserPool":
        """Return the pool that the identity stack has published; raises CliError where that is not deployed."""
        published = emulator.published(endpoint_url)
        if not {"identity/user-pool-id", "identity/user-pool-client-id"} <= published.keys():
            raise CliError("The identity service is not deployed, so there are no accounts. Run `make up`.")
        return cls(
            emulator.client(endpoint_url, "cognito-idp"),
            published["identity/user-pool-id"],
            published["identity/user-pool-client-id"],
        )

    def token(self, email: str, *, staff: bool = False) -> str:
        """Return an ID token of an account, which is created if needed.

        Parameters:
            email: the account's e-mail address; the password is always ``PASSWORD``.
            staff: whether to add the account to the staff group.

        Raises CliError where the address is invalid, or the account has another password.
        """
        try:
            self.ensure(email, staff=staff)
            answer = self.cognito.initiate_auth(
                AuthFlow="USER_PASSWORD_AUTH",
                ClientId=self.client_id,
                AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD},
            )
        except self.cognito.exceptions.InvalidParameterException as error:
            raise CliError(f"{email!r} cannot have an account: {error.response['Error']['Message']}") from None
        except self.cognito.exceptions.NotAuthorizedException:
            raise CliError(f"The account {email} has another password than {PASSWORD}. Sign in with that.") from None
        return str(answer["AuthenticationResult"]["IdToken"])

    def ensure(self, email: str, *, staff: bool = False) -> None:
        """Create the account unless it exists, and add it to the staff group where ``staff`` is set."""
        try:
            self.cognito.sign_up(
                ClientId=self.client_id,
                Username=email,
                Password=PASSWORD,
                UserAttributes=[{"Name": "email", "Value": email}],
            )
            self.cognito.admin_confirm_sign_up(UserPoolId=self.pool_id, Username=email)
        except self.cognito.exceptions.UsernameExistsException:
            pass
        if staff:
            self.cognito.admin_add_user_to_group(UserPoolId=self.pool_id, Username=email, GroupName=STAFF_GROUP)
