"""Accounts in moto's Cognito."""

from typing import Any

import boto3
import pytest

from services.identity.user_pool import InvalidPageError, UserPoolAdmin


@pytest.mark.usefixtures("aws")
def test_an_account_is_deleted_by_its_sub_and_may_be_gone_already() -> None:
    cognito = boto3.client("cognito-idp")
    pool_id = cognito.create_user_pool(PoolName="shop", UsernameAttributes=["email"])["UserPool"]["Id"]
    user = cognito.admin_create_user(UserPoolId=pool_id, Username="ada@example.com")["User"]
    (sub,) = (attribute["Value"] for attribute in user["Attributes"] if attribute["Name"] == "sub")
    user_pool = UserPoolAdmin(cognito, pool_id)

    user_pool.delete_user(sub)
    user_pool.delete_user(sub)

    assert cognito.list_users(UserPoolId=pool_id)["Users"] == []


def a_pool(*addresses: str) -> tuple[UserPoolAdmin, dict[str, str]]:
    """Return a user pool with accounts, and their ids by address."""
    cognito = boto3.client("cognito-idp")
    pool_id = cognito.create_user_pool(PoolName="shop", UsernameAttributes=["email"])["UserPool"]["Id"]
    ids = {}
    for address in addresses:
        attributes: Any = [{"Name": "email", "Value": address}, {"Name": "name", "Value": "Ada"}]
        user: Any = cognito.admin_create_user(UserPoolId=pool_id, Username=address, UserAttributes=attributes)["User"]
        ids[address] = user["Username"]
    cognito.create_group(UserPoolId=pool_id, GroupName="staff")
    if addresses:
        cognito.admin_add_user_to_group(UserPoolId=pool_id, GroupName="staff", Username=ids[addresses[-1]])
    return UserPoolAdmin(cognito, pool_id), ids


@pytest.mark.usefixtures("aws")
def test_accounts_are_found_by_the_beginning_of_their_address_or_by_their_id() -> None:
    user_pool, ids = a_pool("ada@example.com", "adam@example.com", "grace@example.com")

    found, _ = user_pool.list_accounts("ada", 50, None)
    assert sorted(str(account.email) for account in found) == ["ada@example.com", "adam@example.com"]
    (by_id,), _ = user_pool.list_accounts(ids["grace@example.com"].upper(), 50, None)
    assert by_id.email == "grace@example.com"
    assert by_id.name == "Ada"


@pytest.mark.usefixtures("aws")
def test_all_accounts_are_listed_page_by_page() -> None:
    user_pool, ids = a_pool("ada@example.com", "bob@example.com", "eve@example.com")

    first, cursor = user_pool.list_accounts("", 2, None)
    second, end = user_pool.list_accounts("", 2, cursor)

    assert {account.user_id for account in [*first, *second]} == set(ids.values())
    assert end is None


@pytest.mark.usefixtures("aws")
def test_an_account_is_found_by_its_id_and_staff_is_known() -> None:
    user_pool, ids = a_pool("ada@example.com", "grace@example.com")

    ada = user_pool.find(ids["ada@example.com"])

    assert ada
    assert ada.email == "ada@example.com"
    assert user_pool.find("00000000-0000-0000-0000-000000000000") is None
    assert not user_pool.is_staff(ids["ada@example.com"])
    assert user_pool.is_staff(ids["grace@example.com"])
    assert not user_pool.is_staff("00000000-0000-0000-0000-000000000000")


@pytest.mark.usefixtures("aws")
def test_an_address_is_no_id_though_cognito_takes_it_for_one() -> None:
    # Erased or exported under it, the account would be deleted, and what is stored under its id would stay.
    user_pool, _ = a_pool("ada@example.com", "grace@example.com")

    assert user_pool.find("ada@example.com") is None


class CognitoWithFilters:
    """A Cognito client that records what it is asked, or refuses it."""

    class exceptions:  # noqa: N801 - as botocore names it
        class InvalidParameterException(Exception):  # noqa: N818 - as botocore names it
            """What Cognito answers to a filter or token that it cannot read."""

    def __init__(self) -> None:
        self.asked: dict[str, Any] = {}

    def list_users(self, **given: Any) -> dict[str, Any]:
        self.asked = given
        if "PaginationToken" in given:
            raise self.exceptions.InvalidParameterException
        return {"Users": []}


def test_what_staff_types_cannot_leave_its_quotes() -> None:
    cognito = CognitoWithFilters()

    UserPoolAdmin(cognito, "pool").list_accounts('a" or \\', 50, None)  # type: ignore[arg-type]

    assert cognito.asked["Filter"] == 'email ^= "a\\" or \\\\"'


def test_a_cursor_of_somebody_elses_making_is_no_page() -> None:
    with pytest.raises(InvalidPageError):
        UserPoolAdmin(CognitoWithFilters(), "pool").list_accounts("", 50, "forged")  # type: ignore[arg-type]
