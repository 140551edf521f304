"""The state machine speaks for checkout without its code: its messages and writes are those of the classes."""

import json
import re
import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, get_args

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from pydantic import BaseModel

from bus.attribute_values import from_item
from bus.command import Command
from bus.context import Context, use_context
from infra.stacks.checkout_workflow import WorkflowResources, state_machine_definition
from schemas.commands import PlaceOrder, ShippingAddress
from schemas.contract import Line, Money
from services.cart.commands import ValidateInput, ValidOutcome
from services.checkout.commands import (
    CartClaimedOutcome,
    ClaimCartInput,
    CompensateInput,
    CompensatingOutcome,
    FinishInput,
)
from services.checkout.compensation import REFUND_REASON, REFUND_REQUEST_ID
from services.checkout.domain import (
    CartHolder,
    Checkout,
    CheckoutOutcome,
    CheckoutStatus,
    Quote,
    RecordedRequest,
)
from services.checkout.store import RETENTION_SECONDS, CheckoutStore
from services.checkout.workflow import execution_input
from services.inventory.commands import ReleaseInput, ReservedOutcome, ReserveInput
from services.payment.charges import ChargeInput, ConfirmInput
from services.payment.outcomes import ChargeOutcome, DeclinedOutcome, PaidOutcome
from services.payment.refunds import RefundInput
from tests.contract.checkout.asl import evaluate

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.client import DynamoDBClient

TABLE = "Checkouts"
DEFINITION: dict[str, Any] = json.loads(
    state_machine_definition(
        WorkflowResources(
            **{f"{name}_arn": name for name in ("validate", "reserve", "release", "charge", "confirm", "refund")},
            compensate_arn="compensate",
            finish_arn="finish",
            claim_cart_arn="claim_cart",
            order_queue_url="order-queue",
            checkouts_table=TABLE,
        )
    )
)
STATES: dict[str, Any] = DEFINITION["States"]
COMMANDS: dict[str, type[BaseModel]] = {
    "ValidateCart": ValidateInput,
    "ClaimCart": ClaimCartInput,
    "ReserveStock": ReserveInput,
    "ProcessPayment": ChargeInput,
    "ConfirmPayment": ConfirmInput,
    "Compensate": CompensateInput,
    "RefundPayment": RefundInput,
    "ReleaseStock": ReleaseInput,
    "Finish": FinishInput,
}
"""The input class of each command that the state machine invokes."""
PAID = PaidOutcome(payment_intent_id="pi_1", event_id="the-payment")


def checkout_of(*, full: bool) -> Checkout:
    """Return a running checkout with a quote, with or without the fields that may be missing."""
    line = Line(
        product_id="lamp",
        name="Lamp “A”",
        quantity=2,
        unit_price=Money(amount=2450),
        image_url="/images/lamp.svg" if full else None,
    )
    address = ShippingAddress(
        name="Ada", line1="1 Way", line2="Flat 2" if full else None, city="London", postal_code="N1", country="GB"
    )
    return Checkout(
        order_id="order-1",
        user_id="ada",
        fingerprint="f",
        status=CheckoutStatus.RUNNING,
        lease_until=0,
        request=RecordedRequest(
            payment_method_id="pm_card_visa", shipping_address=address, expected_total=Money(amount=5499)
        ),
        quote=Quote(
            lines=[line],
            subtotal=Money(amount=4900),
            shipping=Money(amount=599),
            total=Money(amount=5499),
            sequence=3,
            last_order_id="an-earlier-one" if full else None,
        ),
        correlation_id="the-request",
    )


@pytest.fixture(params=[True, False], ids=["full", "minimal"])
def checkout(request: pytest.FixtureRequest) -> Checkout:
    return checkout_of(full=request.param)


@pytest.fixture
def variables(checkout: Checkout) -> dict[str, Any]:
    """Return the variables of a run whose card was charged."""
    with use_context(Context(correlation_id="the-request")):
        given = json.loads(json.dumps(execution_input(checkout, confirming=False)))
    variables: dict[str, Any] = evaluate(STATES["Begin"]["Assign"], {}, input=given)
    paid = STATES["Paid"]["Choices"][0]
    assert evaluate(paid["Condition"], variables, input=PAID.model_dump())
    assigned: dict[str, Any] = evaluate(paid["Assign"], variables, input=PAID.model_dump())
    return variables | assigned


