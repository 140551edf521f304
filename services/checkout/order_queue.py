"""The queue of orders: takes the command to place the order of a checkout."""

from typing import TYPE_CHECKING

from bus.invocation import command_message
from bus.settings import Settings
from services.checkout.domain import Checkout

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient


class OrderQueueSettings(Settings):
    """Environment of the functions that place orders outside of the state machine."""

    order_queue_url: str


class OrderQueue:
    """Sends PlaceOrder, as the state machine does. Orders places the order of a checkout once.

    Parameters:
        sqs: the SQS client.
        settings: the queue.
    """

    def __init__(self, sqs: "SQSClient", settings: OrderQueueSettings) -> None:
        self._sqs = sqs
        self._settings = settings

    def send_place_order(self, checkout: Checkout, payment_intent_id: str) -> None:
        """Send the command in the current context.

        Parameters:
            checkout: COMPLETING.
            payment_intent_id: Stripe's id of the payment.
        """
        command = checkout.place_order_command(payment_intent_id)
        message = command_message(command.model_dump(mode="json", exclude_none=True))
        self._sqs.send_message(QueueUrl=self._settings.order_queue_url, MessageBody=message)
