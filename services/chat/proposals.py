"""The Proposals table: changes of the cart that wait for a shopper's decision. Each is decided once, by its shopper."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_item
from bus.batch_items import batch_delete
from bus.dynamodb_errors import cancellation_reasons, failed_condition_item
from bus.erased_users import ErasedUsers
from bus.items_of_user import read_page_of_user
from bus.optimistic_locking import DEFAULT_RETRY, ConflictError, RetryPolicy, retry_on_conflict
from bus.settings import Settings
from schemas.contract import Money
from schemas.websocket import Change
from services.chat.domain import CartProposal, ProposalState, ShopperErasedError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef

KEY = "proposalId"
RETENTION_SECONDS = 24 * 3600
"""Seconds for which a proposal is stored after its expiry."""


class ProposalSettings(Settings):
    """The table of the proposals."""

    proposals_table: str


class ProposalStore:
    """All proposals.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Proposals table, keyed by ``proposalId``.
        erased_users: returns the tombstones of erased shoppers.
        retry: how long a write that meets a conflict is retried.
    """

    def __init__(
        self,
        dynamodb: "DynamoDBClient",
        table: str,
        erased_users: Callable[[], ErasedUsers],
        retry: RetryPolicy = DEFAULT_RETRY,
    ) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._erased_users = erased_users
        self._retry = retry

    def add(self, proposal: CartProposal) -> None:
        """Store a new proposal; raises ShopperErasedError, and RetriesExhaustedError."""
        item = {
            "proposalId": proposal.proposal_id,
            "userId": proposal.user_id,
            "conversationId": proposal.conversation_id,
            "change": proposal.change.model_dump(),
            "agreedPrice": proposal.agreed_price.model_dump(),
            "summary": proposal.summary,
            "holdsUntil": int(proposal.expires_at.timestamp()),
            "state": proposal.state,
            "expiresAt": int(proposal.expires_at.timestamp()) + RETENTION_SECONDS,
        }
        put: PutTypeDef = {"TableName": self._table, "Item": to_item(item)}
        not_erased = self._erased_users().absence_check(proposal.user_id)

        def attempt() -> None:
            try:
                self._dynamodb.transact_write_items(TransactItems=[{"Put": put}, {"ConditionCheck": not_erased}])
            except ClientError as error:
                if any(reason["Code"] == "ConditionalCheckFailed" for reason in cancellation_reasons(error)):
                    raise ShopperErasedError(proposal.user_id) from None
                raise ConflictError(proposal.proposal_id) from None

        retry_on_conflict(attempt, self._retry)

    def get(self, proposal_id: str, user_id: str) -> CartProposal | None:
        """Return a proposal; None if there is none, or if it was made to another user."""
        answer = self._dynamodb.get_item(
            TableName=self._table, Key=to_item({"proposalId": proposal_id}), ConsistentRead=True
        )
        item = from_item(answer.get("Item", {}))
        return _proposal(item) if item.get("userId") == user_id else None

    def list_by_user(self, user_id: str) -> list[dict[str, Any]]:
        """Return a shopper's proposals as they are stored: the quotas allow few in the day that they are kept."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            items, cursor = read_page_of_user(self._dynamodb, self._table, KEY, user_id, cursor)
            found += items
            if cursor is None:
                return found

    def delete_all(self, user_id: str) -> None:
        """Delete all proposals to a shopper. One that the index lacks yet expires within a day."""
        keys = [to_item({KEY: item[KEY]}) for item in self.list_by_user(user_id)]
        batch_delete(self._dynamodb, self._table, keys)

    def decide(self, proposal: CartProposal, state: ProposalState) -> bool:
        """Store the shopper's decision.

        Returns:
            False if the proposal was decided before.
        """
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"proposalId": proposal.proposal_id}),
                UpdateExpression="SET #state = :state",
                ConditionExpression="#state = :proposed AND userId = :user",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues=to_item(
                    {":state": state, ":proposed": ProposalState.PROPOSED, ":user": proposal.user_id}
                ),
            )
        except ClientError as error:
            failed_condition_item(error)
            return False
        return True


def _proposal(item: Mapping[str, Any]) -> CartProposal:
    return CartProposal(
        proposal_id=item["proposalId"],
        user_id=item["userId"],
        conversation_id=item["conversationId"],
        change=Change.model_validate(item["change"]),
        agreed_price=Money(**item["agreedPrice"]),
        summary=item["summary"],
        expires_at=datetime.fromtimestamp(item["holdsUntil"], UTC),
        state=ProposalState(item["state"]),
    )
