"""The checkout's state machine on the emulator, its commands replaced by stubs that answer as told."""

import io
import json
import uuid
import zipfile
from typing import Any

import boto3
import pytest
from botocore.config import Config

from bus.attribute_values import from_item, to_item
from infra.stacks.checkout_workflow import WorkflowResources, state_machine_definition

STUB = """
import json, os
def handler(event, context):
    answer = json.loads(os.environ["ANSWER"])
    if answer == "FAULT":
        raise RuntimeError("a fault")
    return {**event["input"]["outcome"], "finished": True} if answer == "ECHO" else answer
"""
QUOTE = {
    "outcome": "VALID",
    "lines": [{"productId": "lamp", "name": "Lamp", "quantity": 1, "unitPrice": {"amount": 4900, "currency": "USD"}}],
    "subtotal": {"amount": 4900, "currency": "USD"},
    "shipping": {"amount": 599, "currency": "USD"},
    "total": {"amount": 5499, "currency": "USD"},
    "sequence": 3,
}
ANSWERS: dict[str, Any] = {
    "validate": QUOTE,
    "reserve": {"outcome": "RESERVED", "expiresAt": "2026-01-01T00:00:00Z"},
    "release": {"outcome": "RELEASED"},
    "charge": {"outcome": "PAID", "paymentIntentId": "pi_1", "eventId": "the-payment"},
    "confirm": {"outcome": "PAID", "paymentIntentId": "pi_1", "eventId": "the-payment"},
    "refund": {"outcome": "REFUNDED", "refundId": "re_1"},
    "compensate": {"outcome": "COMPENSATING"},
    "claim_cart": {"outcome": "IN_PROGRESS"},
    "finish": "ECHO",
}


