"""The Users table: one item a profile.

Each change writes only what it changes, under a condition, so that concurrent changes lose nothing:
the details, and each address under its own id in the map ``addresses``.
"""

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from pydantic import TypeAdapter

from bus.attribute_values import Item, from_item, to_attribute, to_item
from bus.dynamodb_errors import cancellation_reasons, failed_condition_item
from bus.erased_users import TOMBSTONE_SECONDS, ErasedUsers
from bus.optimistic_locking import DEFAULT_RETRY, ConflictError, RetryPolicy, retry_on_conflict
from bus.outbox import ATTRIBUTE, outbox
from bus.settings import Settings
from schemas.commands import ShippingAddress
from schemas.contract import Timestamp
from schemas.event import new_event_id
from schemas.identity import ExportReady, UserDeleted, UserRegistered
from services.identity.domain import (
    MAX_ADDRESSES,
    AccountErasedError,
    Consent,
    Details,
    Profile,
    TooManyAddressesError,
    UnknownAddressError,
    UnknownProfileError,
)
from services.identity.exports import KEPT, PREPARING_AT_MOST, Export

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import UpdateTypeDef

ACTIVE = "ACTIVE"
ERASED = "ERASED"
REGISTRATION, ERASURE = 1, 2
"""Values of ``sequence``: the two changes of a profile that raise an event."""


class IdentitySettings(Settings):
    """Environment of the functions that read or write profiles."""

    users_table: str


