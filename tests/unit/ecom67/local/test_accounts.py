"""Accounts that cannot be created or used are reported in a sentence."""

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from ecom67.base.errors import CliError
from ecom67.local.accounts import UserPool


@pytest.fixture
def cognito() -> Any:
    return boto3.client(
        "cognito-idp", region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )


def test_what_is_no_address_gets_no_account(cognito: Any) -> None:
    with Stubber(cognito) as stub:
        stub.add_client_error("sign_up", "InvalidParameterException", "Username should be an email.")

        with pytest.raises(CliError, match="'ada' cannot have an account: Username should be an email"):
            UserPool(cognito, "pool", "client").token("ada")


def test_an_account_with_another_password_is_told_of(cognito: Any) -> None:
    with Stubber(cognito) as stub:
        stub.add_client_error("sign_up", "UsernameExistsException")
        stub.add_client_error("initiate_auth", "NotAuthorizedException")

        with pytest.raises(CliError, match="has another password"):
            UserPool(cognito, "pool", "client").token("ada@ecom67.example")


def test_any_other_fault_stays_as_it_is(cognito: Any) -> None:
    with Stubber(cognito) as stub:
        stub.add_client_error("sign_up", "InternalErrorException")

        with pytest.raises(ClientError):
            UserPool(cognito, "pool", "client").token("ada@ecom67.example")
