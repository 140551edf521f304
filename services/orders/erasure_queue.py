"""The queue of pages to erase: each message names a page of a shopper's orders."""

from typing import TYPE_CHECKING

from bus.invocation import command_message
from bus.settings import Settings
from schemas.contract import Contract, Identifier, Timestamp

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


class ErasureSettings(Settings):
    """Environment of the functions that send pages."""

    erasure_queue_url: str


class OrdersPage(Contract):
    """A page of a shopper's orders to erase.

    Attributes:
        user_id: the shopper.
        erased_at: when they were erased.
        cursor: of the page; None for the first one.
        found: whether an earlier page of this pass had something to erase.
        rechecks: which recheck this pass is; 0 for the pass over all orders.
    """

    user_id: Identifier
    erased_at: Timestamp
    cursor: str | None = None
    found: bool = False
    rechecks: int = 0


class ErasureQueue:
    """The queue of pages to erase.

    Parameters:
        sqs: the SQS client.
        queue_url: URL of the queue.
    """

    def __init__(self, sqs: "SQSClient", queue_url: str) -> None:
        self._sqs = sqs
        self._queue_url = queue_url

    def send(self, page: OrdersPage, delay_seconds: int = 0) -> None:
        """Send a page in the current context.

        Parameters:
            page: the page.
            delay_seconds: how long it waits in the queue, at most 900.
        """
        message = command_message(page.model_dump(mode="json", exclude_none=True))
        self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=message, DelaySeconds=delay_seconds)
