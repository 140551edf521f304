"""How a refund by staff is requested of the payment service."""

import io
import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from bus.context import Context
from schemas.commands import PlaceOrder
from services.orders.domain import Order, OrderNotRefundableError, StaffRefund
from services.orders.refund_client import RefundClient
from tests.unit.orders.test_domain import NOW, refund

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class PaymentCommand:
    """Records each request, and returns an outcome."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []
        self.outcome: dict[str, Any] = {"outcome": "REFUNDED"}

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        assert FunctionName == "refund"
        self.requests.append(json.loads(Payload))
        return {"Payload": io.BytesIO(json.dumps(self.outcome).encode())}


@pytest.fixture
def payment() -> PaymentCommand:
    return PaymentCommand()


@pytest.fixture
def client(payment: PaymentCommand) -> RefundClient:
    return RefundClient(cast("LambdaClient", payment), "refund")


@pytest.fixture
def staff_refund(place_order: PlaceOrder) -> StaffRefund:
    order, _ = Order.placed(place_order, NOW)[0].refunded(refund(499), NOW)
    return order.staff_refund(None, "Broken.", "a-key")


def test_the_refund_is_requested_in_the_request_of_the_caller(
    context: Context, payment: PaymentCommand, client: RefundClient, staff_refund: StaffRefund
) -> None:
    client.request(staff_refund)

    (request,) = payment.requests
    assert request["context"]["correlationId"] == context.correlation_id
    assert request["input"] == {
        "orderId": "order-1",
        "amount": {"amount": 5000, "currency": "USD"},
        "reason": "Broken.",
        "requestId": "staff-a-key",
    }


def test_a_refund_that_stripe_has_not_made_yet_is_accepted(
    payment: PaymentCommand, client: RefundClient, staff_refund: StaffRefund
) -> None:
    payment.outcome = {"outcome": "PENDING"}

    client.request(staff_refund)


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        ({"outcome": "REFUSED", "message": "The charge is disputed."}, "disputed"),
        ({"outcome": "NOTHING_TO_REFUND"}, "Nothing was charged"),
    ],
)
def test_a_refusal_of_the_payment_service_is_passed_on(
    payment: PaymentCommand, client: RefundClient, staff_refund: StaffRefund, outcome: dict[str, Any], sentence: str
) -> None:
    payment.outcome = outcome

    with pytest.raises(OrderNotRefundableError, match=sentence):
        client.request(staff_refund)
