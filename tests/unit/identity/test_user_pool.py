"""Accounts in moto's Cognito."""

import boto3
import pytest

from services.identity.user_pool import UserPoolAdmin


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
