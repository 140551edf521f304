"""The checkout's state machine, in Amazon States Language with JSONata.

Steps return outcomes, which Choice states route; Retry and Catch handle faults only. A fault at or before the payment
ends the run without a decision, because it is unknown whether the card was charged: a repetition of the request, or the
event PaymentSucceeded, resumes from there. A fault after the payment ends the run as well: the decision for an order is
recorded before the message is sent to the order queue, so the next attempt sends it again.

::

    Begin ─ ValidateCart ─ RecordQuote ┬ ClaimCart ─ IN_PROGRESS: another checkout holds the cart
      ├ (resumed) ─────────────────────ReserveStock ─ ProcessPayment ─ DecideToComplete ─ SendToOrderQueue ─ Finish
      │                                │                ├ DECLINED → ReleaseStock ──────────────────────── Finish
      │                                │                └ REQUIRES_ACTION ───────────────────────────────── Finish
      │                                ├ OUT_OF_STOCK ───────────────────────────────────────────────────── Finish
      │                                └ OUT_OF_STOCK, resumed ┐
      ├ (decided against) ─────────────────────────────────────┴ Compensate → RefundPayment → ReleaseStock → Finish
      └ (decided for) ─────────────────────────────────────────────────── SendToOrderQueue ─ Finish
"""

import json
from dataclasses import dataclass
from typing import Any

State = dict[str, Any]

RETRYABLE_ERRORS = ["States.TaskFailed", "States.Timeout"]
TRANSACTION_CANCELED = "DynamoDb.TransactionCanceledException"
"""A condition failed, or another transaction wrote the same item."""
CONFIRMED = {"outcome": "CONFIRMED", "total": "{% $quote.total %}"}
TIMEOUT_SECONDS = 300
"""The limit of an Express workflow; source: Step Functions' quotas."""
RETENTION_SECONDS = 90 * 24 * 3600
"""How long a checkout with a quote is kept; a test ties it to that of ``services/checkout/store.py``."""


@dataclass(frozen=True, slots=True)
class WorkflowResources:
    """The resources that the steps use: ARNs of commands, URL of the order queue, name of the Checkouts table."""

    validate_arn: str
    reserve_arn: str
    release_arn: str
    charge_arn: str
    confirm_arn: str
    refund_arn: str
    compensate_arn: str
    finish_arn: str
    claim_cart_arn: str
    order_queue_url: str
    checkouts_table: str


