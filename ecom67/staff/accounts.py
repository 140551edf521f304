"""Accounts of the shop's staff in a stage's user pool. The caller's own AWS credentials decide who may change them."""

from dataclasses import dataclass
from typing import Any

from bus.http import STAFF_GROUP
from ecom67.base.errors import CliError
from ecom67.stage_client import StageClient

NEW_PASSWORD = "NEW_PASSWORD_REQUIRED"  # noqa: S105 - the name of a challenge


@dataclass(frozen=True, slots=True)
class SignIn:
    """An answer of Cognito to a password.

    Attributes:
        token: an ID token; empty where a new password has to be set first.
        expires_in: seconds for which the token is valid.
        session: of the challenge to set a new password.
    """

    token: str = ""
    expires_in: int = 0
    session: str = ""


class StaffAccounts:
    """The staff of a stage.

    Parameters:
        stage: the stage, whose identity stack must be deployed.

    Raises CliError where the identity stack is not deployed.
    """

    def __init__(self, stage: StageClient) -> None:
        self._cognito = stage.client("cognito-idp")
        try:
            self._pool = stage.published["identity/user-pool-id"]
            self._client = stage.published["identity/user-pool-client-id"]
        except KeyError:
            message = f"Stage {stage.name} has no accounts yet. Deploy it: ecom67 deploy --all --stage {stage.name}"
            raise CliError(message) from None

    def add(self, email: str, password: str | None = None) -> bool:
        """Put a person into the staff group; return whether an account was created for them.

        Parameters:
            email: their address.
            password: of a new account. None has Cognito send an invitation with a temporary one.

        Raises CliError where the address or the password is not accepted, or the invitation cannot be sent.
        """
        user_name = self._user_name(email)
        created = user_name is None
        if user_name is None:
            user_name = self._create(email, password)
        self._cognito.admin_add_user_to_group(UserPoolId=self._pool, Username=user_name, GroupName=STAFF_GROUP)
        return created

    def remove(self, email: str) -> None:
        """Take a person out of the staff group and end their sessions; raises CliError where there is no account.

        A token that was issued before is valid until it expires, for an hour at most.
        """
        user_name = self._user_name(email)
        if user_name is None:
            raise CliError(f"{email} has no account.")
        self._cognito.admin_remove_user_from_group(UserPoolId=self._pool, Username=user_name, GroupName=STAFF_GROUP)
        self._cognito.admin_user_global_sign_out(UserPoolId=self._pool, Username=user_name)

    def list(self) -> list[tuple[str, str]]:
        """Return address and state of everybody in the staff group, by address."""
        pages = self._cognito.get_paginator("list_users_in_group").paginate(
            UserPoolId=self._pool, GroupName=STAFF_GROUP
        )
        return sorted(
            (_attribute(user["Attributes"], "email"), user["UserStatus"]) for page in pages for user in page["Users"]
        )

    def sign_in(self, email: str, password: str) -> SignIn:
        """Sign a person in; raises CliError where the password is wrong, or Cognito asks for more than one.

        It is a call that only who may administer the user pool can make, so the shop's client, which everybody knows,
        needs no flow that takes passwords.
        """
        try:
            answer = self._cognito.admin_initiate_auth(
                UserPoolId=self._pool,
                ClientId=self._client,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": email, "PASSWORD": password},
            )
        except (self._cognito.exceptions.NotAuthorizedException, self._cognito.exceptions.UserNotFoundException):
            raise CliError(f"Wrong e-mail or password: {email}.") from None
        return _sign_in(answer)

    def set_first_password(self, email: str, password: str, session: str) -> SignIn:
        """Replace the temporary password of an invitation; raises CliError where it is not accepted.

        Parameters:
            email: address of the account.
            password: the new password.
            session: of the challenge.
        """
        try:
            answer = self._cognito.admin_respond_to_auth_challenge(
                UserPoolId=self._pool,
                ClientId=self._client,
                ChallengeName=NEW_PASSWORD,
                ChallengeResponses={"USERNAME": email, "NEW_PASSWORD": password},
                Session=session,
            )
        except self._cognito.exceptions.InvalidPasswordException as error:
            raise CliError(f"The password is not accepted: {_message(error)}") from None
        return _sign_in(answer)

    def _user_name(self, email: str) -> str | None:
        try:
            # The pool's users sign in by e-mail, and have an id as user name.
            return str(self._cognito.admin_get_user(UserPoolId=self._pool, Username=email)["Username"])
        except self._cognito.exceptions.UserNotFoundException:
            return None

    def _create(self, email: str, password: str | None) -> str:
        exceptions = self._cognito.exceptions
        attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        how = {"MessageAction": "SUPPRESS"} if password else {"DesiredDeliveryMediums": ["EMAIL"]}
        try:
            user = self._cognito.admin_create_user(
                UserPoolId=self._pool, Username=email, UserAttributes=attributes, **how
            )["User"]
        except exceptions.InvalidParameterException as error:
            raise CliError(f"{email!r} cannot have an account: {_message(error)}") from None
        except (exceptions.CodeDeliveryFailureException, exceptions.InvalidEmailRoleAccessPolicyException) as error:
            remedy = "SES's sandbox sends to verified addresses only; --password creates the account without an e-mail."
            raise CliError(f"The invitation cannot be sent to {email}: {_message(error)} {remedy}") from None
        user_name = str(user["Username"])
        if password:
            try:
                self._cognito.admin_set_user_password(
                    UserPoolId=self._pool, Username=user_name, Password=password, Permanent=True
                )
            except exceptions.InvalidPasswordException as error:
                # Without a password nobody could ever sign in.
                self._cognito.admin_delete_user(UserPoolId=self._pool, Username=user_name)
                raise CliError(f"The password is not accepted: {_message(error)}") from None
        return user_name


def _sign_in(answer: dict[str, Any]) -> SignIn:
    if result := answer.get("AuthenticationResult"):
        return SignIn(token=result["IdToken"], expires_in=result["ExpiresIn"])
    if answer["ChallengeName"] != NEW_PASSWORD:
        raise CliError(f"Cognito asks for {answer['ChallengeName']}, which the command line does not know.")
    return SignIn(session=answer["Session"])


def _attribute(attributes: list[dict[str, str]], name: str) -> str:
    return next((found["Value"] for found in attributes if found["Name"] == name), "")


def _message(error: Any) -> str:
    return str(error.response["Error"]["Message"])
