"""Accounts of the local stage, made as a shopper makes one: sign-up, confirmation, sign-in."""

from dataclasses import dataclass
from typing import Any

from bus.http import STAFF_GROUP
from ecom67.base.errors import CliError
from ecom67.local import aws

# Opens nothing but a shop on this machine.
PASSWORD = "Local-shop-67"  # noqa: S105
SHOPPER = "shopper@ecom67.example"
STAFF = "staff@ecom67.example"


@dataclass(frozen=True, slots=True)
class Pool:
    """The user pool of a stage, and the client by which the shop signs in."""

    cognito: Any
    pool_id: str
    client_id: str

    @classmethod
    def of(cls, endpoint_url: str) -> "Pool":
        """Return the pool that the identity stack has published; raises CliError where there is none."""
        published = aws.published(endpoint_url)
        if not {"identity/user-pool-id", "identity/user-pool-client-id"} <= published.keys():
            raise CliError("The identity service is not deployed, so there are no accounts. Run `make up`.")
        return cls(
            aws.client(endpoint_url, "cognito-idp"),
            published["identity/user-pool-id"],
            published["identity/user-pool-client-id"],
        )

    def token(self, email: str, *, staff: bool = False) -> str:
        """Return an ID token; makes the account first if there is none.

        Parameters:
            email: of the account, all of which have the same password.
            staff: whether the account belongs to the shop's staff, from now on.

        Raises CliError where this is no e-mail address, or an account that was made otherwise.
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
        """Make the account unless it exists, and put it into the staff's group if it belongs there."""
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