def state_machine_definition(resources: WorkflowResources) -> str:
    """Return the definition of the state machine as JSON.

    Parameters:
        resources: the resources that the steps use.
    """
    states: dict[str, State] = {
        "Begin": _begin(),
        "Resumed": _choice(
            ("$status = 'COMPENSATING'", "Compensate", {"outcome": {"outcome": "FAULT"}}),
            ("$status = 'COMPLETING'", "SendToOrderQueue", {"outcome": CONFIRMED}),
            ("$resumed", "ReserveStock"),
            default="ValidateCart",
        ),
        "ValidateCart": _invoke_command(
            resources.validate_arn,
            {
                "userId": "{% $userId %}",
                "expectedTotal": "{% $request.expectedTotal %}",
                "shippingAddress": "{% $request.shippingAddress %}",
                "deliveryMethod": "{% $exists($request.deliveryMethod) ? $request.deliveryMethod : null %}",
            },
            "CartValid",
        ),
        "CartValid": _choice(
            ("$states.input.outcome = 'VALID'", "RecordQuote", {"quote": "{% $states.input %}"}),
            default="Finish",
            assign={"outcome": "{% $states.input %}"},
        ),
        "RecordQuote": _record_quote(resources.checkouts_table),
        "ClaimCart": _invoke_command(
            resources.claim_cart_arn,
            {"orderId": "{% $orderId %}", "userId": "{% $userId %}", "quote": "{% $quote %}"},
            "CartClaimed",
        ),
        "CartClaimed": _choice(("$states.input.outcome = 'CLAIMED'", "ReserveStock"), default="CartTaken"),
        "CartTaken": {"Type": "Succeed"},
        "ReserveStock": _invoke_command(
            resources.reserve_arn, {"reservationId": "{% $orderId %}", "lines": "{% $quote.lines %}"}, "StockReserved"
        ),
        "StockReserved": _choice(
            ("$states.input.outcome = 'RESERVED' and $confirming", "ConfirmPayment"),
            ("$states.input.outcome = 'RESERVED'", "ProcessPayment"),
            ("$resumed", "Compensate", {"outcome": "{% $states.input %}"}),
            default="Finish",
            assign={"outcome": "{% $states.input %}"},
        ),
        "ProcessPayment": _invoke_command(
            resources.charge_arn,
            {
                "orderId": "{% $orderId %}",
                "userId": "{% $userId %}",
                "paymentMethodId": "{% $request.paymentMethodId %}",
                "amount": "{% $quote.total %}",
            },
            "Paid",
        ),
        "ConfirmPayment": _invoke_command(resources.confirm_arn, {"orderId": "{% $orderId %}"}, "Paid"),
        "Paid": _choice(
            (
                "$states.input.outcome = 'PAID'",
                "DecideToComplete",
                {
                    "paymentIntentId": "{% $states.input.paymentIntentId %}",
                    "context": "{% $merge([$context, {'causationId': $states.input.eventId}]) %}",
                    "outcome": CONFIRMED,
                },
            ),
            ("$states.input.outcome = 'DECLINED'", "ReleaseStock", {"outcome": "{% $states.input %}"}),
            default="Finish",
            assign={"outcome": "{% $states.input %}"},
        ),
        "DecideToComplete": _decide_to_complete(resources.checkouts_table),
        "SendToOrderQueue": _send_to_order_queue(resources.order_queue_url),
        "Compensate": _invoke_command(resources.compensate_arn, {"orderId": "{% $orderId %}"}, "MayCompensate"),
        "MayCompensate": _choice(
            ("$states.input.outcome = 'COMPENSATING'", "RefundPayment"), default="DecidedElsewhere"
        ),
        "RefundPayment": _invoke_command(
            resources.refund_arn,
            {"orderId": "{% $orderId %}", "reason": "CHECKOUT_FAILED", "requestId": "checkout"},
            "ReleaseStock",
            max_attempts=5,
        ),
        "ReleaseStock": _invoke_command(
            resources.release_arn, {"reservationId": "{% $orderId %}"}, "Finish", max_attempts=5
        ),
        "Finish": _invoke_command(
            resources.finish_arn,
            {"orderId": "{% $orderId %}", "outcome": "{% $outcome %}", "seen": "{% $seen %}"},
            None,
            max_attempts=5,
        ),
        "DecidedElsewhere": {"Type": "Succeed"},
    }
    return json.dumps(
        {"QueryLanguage": "JSONata", "TimeoutSeconds": TIMEOUT_SECONDS, "StartAt": "Begin", "States": states}
    )


def _begin() -> State:
    names = ("context", "orderId", "userId", "status", "request", "quote", "paymentIntentId", "resumed", "confirming")
    return {
        "Type": "Pass",
        "Assign": {**{name: f"{{% $states.input.{name} %}}" for name in names}, "seen": None},
        "Next": "Resumed",
    }


def _invoke_command(
    function_arn: str, command_input: dict[str, Any], next_state: str | None, max_attempts: int = 3
) -> State:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": function_arn, "Payload": {"context": "{% $context %}", "input": command_input}},
        "Output": "{% $states.result.Payload %}",
        "Retry": [_retry(max_attempts)],
        **({"Next": next_state} if next_state else {"End": True}),
    }


def _retry(max_attempts: int) -> State:
    return {
        "ErrorEquals": RETRYABLE_ERRORS,
        "IntervalSeconds": 1,
        "BackoffRate": 2,
        "MaxAttempts": max_attempts - 1,
        "JitterStrategy": "FULL",
    }


