"""The queue of confirmed withdrawals. A withdrawal is in it before its shopper is told that it was received."""

from typing import TYPE_CHECKING

from bus.invocation import command_message
from bus.settings import Settings
from schemas.contract import Contract, Identifier, Timestamp

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


class QueueSettings(Settings):
    """Environment of the functions that send withdrawals."""

    withdrawal_queue_url: str


class ConfirmedWithdrawal(Contract):
    """A withdrawal that its shopper has confirmed at a moment."""

    withdrawal_id: Identifier
    confirmed_at: Timestamp


class WithdrawalQueue:
    """The queue.

    Parameters:
        sqs: the SQS client.
        queue_url: URL of the queue.
    """

    def __init__(self, sqs: "SQSClient", queue_url: str) -> None:
        self._sqs = sqs
        self._queue_url = queue_url

    def send(self, confirmed: ConfirmedWithdrawal) -> None:
        """Send a withdrawal in the current context."""
        message = command_message(confirmed.model_dump(mode="json", exclude_none=True))
        self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=message)
