"""The Cognito user pool: the accounts, with their e-mail addresses and passwords."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bus.http import STAFF_GROUP
from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient


USER_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class InvalidPageError(ValueError):
    """Cognito knows no such page."""


@dataclass(frozen=True, slots=True)
class Account:
    """An account in Cognito.

    Attributes:
        user_id: its ``sub``.
        name: as given at sign-up.
    """

    user_id: str
    email: str | None
    name: str | None
    created_at: datetime


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

    def find(self, user_id: str) -> Account | None:
        """Return an account; None where it does not exist.

        Parameters:
            user_id: its ``sub``, which is the user name as well. Cognito takes the e-mail address for it, too, and
                services do not: what they store is not under an address.
        """
        try:
            found = self._cognito.admin_get_user(UserPoolId=self._pool_id, Username=user_id)
        except self._cognito.exceptions.UserNotFoundException:
            return None
        account = _account(found, found["UserAttributes"])
        return account if account.user_id == user_id else None

    def is_staff(self, user_id: str) -> bool:
        """Return whether an account is in the group of the staff; False where it does not exist."""
        try:
            # An account is in a group or two: there is one page.
            found = self._cognito.admin_list_groups_for_user(UserPoolId=self._pool_id, Username=user_id)
        except self._cognito.exceptions.UserNotFoundException:
            return False
        return any(group.get("GroupName") == STAFF_GROUP for group in found["Groups"])

    def list_accounts(self, query: str, limit: int, cursor: str | None) -> tuple[list[Account], str | None]:
        """Return a page of accounts, and the cursor of the next page.

        Parameters:
            query: the beginning of their e-mail address, or the id of one; all of them where it is empty.
            limit: how many at most, up to 60.
            cursor: of the page; None for the first one.

        Raises InvalidPageError.
        """
        given: dict[str, Any] = {"UserPoolId": self._pool_id, "Limit": limit}
        if query:
            is_id = USER_ID.fullmatch(query)
            given["Filter"] = f"sub = {_quoted(query.lower())}" if is_id else f"email ^= {_quoted(query)}"
        if cursor:
            given["PaginationToken"] = cursor
        try:
            page = self._cognito.list_users(**given)
        except self._cognito.exceptions.InvalidParameterException:
            raise InvalidPageError(cursor) from None
        accounts = [_account(user, user.get("Attributes", [])) for user in page["Users"]]
        return accounts, page.get("PaginationToken")


def _quoted(text: str) -> str:
    """Return a text as a value of Cognito's filters, which escape quotes by backslashes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _account(user: Mapping[str, Any], attributes: Iterable[Mapping[str, Any]]) -> Account:
    values = {attribute["Name"]: attribute.get("Value") for attribute in attributes}
    created: datetime = user["UserCreateDate"]
    return Account(
        user_id=values.get("sub") or user["Username"],
        email=values.get("email"),
        name=values.get("name"),
        created_at=created.astimezone(UTC),
    )