def _record_quote(table: str) -> State:
    """Return the step that records the quote before it is charged, so that a later run can complete the checkout.

    In the same transaction the checkout takes hold of the shopper's cart, if no checkout has held it before, or if the
    cart no longer contains the holder's order. ``ClaimCart`` decides about any other holder.
    """
    expires = {"N": f"{{% $string($floor($millis() / 1000) + {RETENTION_SECONDS}) %}}"}
    last_order = "$exists($quote.lastOrderId) ? $quote.lastOrderId : $orderId"
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:dynamodb:transactWriteItems",
        "Arguments": {
            "TransactItems": [
                {
                    "Update": {
                        "TableName": table,
                        "Key": {"orderId": {"S": "{% $orderId %}"}},
                        "UpdateExpression": "SET quote = :quote, expiresAt = :expires",
                        "ConditionExpression": "#status = :running",
                        "ExpressionAttributeNames": {"#status": "status"},
                        "ExpressionAttributeValues": {
                            ":quote": {"S": "{% $string($quote) %}"},
                            ":running": {"S": "RUNNING"},
                            ":expires": expires,
                        },
                    }
                },
                {
                    "Update": {
                        "TableName": table,
                        "Key": {"orderId": {"S": "{% 'cart#' & $userId %}"}},
                        "UpdateExpression": "SET heldBy = :order, cartSequence = :sequence, expiresAt = :expires",
                        "ConditionExpression": (
                            "attribute_not_exists(orderId) OR (heldBy IN (:order, :last) AND cartSequence <= :sequence)"
                        ),
                        "ExpressionAttributeValues": {
                            ":order": {"S": "{% $orderId %}"},
                            ":last": {"S": f"{{% {last_order} %}}"},
                            ":sequence": {"N": "{% $string($quote.sequence) %}"},
                            ":expires": expires,
                        },
                    }
                },
            ]
        },
        "Output": {},
        "Retry": [{"ErrorEquals": [TRANSACTION_CANCELED], "MaxAttempts": 0}, _retry(3)],
        "Catch": [{"ErrorEquals": [TRANSACTION_CANCELED], "Output": {}, "Next": "ClaimCart"}],
        "Next": "ReserveStock",
    }


def _decide_to_complete(table: str) -> State:
    """Return the step that decides for an order before the message is sent; no compensation can follow it.

    If the checkout was decided already, ``Finish`` returns its outcome. The step passes the checkout on as ``seen``, so
    that ``Finish`` does not read it again.
    """
    condition_failed = "DynamoDB.ConditionalCheckFailedException"
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:updateItem",
        "Arguments": {
            "TableName": table,
            "Key": {"orderId": {"S": "{% $orderId %}"}},
            "UpdateExpression": "SET #status = :completing, paymentIntentId = :intent",
            "ConditionExpression": "#status IN (:running, :completing)",
            "ExpressionAttributeNames": {"#status": "status"},
            "ExpressionAttributeValues": {
                ":running": {"S": "RUNNING"},
                ":completing": {"S": "COMPLETING"},
                ":intent": {"S": "{% $paymentIntentId %}"},
            },
            "ReturnValues": "ALL_NEW",
        },
        "Assign": {"seen": "{% $states.result.Attributes %}"},
        "Output": {},
        "Retry": [{"ErrorEquals": [condition_failed], "MaxAttempts": 0}, _retry(3)],
        "Catch": [{"ErrorEquals": [condition_failed], "Output": {}, "Next": "Finish"}],
        "Next": "SendToOrderQueue",
    }


def _send_to_order_queue(queue_url: str) -> State:
    order = (
        "{'orderId': $orderId, 'userId': $userId, 'lines': $quote.lines, 'subtotal': $quote.subtotal,"
        " 'shipping': $quote.shipping, 'total': $quote.total, 'shippingAddress': $request.shippingAddress,"
        # A field that is not there is left out.
        " 'delivery': $quote.delivery, 'tax': $quote.tax, 'email': $request.email,"
        " 'paymentIntentId': $paymentIntentId}"
    )
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Arguments": {
            "QueueUrl": queue_url,
            "MessageBody": f"{{% $string({{'context': $context, 'input': {order}}}) %}}",
        },
        "Output": {},
        "Retry": [_retry(3)],
        "Next": "Finish",
    }


Rule = tuple[str, str] | tuple[str, str, dict[str, Any]]


def _choice(*rules: Rule, default: str, assign: dict[str, Any] | None = None) -> State:
    choices = []
    for condition, next_state, *assigned in rules:
        choice: State = {"Condition": f"{{% {condition} %}}", "Next": next_state}
        if assigned:
            choice["Assign"] = assigned[0]
        choices.append(choice)
    return {"Type": "Choice", "Choices": choices, "Default": default, **({"Assign": assign} if assign else {})}
