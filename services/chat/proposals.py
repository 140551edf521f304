"""The Proposals table: what waits for a shopper's decision. Each is decided once, by the shopper it was made to."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_item
from bus.dynamodb_errors import failed_condition_item
from bus.settings import Settings
from schemas.contract import Money
from schemas.websocket import Change
from services.chat.domain import ProposalState, Proposed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

KEPT_SECONDS = 24 * 3600


class ProposalSettings(Settings):
    """Where proposals are kept."""

    proposals_table: str


class Proposals:
    """All proposals.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the Proposals table, keyed by ``proposalId``.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def put(self, proposed: Proposed) -> None:
        """Keep a new proposal."""
        item = {
            "proposalId": proposed.proposal_id,
            "userId": proposed.user_id,
            "conversationId": proposed.conversation_id,
            "change": proposed.change.model_dump(),
            "agreedPrice": proposed.agreed_price.model_dump(),
            "summary": proposed.summary,
            "holdsUntil": int(proposed.expires_at.timestamp()),
            "state": proposed.state,
            "expiresAt": int(proposed.expires_at.timestamp()) + KEPT_SECONDS,
        }
        self._dynamodb.put_item(TableName=self._table, Item=to_item(item))

    def of(self, proposal_id: str, user_id: str) -> Proposed | None:
        """Return a proposal; None where there is none, or it was made to somebody else."""
        answer = self._dynamodb.get_item(
            TableName=self._table, Key=to_item({"proposalId": proposal_id}), ConsistentRead=True
        )
        found = from_item(answer.get("Item", {}))
        return _proposed(found) if found.get("userId") == user_id else None

    def decide(self, proposed: Proposed, state: ProposalState) -> bool:
        """Write the shopper's decision; False where it was decided before."""
        try:
            self._dynamodb.update_item(
                TableName=self._table,
                Key=to_item({"proposalId": proposed.proposal_id}),
                UpdateExpression="SET #state = :state",
                ConditionExpression="#state = :proposed AND userId = :user",
                ExpressionAttributeNames={"#state": "state"},
                ExpressionAttributeValues=to_item(
                    {":state": state, ":proposed": ProposalState.PROPOSED, ":user": proposed.user_id}
                ),
            )
        except ClientError as error:
            failed_condition_item(error)
            return False
        return True


def _proposed(item: Mapping[str, Any]) -> Proposed:
    return Proposed(
        proposal_id=item["proposalId"],
        user_id=item["userId"],
        conversation_id=item["conversationId"],
        change=Change.model_validate(item["change"]),
        agreed_price=Money(**item["agreedPrice"]),
        summary=item["summary"],
        expires_at=datetime.fromtimestamp(item["holdsUntil"], UTC),
        state=ProposalState(item["state"]),
    )