@pytest.fixture
def dynamodb() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "orderId", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


@pytest.fixture
def store(dynamodb: "DynamoDBClient") -> CheckoutStore:
    return CheckoutStore(dynamodb, TABLE)


def accepted_fields(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def item(dynamodb: "DynamoDBClient", key: str) -> dict[str, Any]:
    return from_item(dynamodb.get_item(TableName=TABLE, Key={"orderId": {"S": key}})["Item"])


def test_the_message_to_the_order_queue_is_the_command_to_place_the_order(
    checkout: Checkout, variables: dict[str, Any]
) -> None:
    body = evaluate(STATES["SendToOrderQueue"]["Arguments"]["MessageBody"], variables)

    message = Command[PlaceOrder].model_validate_json(body)
    assert message.input == checkout.place_order_command("pi_1")
    assert json.loads(body)["input"] == message.input.model_dump(mode="json", exclude_none=True)
    assert message.context == Context(correlation_id="the-request", causation_id="the-payment")


def test_the_input_class_of_every_command_is_known() -> None:
    invoking = {name for name, state in STATES.items() if state.get("Resource") == "arn:aws:states:::lambda:invoke"}

    assert invoking == set(COMMANDS)


@pytest.mark.parametrize(("state", "model"), COMMANDS.items(), ids=COMMANDS)
def test_a_command_is_invoked_with_what_its_class_takes(
    variables: dict[str, Any], state: str, model: type[BaseModel]
) -> None:
    payload = evaluate(STATES[state]["Arguments"]["Payload"], variables)

    Command[model].model_validate(payload, extra="ignore")  # type: ignore[valid-type]
    assert set(payload["input"]) <= accepted_fields(model)


def test_the_refund_of_the_state_machine_and_that_of_the_compensator_are_one(variables: dict[str, Any]) -> None:
    given = evaluate(STATES["RefundPayment"]["Arguments"]["Payload"], variables)["input"]

    assert given == {"orderId": "order-1", "reason": REFUND_REASON, "requestId": REFUND_REQUEST_ID}


def test_the_quote_that_the_state_machine_writes_is_that_of_the_store(
    checkout: Checkout, variables: dict[str, Any], store: CheckoutStore, dynamodb: "DynamoDBClient"
) -> None:
    store.create(checkout.model_copy(update={"quote": None}))
    before = int(time.time())

    dynamodb.transact_write_items(**evaluate(STATES["RecordQuote"]["Arguments"], variables))

    after = int(time.time())
    stored = store.get("order-1")
    assert stored is not None
    assert stored.quote == checkout.quote
    assert store.get_cart_holder("ada") == CartHolder(order_id="order-1", sequence=3)
    for key in ("order-1", "cart#ada"):
        assert before <= item(dynamodb, key)["expiresAt"] - RETENTION_SECONDS <= after


def test_the_state_machine_and_the_store_write_the_same_attributes_with_a_quote(
    checkout: Checkout, variables: dict[str, Any], store: CheckoutStore, dynamodb: "DynamoDBClient"
) -> None:
    unquoted = checkout.model_copy(update={"quote": None})
    for key, user_id in (("order-1", "ada"), ("order-2", "eve")):
        store.create(unquoted.model_copy(update={"order_id": key, "user_id": user_id}))
    assert checkout.quote is not None

    dynamodb.transact_write_items(**evaluate(STATES["RecordQuote"]["Arguments"], variables))
    store.claim_cart("order-2", "eve", checkout.quote, over=None)

    assert item(dynamodb, "order-1").keys() == item(dynamodb, "order-2").keys()
    assert item(dynamodb, "cart#ada").keys() == item(dynamodb, "cart#eve").keys()


@pytest.mark.parametrize("status", [status for status in CheckoutStatus if status is not CheckoutStatus.RUNNING])
def test_only_a_running_checkout_is_quoted(
    variables: dict[str, Any], checkout: Checkout, store: CheckoutStore, dynamodb: "DynamoDBClient", status: Any
) -> None:
    store.create(checkout.model_copy(update={"status": status}))

    with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
        dynamodb.transact_write_items(**evaluate(STATES["RecordQuote"]["Arguments"], variables))


def test_the_decision_of_the_state_machine_is_read_as_that_of_the_store(
    checkout: Checkout, variables: dict[str, Any], store: CheckoutStore, dynamodb: "DynamoDBClient"
) -> None:
    store.create(checkout)

    result = dynamodb.update_item(**evaluate(STATES["DecideToComplete"]["Arguments"], variables))

    decided = store.get("order-1")
    assert decided is not None
    assert (decided.status, decided.payment_intent_id) == (CheckoutStatus.COMPLETING, "pi_1")
    # Finish is given the written item, and reads it without asking the table.
    seen = evaluate(STATES["DecideToComplete"]["Assign"], variables, result=result)["seen"]
    assert store.parse_item(seen) == decided


@pytest.mark.parametrize("status", CheckoutStatus)
def test_only_what_is_not_decided_against_is_decided_for(
    variables: dict[str, Any],
    checkout: Checkout,
    store: CheckoutStore,
    dynamodb: "DynamoDBClient",
    status: CheckoutStatus,
) -> None:
    store.create(checkout.model_copy(update={"status": status}))

    def decide() -> None:
        dynamodb.update_item(**evaluate(STATES["DecideToComplete"]["Arguments"], variables))

    if status in (CheckoutStatus.RUNNING, CheckoutStatus.COMPLETING):
        decide()
    else:
        with pytest.raises(ClientError, match="ConditionalCheckFailed"):
            decide()


def test_a_decided_checkout_goes_on_with_its_decision(variables: Mapping[str, Any]) -> None:
    conditions = [choice["Condition"] for choice in STATES["Resumed"]["Choices"]]
    follows = {
        status: [evaluate(condition, {**variables, "status": status, "resumed": False}) for condition in conditions]
        for status in CheckoutStatus
    }

    assert [status for status, matches in follows.items() if any(matches)] == [
        CheckoutStatus.COMPLETING,
        CheckoutStatus.COMPENSATING,
    ]


def test_every_outcome_that_is_assigned_is_one_of_checkout(variables: dict[str, Any]) -> None:
    choices = [choice for state in STATES.values() for choice in state.get("Choices", [])]
    outcomes = [choice["Assign"]["outcome"] for choice in choices if "outcome" in choice.get("Assign", {})]
    written = [evaluate(outcome, variables, input={"outcome": "DECLINED"}) for outcome in outcomes]

    assert {CheckoutOutcome.model_validate(outcome).outcome for outcome in written} == {
        "CONFIRMED",
        "DECLINED",
        "FAULT",
    }


def outcomes_of(*models: type[BaseModel]) -> set[str]:
    return {model.model_fields["outcome"].default for model in models}


@pytest.mark.parametrize(
    ("state", "outcomes"),
    [
        ("CartValid", outcomes_of(ValidOutcome)),
        ("CartClaimed", outcomes_of(CartClaimedOutcome)),
        ("StockReserved", outcomes_of(ReservedOutcome)),
        ("Paid", outcomes_of(PaidOutcome, DeclinedOutcome)),
        ("MayCompensate", outcomes_of(CompensatingOutcome)),
    ],
)
def test_a_choice_asks_for_outcomes_that_its_command_returns(state: str, outcomes: set[str]) -> None:
    conditions = " ".join(choice["Condition"] for choice in STATES[state]["Choices"])

    assert set(re.findall(r"outcome = '(\w+)'", conditions)) == outcomes


def test_what_the_payment_returns_beyond_that_ends_the_run() -> None:
    assert STATES["Paid"]["Default"] == "Finish"
    assert outcomes_of(*get_args(ChargeOutcome)) == {"PAID", "DECLINED", "REQUIRES_ACTION"}
