"""The trigger of Cognito: a confirmed sign-up registers, once, and never fails the sign-up."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from bus.context import Context, use_context
from services.identity import post_confirmation
from services.identity.store import ProfileStore


def confirmed(trigger_source: str = "PostConfirmation_ConfirmSignUp", **attributes: str) -> dict[str, Any]:
    return {
        "version": "1",
        "region": "us-east-1",
        "userPoolId": "us-east-1_abc",
        "userName": "ada",
        "triggerSource": trigger_source,
        "request": {"userAttributes": {"sub": "ada", "email": "ada@example.com", **attributes}},
        "response": {},
    }


@pytest.fixture(autouse=True)
def trigger_store(store: ProfileStore, monkeypatch: pytest.MonkeyPatch) -> ProfileStore:
    monkeypatch.setattr(post_confirmation, "store", lambda: store)
    return store


def test_a_confirmed_sign_up_registers_without_the_address(store: ProfileStore, item: Any, raised: Any) -> None:
    event = confirmed(name="Ada")

    assert post_confirmation.handler(event, None) == event

    assert store.get("ada").details.name == "Ada"
    assert "example.com" not in str(item("ada"))
    assert [entry.detail_type for entry in raised("ada")] == ["UserRegistered"]


def test_a_trigger_that_comes_twice_registers_once(raised: Any) -> None:
    post_confirmation.handler(confirmed(), None)
    before = raised("ada")

    post_confirmation.handler(confirmed(), None)

    assert raised("ada") == before


def test_a_forgotten_password_registers_nobody(item: Any) -> None:
    event = confirmed("PostConfirmation_ConfirmForgotPassword")

    assert post_confirmation.handler(event, None) == event
    assert item("ada") == {}


def test_a_fault_of_the_table_does_not_fail_the_sign_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def register(self, user_id: str, name: str | None) -> None:
            raise ClientError({"Error": {"Code": "InternalServerError", "Message": "try again"}}, "PutItem")

    monkeypatch.setattr(post_confirmation, "store", Broken)
    event = confirmed()

    assert post_confirmation.handler(event, None) == event


def test_a_late_trigger_does_not_bring_an_erased_person_back(store: ProfileStore, item: Any) -> None:
    with use_context(Context.begin()):
        store.erase("ada")

    post_confirmation.handler(confirmed(), None)

    assert item("ada")["state"] == "ERASED"
