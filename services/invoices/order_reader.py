"""What invoices asks orders: what was bought, and the recipient. The bus has no addresses."""

from typing import TYPE_CHECKING

from bus.invocation import invoke_command
from bus.settings import Settings
from documents.formatting import address_lines
from schemas.commands import ShippingAddress
from services.invoices.domain import InvoicedOrder

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class OrderReaderSettings(Settings):
    """Environment of the functions that ask orders: ARNs of its commands."""

    show_order_arn: str
    delivery_address_arn: str


class OrderReader:
    """Reads orders by the commands of their service.

    Parameters:
        lambda_client: the Lambda client.
        settings: the commands.
    """

    def __init__(self, lambda_client: "LambdaClient", settings: OrderReaderSettings) -> None:
        self._lambda = lambda_client
        self._settings = settings

    def find(self, order_id: str, user_id: str) -> InvoicedOrder | None:
        """Return an order of a shopper as it was paid; None where it is not theirs.

        Raises CommandFailedError where orders fails.
        """
        given = {"orderId": order_id, "userId": user_id}
        shown = invoke_command(self._lambda, self._settings.show_order_arn, given)["orders"]
        found = next((order for order in shown if order["orderId"] == order_id), None)
        return InvoicedOrder.model_validate(found, extra="ignore") if found else None

    def recipient(self, order_id: str, user_id: str) -> list[str]:
        """Return name and address of an order's recipient, a line each; none where they were erased.

        Raises CommandFailedError where orders fails.
        """
        given = {"orderId": order_id, "userId": user_id}
        answer = invoke_command(self._lambda, self._settings.delivery_address_arn, given)
        if answer["outcome"] != "FOUND":
            return []
        return address_lines(ShippingAddress.model_validate(answer["shippingAddress"], extra="ignore"))
