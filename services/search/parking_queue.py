"""The queue of stream records that can never be processed, kept for an operator with the reason."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bus.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


class ParkingQueueSettings(Settings):
    """Settings of the functions that read a stream."""

    parking_queue_url: str


class ParkingQueue:
    """Sends messages to the parking queue of a stream.

    Parameters:
        sqs: the SQS client.
        url: URL of the queue.
    """

    def __init__(self, sqs: "SQSClient", url: str) -> None:
        self._sqs = sqs
        self._url = url

    def send(self, message: Mapping[str, Any]) -> None:
        """Send a message, whose ``reason`` says why it is parked."""
        self._sqs.send_message(QueueUrl=self._url, MessageBody=json.dumps(message))
