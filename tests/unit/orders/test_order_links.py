"""Signed links: what was changed, has expired, or was revoked leads to nothing."""

from datetime import UTC, datetime
from typing import Any

import pytest

from schemas.commands import PlaceOrder
from services.orders import linked_orders
from services.orders.domain import Order
from services.orders.history import Actor
from services.orders.linked_orders import find_linked_order
from services.orders.order_links import LINK_SECONDS, InvalidLinkError, LinkKey, OrderLinks, link_path
from services.orders.store import OrderStore

STAFF = Actor(kind="STAFF", user_id="bob")
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def links(clock: Clock) -> OrderLinks:
    return OrderLinks(lambda: b"the key", clock)


@pytest.fixture
def order(store: OrderStore, place_order: PlaceOrder, links: OrderLinks, monkeypatch: pytest.MonkeyPatch) -> Order:
    monkeypatch.setattr(linked_orders, "store", lambda: store)
    monkeypatch.setattr(linked_orders, "order_links", lambda: links)
    order, event = Order.placed(place_order, NOON)
    store.create(order, event)
    return order


def test_a_link_leads_to_its_order(order: Order, links: OrderLinks) -> None:
    token = links.issue(order.order_id, order.link_revision)

    assert find_linked_order(token).order_id == "order-1"
    assert link_path(token) == f"/o/{token}"
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def test_a_token_with_any_other_sign_leads_to_nothing(links: OrderLinks) -> None:
    token = links.issue("order-1", 0)

    for place, sign in enumerate(token):
        changed = token[:place] + ("A" if sign != "A" else "B") + token[place + 1 :]
        with pytest.raises(InvalidLinkError):
            links.verify(changed)


@pytest.mark.parametrize("text", ["", ".", "a", "a.b", "é.ü", "order-1", "====.====", "a.b.c", "A" * 400])
def test_what_is_no_token_leads_to_nothing(links: OrderLinks, text: str) -> None:
    with pytest.raises(InvalidLinkError):
        links.verify(text)


def test_a_token_of_another_key_leads_to_nothing(links: OrderLinks, clock: Clock) -> None:
    with pytest.raises(InvalidLinkError):
        links.verify(OrderLinks(lambda: b"another key", clock).issue("order-1", 0))


def test_a_link_expires(links: OrderLinks, clock: Clock) -> None:
    token = links.issue("order-1", 0)

    clock.now += LINK_SECONDS - 1
    assert links.verify(token).order_id == "order-1"
    clock.now += 1
    with pytest.raises(InvalidLinkError):
        links.verify(token)


def test_a_revoked_link_leads_to_nothing_and_a_new_one_to_the_order(
    order: Order, links: OrderLinks, store: OrderStore
) -> None:
    earlier = links.issue(order.order_id, order.link_revision)

    store.revoke_links(order)

    with pytest.raises(InvalidLinkError):
        find_linked_order(earlier)
    revoked = store.find(order.order_id)
    assert revoked is not None
    assert find_linked_order(links.issue(order.order_id, revoked.link_revision)).sequence == order.sequence


def test_a_change_of_the_order_revokes_nothing_and_forgets_no_revocation(order: Order, store: OrderStore) -> None:
    store.revoke_links(order)
    store.update(order, lambda order: order.cancelled(STAFF, "Sold out.", NOON))

    found = store.find(order.order_id)
    assert found is not None
    assert (found.status, found.link_revision) == ("CANCELLED", 1)


def test_a_link_leads_to_no_order_that_is_not_there_or_is_erased(
    order: Order, links: OrderLinks, store: OrderStore
) -> None:
    with pytest.raises(InvalidLinkError):
        find_linked_order(links.issue("order-9", 0))
    token = links.issue(order.order_id, 0)
    store.erase(order)
    with pytest.raises(InvalidLinkError):
        find_linked_order(token)


def test_the_key_is_read_again_after_some_minutes() -> None:
    class Secrets:
        value = "first"

        def get_secret_value(self, **_: Any) -> dict[str, str]:
            return {"SecretString": self.value}

    secrets, clock = Secrets(), Clock()
    key = LinkKey(secrets, "the-secret", clock)  # type: ignore[arg-type]

    assert key() == b"first"
    secrets.value = "second"
    assert key() == b"first"
    clock.now += 300
    assert key() == b"second"