class ProfileStore:
    """The profiles of shoppers.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the table keyed by ``userId``.
        erased_users: the tombstones that all services consult.
        now: returns the time in seconds since the epoch; replaced in tests.
        retry: how long an erasure that meets another write is retried.
    """

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table: str,
        erased_users: Callable[[], ErasedUsers],
        now: Callable[[], float] = time.time,
        retry: RetryPolicy = DEFAULT_RETRY,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._retry = retry
        self._erased_users = erased_users
        self._now = now

    def get(self, user_id: str) -> Profile:
        """Return a profile; raises UnknownProfileError or AccountErasedError."""
        response = self._dynamodb.get_item(TableName=self._table, Key=_key(user_id), ConsistentRead=True)
        return _profile(response.get("Item", {}))

    def register(self, user_id: str, name: str | None) -> Profile:
        """Store a new profile and publish UserRegistered; return the existing profile if there is one.

        Parameters:
            user_id: Cognito's ``sub``.
            name: as normalized by ``normalize_name``.

        Raises AccountErasedError.
        """
        registered_at = datetime.fromtimestamp(self._now(), UTC)
        event = UserRegistered(user_id=user_id, registered_at=registered_at)
        item = to_item(
            {
                "userId": user_id,
                "state": ACTIVE,
                "sequence": REGISTRATION,
                "registeredAt": registered_at.isoformat(),
                "details": _to_plain(Details(name=name)),
                "addresses": {},
            }
        )
        try:
            self._dynamodb.put_item(
                TableName=self._table,
                Item={**item, ATTRIBUTE: outbox(event, sequence=REGISTRATION)},
                ConditionExpression="attribute_not_exists(userId)",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            return _profile(failed_condition_item(error))
        return _profile(item)

    def replace_details(self, user_id: str, details: Details) -> Profile:
        """Replace the details of a profile; raises UnknownProfileError or AccountErasedError."""
        return self._update(user_id, "SET details = :details", values={":details": _to_plain(details)})

    def record_cart_reminders(self, user_id: str, *, agreed: bool) -> Profile:
        """Record whether a person agrees to be reminded of a cart; the same again keeps the time of the first.

        Raises UnknownProfileError or AccountErasedError.
        """
        profile = self.get(user_id)
        if profile.cart_reminders and profile.cart_reminders.agreed == agreed:
            return profile
        consent = Consent(agreed=agreed, at=datetime.fromtimestamp(self._now(), UTC))
        return self._update(
            user_id, "SET cartReminders = :consent", values={":consent": consent.model_dump(mode="json", by_alias=True)}
        )

    def add_address(self, user_id: str, address: ShippingAddress, *, is_default: bool) -> tuple[str, Profile]:
        """Add an address and return its id and the changed profile.

        Raises TooManyAddressesError, UnknownProfileError or AccountErasedError.
        """
        address_id = new_event_id()
        profile = self._update(
            user_id,
            "SET addresses.#id = :address" + _default_clause(is_default),
            condition="size(addresses) < :most",
            names={"#id": address_id},
            values={
                ":address": _to_plain(address),
                ":most": MAX_ADDRESSES,
                **({":id": address_id} if is_default else {}),
            },
            refusal=TooManyAddressesError,
        )
        return address_id, profile

    def replace_address(self, user_id: str, address_id: str, address: ShippingAddress, *, is_default: bool) -> Profile:
        """Replace an address and return the changed profile.

        Raises UnknownAddressError, UnknownProfileError or AccountErasedError.
        """
        return self._update(
            user_id,
            "SET addresses.#id = :address" + _default_clause(is_default),
            condition="attribute_exists(addresses.#id)",
            names={"#id": address_id},
            values={":address": _to_plain(address), **({":id": address_id} if is_default else {})},
            refusal=UnknownAddressError,
        )

    def remove_address(self, user_id: str, address_id: str) -> None:
        """Remove an address; raises UnknownAddressError, UnknownProfileError or AccountErasedError."""
        self._update(
            user_id,
            "REMOVE addresses.#id",
            condition="attribute_exists(addresses.#id)",
            names={"#id": address_id},
            refusal=UnknownAddressError,
        )

    def erase(self, user_id: str) -> bool:
        """Erase a profile, store the person's tombstone and publish UserDeleted, all in one write.

        What is left of the profile carries the event, until it expires with the tombstone.

        Returns False where the profile was erased before. Raises RetriesExhaustedError.
        """
        now = self._now()
        event = UserDeleted(user_id=user_id, deleted_at=datetime.fromtimestamp(now, UTC))
        update: UpdateTypeDef = {
            "TableName": self._table,
            "Key": _key(user_id),
            "UpdateExpression": "SET #state = :erased, #sequence = :sequence, expiresAt = :expires, #outbox = :outbox "
            "REMOVE details, addresses, chosenAddressId, registeredAt, cartReminders, #export",
            "ConditionExpression": "attribute_not_exists(userId) OR #state = :active",
            "ExpressionAttributeNames": {
                "#state": "state",
                "#sequence": "sequence",
                "#outbox": ATTRIBUTE,
                "#export": "export",
            },
            "ExpressionAttributeValues": {
                ":active": to_attribute(ACTIVE),
                ":erased": to_attribute(ERASED),
                ":sequence": to_attribute(ERASURE),
                ":expires": to_attribute(int(now) + TOMBSTONE_SECONDS),
                ":outbox": outbox(event, sequence=ERASURE),
            },
        }

        def attempt() -> bool:
            try:
                self._dynamodb.transact_write_items(
                    TransactItems=[{"Update": update}, {"Put": self._erased_users().tombstone(user_id)}]
                )
            except ClientError as error:
                profile, *_ = cancellation_reasons(error)
                if profile["Code"] != "ConditionalCheckFailed":
                    raise ConflictError(user_id) from None
                return False
            return True

        return retry_on_conflict(attempt, self._retry)

    def find_export(self, user_id: str) -> Export | None:
        """Return the person's export that is being made or can still be had; None where there is none."""
        response = self._dynamodb.get_item(
            TableName=self._table,
            Key=_key(user_id),
            ProjectionExpression="#export",
            ExpressionAttributeNames={"#export": "export"},
            ConsistentRead=True,
        )
        stored = from_item(response.get("Item", {})).get("export")
        export = Export.model_validate(stored) if stored else None
        return export if export and export.is_current_at(datetime.fromtimestamp(self._now(), UTC)) else None

    def begin_export(self, user_id: str) -> tuple[Export, bool]:
        """Return the person's export that is being made or can still be had, or begin one; and whether it is new.

        Raises UnknownProfileError or AccountErasedError.
        """
        now = datetime.fromtimestamp(self._now(), UTC)
        export = Export(export_id=new_event_id(), requested_at=now)
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(user_id),
                UpdateExpression="SET #export = :export",
                ConditionExpression="#state = :active AND (attribute_not_exists(#export) OR #export.expiresAt < :now"
                " OR (attribute_not_exists(#export.expiresAt) AND #export.requestedAt < :failed))",
                ExpressionAttributeNames={"#state": "state", "#export": "export"},
                ExpressionAttributeValues=to_item(
                    {
                        ":active": ACTIVE,
                        ":export": export.model_dump(mode="json", exclude_none=True),
                        ":now": _timestamp(now),
                        ":failed": _timestamp(now - PREPARING_AT_MOST),
                    }
                ),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            item = failed_condition_item(error)
            _profile(item)  # raises if the profile is unknown or erased
            return Export.model_validate(from_item(item["export"]["M"])), False
        return export, True

    def complete_export(self, user_id: str, export_id: str) -> None:
        """Record that the file of an export can be had, and publish ExportReady with that write. Idempotent.

        Raises AccountErasedError.
        """
        expires_at = datetime.fromtimestamp(self._now(), UTC) + KEPT
        event = ExportReady(export_id=export_id, user_id=user_id, expires_at=expires_at)
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(user_id),
                UpdateExpression="SET #export.expiresAt = :expires, #outbox = :outbox",
                ConditionExpression="#state = :active AND #export.exportId = :id"
                " AND attribute_not_exists(#export.expiresAt)",
                ExpressionAttributeNames={"#state": "state", "#export": "export", "#outbox": ATTRIBUTE},
                ExpressionAttributeValues={
                    **to_item({":active": ACTIVE, ":id": export_id, ":expires": _timestamp(expires_at)}),
                    ":outbox": outbox(event, sequence=1),
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            _profile(failed_condition_item(error))  # raises if the profile is erased

    def _update(
        self,
        user_id: str,
        expression: str,
        *,
        condition: str | None = None,
        names: Mapping[str, str] | None = None,
        values: Mapping[str, object] | None = None,
        refusal: type[Exception] = AssertionError,
    ) -> Profile:
        try:
            response = self._dynamodb.update_item(
                TableName=self._table,
                Key=_key(user_id),
                UpdateExpression=expression,
                ConditionExpression="#state = :active" + (f" AND {condition}" if condition else ""),
                ExpressionAttributeNames={"#state": "state", **(names or {})},
                ExpressionAttributeValues={":active": to_attribute(ACTIVE), **to_item(values or {})},
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except ClientError as error:
            _profile(failed_condition_item(error))  # raises if the profile is unknown or erased
            raise refusal from None
        return _profile(response["Attributes"])


def _default_clause(is_default: bool) -> str:
    return ", chosenAddressId = :id" if is_default else ""


def _timestamp(at: datetime) -> str:
    """Return a time as it is stored, so that the order of the texts is that of the times."""
    text: str = TypeAdapter(Timestamp).dump_python(at, mode="json")
    return text


def _key(user_id: str) -> Item:
    return to_item({"userId": user_id})


def _to_plain(model: Details | ShippingAddress) -> dict[str, Any]:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


def _profile(item: Mapping[str, Any]) -> Profile:
    if not item:
        raise UnknownProfileError
    values = from_item({name: value for name, value in item.items() if name != ATTRIBUTE})
    if values["state"] == ERASED:
        raise AccountErasedError
    return Profile(
        user_id=values["userId"],
        registered_at=datetime.fromisoformat(values["registeredAt"]),
        # A former version stored more, and what it stored is still there.
        details=Details.model_validate(values["details"], extra="ignore"),
        addresses={key: ShippingAddress.model_validate(value) for key, value in sorted(values["addresses"].items())},
        chosen_address_id=values.get("chosenAddressId"),
        cart_reminders=Consent.model_validate(values["cartReminders"]) if "cartReminders" in values else None,
    )
