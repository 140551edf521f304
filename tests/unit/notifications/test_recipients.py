"""Addresses in moto's Cognito."""

from typing import TYPE_CHECKING

import boto3
import pytest

from services.notifications.recipients import Recipient, RecipientDirectory

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient

Pool = tuple["CognitoIdentityProviderClient", str]


@pytest.fixture
def pool(aws: None) -> Pool:
    cognito = boto3.client("cognito-idp")
    created = cognito.create_user_pool(PoolName="shop", UsernameAttributes=["email"])
    return cognito, created["UserPool"]["Id"]


def sub_of(pool: Pool, **attributes: str) -> str:
    cognito, pool_id = pool
    user = cognito.admin_create_user(
        UserPoolId=pool_id,
        Username="ada@example.com",
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
    )["User"]
    return next(attribute["Value"] for attribute in user["Attributes"] if attribute["Name"] == "sub")


def test_a_person_is_found_by_id(pool: Pool) -> None:
    sub = sub_of(pool, email="ada@example.com", name="Ada")

    assert RecipientDirectory(*pool).find(sub) == Recipient("ada@example.com", "Ada")


def test_a_person_need_not_have_a_name(pool: Pool) -> None:
    sub = sub_of(pool, email="ada@example.com")

    assert RecipientDirectory(*pool).find(sub) == Recipient("ada@example.com", None)


def test_a_person_who_is_gone_is_not_found(pool: Pool) -> None:
    assert RecipientDirectory(*pool).find("no-such-sub") is None


def test_an_account_without_an_address_is_nobody_to_write_to(pool: Pool) -> None:
    class Nameless:
        exceptions = pool[0].exceptions

        def admin_get_user(self, **_: str) -> dict[str, list[dict[str, str]]]:
            return {"UserAttributes": [{"Name": "sub", "Value": "ada"}]}

    assert RecipientDirectory(Nameless(), "pool").find("ada") is None  # type: ignore[arg-type]
