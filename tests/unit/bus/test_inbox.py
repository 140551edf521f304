"""What is done once is not done again; what was claimed by somebody who died is."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from bus.attribute_values import from_item
from bus.inbox import RETENTION_SECONDS, ClaimedError, Inbox
from bus.outbox import new_entries
from schemas.notifications import NotificationSent

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

    from tests.unit.bus.conftest import MakeTable

SENT = NotificationSent(notification_id="n-1", user_id="ada", template="ORDER_PLACED", subject_id="order-1")


class Clock:
    """Seconds since the epoch, as the test wants them."""

    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def dynamodb(make_table: "MakeTable") -> "DynamoDBClient":
    return make_table("Inbox", "inboxId")


@pytest.fixture
def inbox(dynamodb: "DynamoDBClient", clock: Clock) -> Inbox:
    return Inbox(dynamodb, "Inbox", "notifications", lease_seconds=60, now=clock)


@pytest.fixture
def stored(dynamodb: "DynamoDBClient") -> "Stored":
    return lambda: dynamodb.get_item(TableName="Inbox", Key={"inboxId": {"S": "notifications#event-1"}}).get("Item", {})


Stored = Callable[[], Mapping[str, Any]]


def test_the_first_claim_succeeds_and_the_second_is_told_to_come_again(inbox: Inbox) -> None:
    assert inbox.claim("event-1")

    with pytest.raises(ClaimedError):
        inbox.claim("event-1")


def test_what_is_done_is_not_claimed_again_even_after_its_lease(inbox: Inbox, clock: Clock) -> None:
    inbox.claim("event-1")
    inbox.complete("event-1")

    assert not inbox.claim("event-1")
    clock.seconds += 3600
    assert not inbox.claim("event-1")


def test_the_lease_of_an_owner_who_died_is_taken_over_once(inbox: Inbox, clock: Clock) -> None:
    inbox.claim("event-1")

    clock.seconds += 60
    with pytest.raises(ClaimedError):
        inbox.claim("event-1")
    clock.seconds += 1
    assert inbox.claim("event-1")
    with pytest.raises(ClaimedError):
        inbox.claim("event-1")


def test_a_claim_that_is_released_is_free_at_once(inbox: Inbox) -> None:
    inbox.claim("event-1")

    inbox.release("event-1")

    assert inbox.claim("event-1")


def test_a_late_release_does_not_forget_what_another_has_done(inbox: Inbox, clock: Clock) -> None:
    inbox.claim("event-1")
    clock.seconds += 61
    inbox.claim("event-1")
    inbox.complete("event-1")

    inbox.release("event-1")

    assert not inbox.claim("event-1")


def test_to_release_what_nobody_has_claimed_is_no_fault(inbox: Inbox) -> None:
    inbox.release("event-1")

    assert inbox.claim("event-1")


def test_consumers_and_events_do_not_meet(inbox: Inbox, dynamodb: "DynamoDBClient", clock: Clock) -> None:
    inbox.claim("event-1")

    assert inbox.claim("event-2")
    assert Inbox(dynamodb, "Inbox", "payment", now=clock).claim("event-1")


def test_a_record_remembers_its_result_and_outlives_the_archive(inbox: Inbox, clock: Clock, stored: Stored) -> None:
    inbox.claim("event-1")
    inbox.complete("event-1", messageId="ses-1", state_of_mail="queued")

    item = from_item(stored())
    assert (item["state"], item["messageId"], item["state_of_mail"]) == ("DONE", "ses-1", "queued")
    assert item["expiresAt"] == clock.seconds + RETENTION_SECONDS
    assert RETENTION_SECONDS > 365 * 24 * 3600


def test_the_deeds_event_is_raised_in_the_same_write(inbox: Inbox, stored: Stored, request_context: object) -> None:
    inbox.claim("event-1")
    inbox.complete("event-1", SENT, messageId="ses-1")

    (entry,) = new_entries({}, stored())

    assert entry.detail_type == "NotificationSent"


def test_another_fault_of_the_table_is_not_taken_for_an_answer(dynamodb: "DynamoDBClient") -> None:
    elsewhere = Inbox(dynamodb, "Nowhere", "notifications")

    with pytest.raises(ClientError, match="ResourceNotFound"):
        elsewhere.claim("event-1")
    with pytest.raises(ClientError, match="ResourceNotFound"):
        elsewhere.release("event-1")
