"""What staff may give back, and how the payment service is asked for it."""

import io
import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from bus.context import Context
from schemas.commands import PlaceOrder
from schemas.contract import Money
from services.orders.domain import Order
from services.orders.refunds import RefundRefusedError, Refunds
from tests.unit.orders.test_domain import NOW, refund

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient


class PaymentCommand:
    """Gives back whatever it is asked for, and remembers it."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.outcome: dict[str, Any] = {"outcome": "REFUNDED"}

    def invoke(self, *, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        assert FunctionName == "refund"
        self.asked.append(json.loads(Payload))
        return {"Payload": io.BytesIO(json.dumps(self.outcome).encode())}

    @property
    def request_ids(self) -> list[str]:
        return [asked["input"]["requestId"] for asked in self.asked]


@pytest.fixture
def payment() -> PaymentCommand:
    return PaymentCommand()


@pytest.fixture
def refunds(payment: PaymentCommand) -> Refunds:
    return Refunds(cast("LambdaClient", payment), "refund")


@pytest.fixture
def order(place_order: PlaceOrder) -> Order:
    return Order.placed(place_order, NOW)[0]


def test_all_that_is_left_is_asked_for_in_the_request_of_the_caller(
    context: Context, payment: PaymentCommand, refunds: Refunds, order: Order
) -> None:
    partly, _ = order.refunded(refund(499), NOW)

    refunds.request(partly, None, "Broken.", None)

    (asked,) = payment.asked
    assert asked["context"]["correlationId"] == context.correlation_id
    assert (asked["input"]["amount"]["amount"], asked["input"]["reason"]) == (5000, "Broken.")


@pytest.mark.parametrize("key", ["cancel", "checkout"])
def test_a_key_is_never_the_name_of_a_refund_of_the_shops_own(
    payment: PaymentCommand, refunds: Refunds, order: Order, key: str
) -> None:
    refunds.request(order, Money(amount=2), "Broken.", key)

    assert payment.request_ids == [f"staff-{key}"]


def test_a_second_click_is_the_same_refund_and_a_later_one_is_another(
    payment: PaymentCommand, refunds: Refunds, order: Order
) -> None:
    refunds.request(order, Money(amount=499), "Broken.", None)
    refunds.request(order, Money(amount=499), "Broken.", None)
    refunds.request(order.refunded(refund(499), NOW)[0], Money(amount=499), "Broken.", None)

    first, second, later = payment.request_ids
    assert first == second != later


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        (Money(amount=0), "more than nothing"),
        (Money(amount=5500), "at most what is left"),
        (Money(amount=1, currency="EUR"), "paid in USD"),
    ],
)
def test_an_amount_that_cannot_be_given_back_is_refused_with_the_reason(
    payment: PaymentCommand, refunds: Refunds, order: Order, amount: Money, sentence: str
) -> None:
    with pytest.raises(RefundRefusedError, match=sentence):
        refunds.request(order, amount, "Broken.", None)

    assert payment.asked == []


def test_an_order_of_which_all_was_given_back_says_so(refunds: Refunds, order: Order) -> None:
    with pytest.raises(RefundRefusedError, match="given back before"):
        refunds.request(order.refunded(refund(5499), NOW)[0], None, "Broken.", None)


def test_the_refusal_of_the_payment_service_is_passed_on(
    payment: PaymentCommand, refunds: Refunds, order: Order
) -> None:
    payment.outcome = {"outcome": "REFUSED", "message": "The charge is disputed."}

    with pytest.raises(RefundRefusedError, match="disputed"):
        refunds.request(order, None, "Broken.", None)