class StubbedCheckout:
    """A state machine of its own, with stubs, a queue and a table."""

    def __init__(self, endpoint_url: str) -> None:
        self.name = f"wf-{uuid.uuid4().hex[:8]}"
        session = boto3.session.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")

        def client(service: str, **options: Any) -> Any:
            return session.client(service, endpoint_url=endpoint_url, **options)  # type: ignore[call-overload]

        self.sqs = client("sqs")
        self.dynamodb = client("dynamodb")
        self.functions = client("lambda")
        self.stepfunctions = client("stepfunctions", config=Config(inject_host_prefix=False))
        self.queue_url = self.sqs.create_queue(QueueName=self.name)["QueueUrl"]
        self.dynamodb.create_table(
            TableName=self.name,
            KeySchema=[{"AttributeName": "orderId", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "orderId", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        trust = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
        # Its stubs do nothing, and the emulator lets a state machine do what it is told.
        role = client("iam").create_role(RoleName=self.name, AssumeRolePolicyDocument=document)
        self.role_arn = role["Role"]["Arn"]
        arns = {f"{command}_arn": self._stub(command, answer) for command, answer in ANSWERS.items()}
        self.resources = WorkflowResources(**arns, order_queue_url=self.queue_url, checkouts_table=self.name)

    def _stub(self, command: str, answer: Any) -> str:
        code = io.BytesIO()
        with zipfile.ZipFile(code, "w") as archive:
            archive.writestr("stub.py", STUB)
        created = self.functions.create_function(
            FunctionName=f"{self.name}-{command}",
            Runtime="python3.13",
            Role=self.role_arn,
            Handler="stub.handler",
            Code={"ZipFile": code.getvalue()},
            Environment={"Variables": {"ANSWER": json.dumps(answer)}},
        )
        return str(created["FunctionArn"])

    def run(
        self,
        *,
        resumed: bool = False,
        confirming: bool = False,
        user_id: str = "",
        status: str = "RUNNING",
        by_then: str = "",
        **answers: Any,
    ) -> dict[str, Any]:
        """Run the machine, some stubs answering otherwise; return the execution as Step Functions describes it."""
        order_id = uuid.uuid4().hex
        stands = to_item({"orderId": order_id, "status": by_then or status})
        self.dynamodb.put_item(TableName=self.name, Item=stands)
        for command, answer in answers.items():
            if command != "queue":
                self._answer(command, answer)
        resources = self.resources
        if answers.get("queue") == "FAULT":
            resources = WorkflowResources(
                **{name: getattr(resources, name) for name in resources.__slots__ if name != "order_queue_url"},
                order_queue_url=f"{self.queue_url}-missing",
            )
        machine = self.stepfunctions.create_state_machine(
            name=f"{self.name}-{order_id[:8]}",
            type="EXPRESS",
            roleArn=self.role_arn,
            definition=state_machine_definition(resources),
        )
        execution = self.stepfunctions.start_sync_execution(
            stateMachineArn=machine["stateMachineArn"],
            input=json.dumps(
                {
                    "context": {"correlationId": "the-request"},
                    "orderId": order_id,
                    "userId": user_id or f"shopper-of-{order_id}",
                    "request": {
                        "paymentMethodId": "pm_card_visa",
                        "expectedTotal": QUOTE["total"],
                        "shippingAddress": {"name": "Ada"},
                    },
                    "quote": QUOTE if resumed else None,
                    "status": status,
                    "paymentIntentId": "pi_1" if status == "COMPLETING" else None,
                    "resumed": resumed,
                    "confirming": confirming,
                }
            ),
        )
        for command in answers:
            if command != "queue":
                self._answer(command, ANSWERS[command])
        return {"orderId": order_id, **execution}

    def _answer(self, command: str, answer: Any) -> None:
        self.functions.update_function_configuration(
            FunctionName=f"{self.name}-{command}", Environment={"Variables": {"ANSWER": json.dumps(answer)}}
        )

    def queued(self) -> list[dict[str, Any]]:
        """Take all messages from the order queue."""
        messages = self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages]

    def recorded(self, order_id: str) -> Any:
        return from_item(self.dynamodb.get_item(TableName=self.name, Key={"orderId": {"S": order_id}})["Item"])

    def recorded_quote(self, order_id: str) -> Any:
        item = self.dynamodb.get_item(TableName=self.name, Key={"orderId": {"S": order_id}})["Item"]
        return json.loads(item["quote"]["S"]) if "quote" in item else None


@pytest.fixture(scope="module")
def checkout(emulator: Any) -> StubbedCheckout:
    return StubbedCheckout(emulator.endpoint_url)


def outcome(execution: dict[str, Any]) -> Any:
    assert execution["status"] == "SUCCEEDED", execution
    return json.loads(execution["output"])


def test_a_paid_order_is_quoted_then_queued_with_the_payment_as_its_cause(checkout: StubbedCheckout) -> None:
    execution = checkout.run()

    assert outcome(execution) == {"outcome": "CONFIRMED", "total": QUOTE["total"], "finished": True}
    (message,) = checkout.queued()
    assert message["context"] == {"correlationId": "the-request", "causationId": "the-payment"}
    assert message["input"]["lines"] == QUOTE["lines"]
    assert message["input"]["paymentIntentId"] == "pi_1"
    assert checkout.recorded_quote(execution["orderId"])["total"] == QUOTE["total"]


@pytest.mark.parametrize(
    "refusal",
    [
        {"validate": {"outcome": "EMPTY_CART"}},
        {"validate": {"outcome": "PRICE_CHANGED", "cart": {"total": {"amount": 1, "currency": "USD"}}}},
        {"validate": {"outcome": "UNAVAILABLE", "lines": [{"productId": "lamp"}]}},
        {"reserve": {"outcome": "OUT_OF_STOCK", "lines": [{"productId": "lamp", "requested": 1, "available": 0}]}},
        {"charge": {"outcome": "DECLINED", "declineCode": "insufficient_funds", "message": "No."}},
        {"charge": {"outcome": "REQUIRES_ACTION", "paymentIntentId": "pi_1", "clientSecret": "secret"}},
    ],
    ids=lambda refusal: next(iter(refusal.values()))["outcome"],
)
def test_an_outcome_ends_the_run_as_it_is_and_queues_nothing(
    checkout: StubbedCheckout, refusal: dict[str, Any]
) -> None:
    execution = checkout.run(**refusal)

    assert outcome(execution) == {**next(iter(refusal.values())), "finished": True}
    assert checkout.queued() == []


def test_a_cart_is_bought_by_one_checkout_until_it_says_that_it_has_taken_the_order_out(
    checkout: StubbedCheckout,
) -> None:
    first = checkout.run(user_id="ada")

    second = checkout.run(user_id="ada")
    after = checkout.run(user_id="ada", validate={**QUOTE, "sequence": 4, "lastOrderId": first["orderId"]})
    stale = checkout.run(user_id="ada", validate={**QUOTE, "lastOrderId": after["orderId"]})

    assert [outcome(run)["outcome"] for run in (first, second, after, stale)] == [
        "CONFIRMED",
        "IN_PROGRESS",
        "CONFIRMED",
        "IN_PROGRESS",
    ]
    assert len(checkout.queued()) == 2
    assert checkout.recorded_quote(second["orderId"]) is None


def test_a_cart_that_was_taken_from_another_checkout_is_bought(checkout: StubbedCheckout) -> None:
    checkout.run(user_id="eve")

    execution = checkout.run(user_id="eve", claim_cart={"outcome": "CLAIMED"})

    assert outcome(execution)["outcome"] == "CONFIRMED"
    assert len(checkout.queued()) == 2


def test_a_confirmed_3d_secure_is_queued_without_another_charge(checkout: StubbedCheckout) -> None:
    execution = checkout.run(resumed=True, confirming=True, validate="FAULT", charge="FAULT")

    assert outcome(execution)["outcome"] == "CONFIRMED"
    assert len(checkout.queued()) == 1


def test_a_resumed_run_that_finds_no_stock_gives_the_money_back(checkout: StubbedCheckout) -> None:
    sold_out = {"outcome": "OUT_OF_STOCK", "lines": [{"productId": "lamp", "requested": 1, "available": 0}]}

    execution = checkout.run(resumed=True, reserve=sold_out)

    assert outcome(execution) == {**sold_out, "finished": True}
    assert checkout.queued() == []


def test_a_fault_of_the_payment_decides_nothing(checkout: StubbedCheckout) -> None:
    execution = checkout.run(charge="FAULT")

    assert execution["status"] == "FAILED"
    assert checkout.queued() == []


def test_that_there_will_be_an_order_is_decided_before_the_queue_is_asked(checkout: StubbedCheckout) -> None:
    execution = checkout.run(queue="FAULT")

    assert execution["status"] == "FAILED"
    recorded = checkout.recorded(execution["orderId"])
    assert (recorded["status"], recorded["paymentIntentId"]) == ("COMPLETING", "pi_1")


def test_an_order_that_is_decided_on_is_queued_without_another_charge_or_reservation(checkout: StubbedCheckout) -> None:
    execution = checkout.run(resumed=True, status="COMPLETING", charge="FAULT", reserve="FAULT", refund="FAULT")

    assert outcome(execution) == {"outcome": "CONFIRMED", "total": QUOTE["total"], "finished": True}
    (message,) = checkout.queued()
    assert message["input"]["paymentIntentId"] == "pi_1"


def test_what_was_decided_against_gives_the_money_back_and_queues_nothing(checkout: StubbedCheckout) -> None:
    execution = checkout.run(resumed=True, status="COMPENSATING", charge="FAULT", reserve="FAULT")

    assert outcome(execution) == {"outcome": "FAULT", "finished": True}
    assert checkout.queued() == []


@pytest.mark.parametrize("decision", ["COMPENSATING", "FAILED", "COMPLETED"])
def test_a_run_that_was_overtaken_queues_nothing_and_heeds_the_decision(
    checkout: StubbedCheckout, decision: str
) -> None:
    execution = checkout.run(resumed=True, by_then=decision)

    assert outcome(execution)["finished"]
    assert checkout.queued() == []


def test_a_compensation_that_comes_too_late_answers_what_was_decided(checkout: StubbedCheckout) -> None:
    decided = {"outcome": "CONFIRMED", "total": QUOTE["total"]}

    execution = checkout.run(resumed=True, status="COMPENSATING", compensate=decided, refund="FAULT")

    assert outcome(execution) == decided
