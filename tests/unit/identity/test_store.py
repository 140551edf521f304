"""Profiles in their table: what is written once, together, and what survives what."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from bus.attribute_values import to_item
from bus.context import Context
from bus.erased_users import TOMBSTONE_SECONDS, ErasedUsers
from bus.outbox import OutboxEntry
from schemas.commands import ShippingAddress
from services.identity.domain import (
    MAX_ADDRESSES,
    AccountErasedError,
    Details,
    TooManyAddressesError,
    UnknownAddressError,
    UnknownProfileError,
)
from services.identity.store import ProfileStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

pytestmark = pytest.mark.usefixtures("context")

Raised = Callable[[str], list[OutboxEntry]]
LONDON = ShippingAddress(name="Ada L.", line1="1 Analytical Way", city="London", postal_code="N1 9GU", country="GB")
TURIN = ShippingAddress(
    name="Ada L.", line1="Via Po 1", line2="Int. 3", city="Torino", postal_code="10124", country="IT"
)


def test_a_registered_person_has_a_profile_and_raises_the_event_in_the_same_write(
    store: ProfileStore, raised: Raised
) -> None:
    registered = store.register("ada", "Ada")

    assert store.get("ada") == registered
    assert registered.details == Details(name="Ada")
    (entry,) = raised("ada")
    assert (entry.source, entry.detail_type) == ("ecom67.identity", "UserRegistered")
    detail = json.loads(entry.detail)
    assert detail["data"] == {"userId": "ada", "registeredAt": "2027-01-15T08:00:00.000Z"}
    assert detail["metadata"]["sequence"] == 1


def test_registering_again_changes_and_raises_nothing(store: ProfileStore, raised: Raised) -> None:
    store.register("ada", "Ada")
    store.replace_details("ada", Details(name="Countess"))
    before = raised("ada")

    again = store.register("ada", "Ada")

    assert again.details.name == "Countess"
    assert raised("ada") == before


def test_nobody_has_a_profile_before_registering(store: ProfileStore) -> None:
    with pytest.raises(UnknownProfileError):
        store.get("ada")
    with pytest.raises(UnknownProfileError):
        store.replace_details("ada", Details())
    with pytest.raises(UnknownProfileError):
        store.add_address("ada", LONDON, is_default=False)


def test_changed_details_leave_addresses_as_another_write_made_them(store: ProfileStore) -> None:
    store.register("ada", None)
    read_before = store.get("ada")
    address_id, _ = store.add_address("ada", LONDON, is_default=False)

    changed = store.replace_details("ada", Details(phone="+442079460000"))

    assert read_before.addresses == {}
    assert changed.addresses == {address_id: LONDON}
    assert changed.details == Details(phone="+442079460000")


def test_a_profile_of_a_former_version_is_read_without_what_is_no_longer_kept(
    store: ProfileStore, dynamodb: "DynamoDBClient"
) -> None:
    store.register("ada", "Ada")
    dynamodb.update_item(
        TableName="Users",
        Key=to_item({"userId": "ada"}),
        UpdateExpression="SET details.marketingOptIn = :yes",
        ExpressionAttributeValues=to_item({":yes": True}),
    )

    assert store.get("ada").details == Details(name="Ada")


def test_addresses_are_kept_apart_and_in_the_order_of_their_making(store: ProfileStore) -> None:
    store.register("ada", None)
    first, _ = store.add_address("ada", LONDON, is_default=False)
    second, _ = store.add_address("ada", TURIN, is_default=True)

    replaced = store.replace_address("ada", first, TURIN, is_default=False)

    assert list(replaced.addresses.items()) == [(first, TURIN), (second, TURIN)]
    assert replaced.default_address_id == second


def test_without_the_default_the_oldest_address_takes_its_place(store: ProfileStore) -> None:
    store.register("ada", None)
    first, _ = store.add_address("ada", LONDON, is_default=False)
    second, _ = store.add_address("ada", TURIN, is_default=True)

    store.remove_address("ada", second)

    assert store.get("ada").default_address_id == first


def test_there_is_room_for_twenty_addresses(store: ProfileStore, dynamodb: "DynamoDBClient") -> None:
    store.register("ada", None)
    nineteen = {f"00-{number}": LONDON.model_dump(exclude_none=True) for number in range(MAX_ADDRESSES - 1)}
    dynamodb.update_item(
        TableName="Users",
        Key=to_item({"userId": "ada"}),
        UpdateExpression="SET addresses = :addresses",
        ExpressionAttributeValues=to_item({":addresses": nineteen}),
    )
    store.add_address("ada", LONDON, is_default=False)

    with pytest.raises(TooManyAddressesError):
        store.add_address("ada", TURIN, is_default=True)

    kept = store.get("ada")
    assert len(kept.addresses) == MAX_ADDRESSES
    assert kept.default_address_id == min(kept.addresses)


def test_an_address_that_does_not_exist_cannot_be_replaced_or_removed(store: ProfileStore) -> None:
    store.register("ada", None)
    store.register("bob", None)
    of_bob, _ = store.add_address("bob", LONDON, is_default=False)

    with pytest.raises(UnknownAddressError):
        store.replace_address("ada", of_bob, TURIN, is_default=True)
    with pytest.raises(UnknownAddressError):
        store.remove_address("ada", "no-such.#id")

    assert store.get("ada").addresses == {}
    assert store.get("bob").addresses == {of_bob: LONDON}


def test_erasure_leaves_a_tombstone_and_the_event_and_nothing_personal(
    store: ProfileStore, item: Callable[[str], dict[str, Any]], raised: Raised, context: Context
) -> None:
    store.register("ada", "Ada")
    store.add_address("ada", LONDON, is_default=True)

    store.erase("ada")

    held = item("ada")
    assert held.keys() == {"userId", "state", "sequence", "expiresAt", "outbox"}
    assert (held["state"], held["sequence"], held["expiresAt"]) == ("ERASED", 2, 1_800_000_000 + TOMBSTONE_SECONDS)
    (entry,) = raised("ada")
    assert entry.detail_type == "UserDeleted"
    detail = json.loads(entry.detail)
    assert detail["data"] == {"userId": "ada", "deletedAt": "2027-01-15T08:00:00.000Z"}
    assert detail["metadata"]["sequence"] == 2
    assert detail["metadata"]["correlationId"] == context.correlation_id


def test_the_tombstone_is_there_with_the_event(store: ProfileStore, erased_users: ErasedUsers) -> None:
    store.register("ada", None)
    assert not erased_users.includes("ada")

    assert store.erase("ada")

    assert erased_users.includes("ada")
    assert not erased_users.includes("bob")
    assert not store.erase("ada")


def test_erasing_again_raises_nothing_more(store: ProfileStore, raised: Raised) -> None:
    store.register("ada", None)
    store.erase("ada")
    before = raised("ada")

    store.erase("ada")

    assert raised("ada") == before


def test_a_person_without_a_profile_can_be_erased_and_the_others_are_told(store: ProfileStore, raised: Raised) -> None:
    store.erase("ada")

    assert [entry.detail_type for entry in raised("ada")] == ["UserDeleted"]


def test_an_erased_person_does_not_come_back(store: ProfileStore) -> None:
    store.register("ada", None)
    store.erase("ada")

    with pytest.raises(AccountErasedError):
        store.get("ada")
    with pytest.raises(AccountErasedError):
        store.register("ada", "Ada")
    with pytest.raises(AccountErasedError):
        store.add_address("ada", LONDON, is_default=False)
    with pytest.raises(AccountErasedError):
        store.replace_address("ada", "some", LONDON, is_default=False)
