"""Reminders of a cart: nobody gets one who did not agree, and a link in the mail ends them."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from bus.context import Context
from services.identity import commands, link_api
from services.identity.store import ProfileStore
from services.identity.unsubscribing import InvalidTokenError, UnsubscribeLinks

Answer = tuple[int, dict[str, str], str]


@pytest.fixture
def links(store: ProfileStore, monkeypatch: pytest.MonkeyPatch) -> UnsubscribeLinks:
    links = UnsubscribeLinks(lambda: b"the-key")
    for module in (commands, link_api):
        monkeypatch.setattr(module, "store", lambda: store)
        monkeypatch.setattr(module, "unsubscribe_links", lambda: links)
    return links


def asked(user_id: str) -> dict[str, Any]:
    """Return what notifications is told when it wants to send a reminder."""
    context = {"correlationId": "r"}
    return commands.cart_reminder_consent({"context": context, "input": {"userId": user_id}}, None)


def press(method: str, token: str, body: str | None = None) -> Answer:
    """Call the link as a mail program does, with the body that RFC 8058 wants."""
    path = f"/api/mail-preferences/{token}/unsubscribe"
    answer = link_api.api(
        {
            "version": "2.0",
            "rawPath": path,
            "rawQueryString": "",
            "headers": {"content-type": "application/x-www-form-urlencoded"},
            "requestContext": {"http": {"method": method, "path": path}, "stage": "$default", "requestId": "r"},
            "body": body,
            "isBase64Encoded": False,
        },
        None,
    )
    return answer["statusCode"], answer["headers"], answer["body"]


def test_nobody_agrees_by_default(call: Any, links: UnsubscribeLinks) -> None:
    assert call("GET /api/me")[1]["cartReminders"] is False
    assert asked("ada") == {"outcome": "NOT_AGREED"}
    assert asked("nobody") == {"outcome": "NOT_AGREED"}


def test_who_agrees_gets_reminders_with_a_link_that_ends_them(call: Any, links: UnsubscribeLinks) -> None:
    call("GET /api/me")

    status, profile = call("PUT /api/me/consents", {"cartReminders": True})
    token = asked("ada")["unsubscribeToken"]
    pressed = press("POST", token, "List-Unsubscribe=One-Click")

    assert (status, profile["cartReminders"]) == (200, True)
    assert pressed[0] == 204
    assert call("GET /api/me")[1]["cartReminders"] is False
    assert asked("ada") == {"outcome": "NOT_AGREED"}
    assert press("POST", token)[0] == 204, "a repetition"


def test_to_open_the_link_changes_nothing_and_leads_to_the_page(call: Any, links: UnsubscribeLinks) -> None:
    call("GET /api/me")
    call("PUT /api/me/consents", {"cartReminders": True})
    token = asked("ada")["unsubscribeToken"]

    status, headers, _ = press("GET", token)

    assert (status, headers["Location"]) == (303, f"/unsubscribe/{token}")
    assert asked("ada")["outcome"] == "AGREED"


def test_the_details_of_a_person_are_replaced_without_touching_their_consent(call: Any) -> None:
    call("GET /api/me")
    call("PUT /api/me/consents", {"cartReminders": True})

    assert call("PUT /api/me", {"name": "Ada"})[1]["cartReminders"] is True


@pytest.mark.parametrize("body", [{}, {"cartReminders": "yes"}, {"cartReminders": 1}, {"other": True}])
def test_a_consent_is_said_with_true_or_false(call: Any, body: object) -> None:
    assert call("PUT /api/me/consents", body)[0] == 422


def test_a_link_says_nothing_of_an_account_that_was_erased(
    call: Any, accounts: Any, links: UnsubscribeLinks, store: ProfileStore, context: Context
) -> None:
    call("GET /api/me")
    call("PUT /api/me/consents", {"cartReminders": True})
    token = asked("ada")["unsubscribeToken"]
    store.erase("ada")

    assert press("POST", token)[0] == 204
    assert asked("ada") == {"outcome": "NOT_AGREED"}


def _changed(token: str) -> str:
    return ("B" if token.startswith("A") else "A") + token[1:]


@pytest.mark.parametrize(
    "forge",
    [
        _changed,
        lambda token: token[:-4],
        lambda token: base64.urlsafe_b64encode(bytes(18) + b"ada").decode(),
        lambda token: UnsubscribeLinks(lambda: b"another-key").issue("ada"),
        lambda token: "not-ours",
        lambda token: "äöü",
        lambda token: base64.urlsafe_b64encode(bytes(18) + b"\xff\xfe").decode(),
    ],
)
def test_a_link_that_the_shop_did_not_make_leads_to_nothing(
    call: Any, links: UnsubscribeLinks, forge: Callable[[str], str]
) -> None:
    call("GET /api/me")
    call("PUT /api/me/consents", {"cartReminders": True})
    token = forge(links.issue("ada"))

    with pytest.raises(InvalidTokenError):
        links.verify(token)
    if token.isascii():
        status, _, body = press("POST", token)
        assert (status, json.loads(body)["code"]) == (404, "NOT_FOUND")
    assert asked("ada")["outcome"] == "AGREED"


def test_a_token_is_safe_in_an_address_and_does_not_look_like_a_file(links: UnsubscribeLinks) -> None:
    token = links.issue("0195941f-8f04-7c6a-b1d3-e27a904c58fb")

    assert token.replace("-", "").replace("_", "").isalnum()
    assert len(token) < 120
