"""The Tickets table: who may open a connection within the next seconds, without a token in its address.

An address is written into logs on the way, and rules of a firewall read it. A ticket is worthless there: it is valid
once, and for as long as a browser needs to connect.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bus.attribute_values import from_item, to_item
from bus.dynamodb_errors import failed_condition_item
from bus.settings import Settings
from services.chat.token_identity import TokenIdentity

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TICKET_SECONDS = 30
"""How long a ticket is valid."""
TICKET_BYTES = 32


class TicketSettings(Settings):
    """Environment of the functions that issue or redeem tickets."""

    tickets_table: str


class TicketStore:
    """The tickets. Their digests are stored, so that whoever reads the table cannot use them.

    Parameters:
        dynamodb: the DynamoDB client.
        table: name of the table, keyed by ``ticketId``.
        now: the time in seconds since the epoch; replaced in tests.
    """

    def __init__(self, dynamodb: "DynamoDBClient", table: str, now: Callable[[], float] = time.time) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._now = now

    def issue(self, identity: TokenIdentity) -> str:
        """Return a new ticket of a shopper.

        Parameters:
            identity: what their token proves, which the connection inherits with its expiry.
        """
        ticket = secrets.token_urlsafe(TICKET_BYTES)
        item = {
            "ticketId": _digest(ticket),
            "userId": identity.user_id,
            "signedInUntil": identity.expires_at,
            "expiresAt": int(self._now()) + TICKET_SECONDS,
        }
        self._dynamodb.put_item(TableName=self._table, Item=to_item(item))
        return ticket

    def redeem(self, ticket: str) -> TokenIdentity | None:
        """Return whose ticket it is, once; None where it was used, has expired, or was never issued."""
        try:
            answer = self._dynamodb.delete_item(
                TableName=self._table,
                Key=to_item({"ticketId": _digest(ticket)}),
                # DynamoDB deletes expired items later.
                ConditionExpression="expiresAt > :now",
                ExpressionAttributeValues=to_item({":now": int(self._now())}),
                ReturnValues="ALL_OLD",
            )
        except ClientError as error:
            failed_condition_item(error)
            return None
        item = from_item(answer["Attributes"])
        return TokenIdentity(user_id=str(item["userId"]), expires_at=int(str(item["signedInUntil"])))


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
