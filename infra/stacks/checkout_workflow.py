"""The checkout's state machine, in Amazon States Language with JSONata.

Steps answer with outcomes, which Choice states route. Retry and Catch serve faults alone. A fault at
or before the payment ends the run without deciding anything: nobody knows whether the card was
charged, so the same request again, or the payment's own event, goes on from there. A fault after it
ends the run as well: that there will be an order is decided before the queue is asked, and whoever
comes next asks it again.

::

    Begin ─ ValidateCart ─ RecordQuote ┬ ClaimCart ─ IN_PROGRESS: another checkout has the cart
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

FAULTS = ["States.TaskFailed", "States.Timeout"]
CANCELLED = "DynamoDb.TransactionCanceledException"
"""A condition did not hold, or another transaction was at the same item."""
CONFIRMED = {"outcome": "CONFIRMED", "total": "{% $quote.total %}"}
RETENTION_SECONDS = 90 * 24 * 3600
"""How long a checkout with a quote is kept; a test ties it to that of ``services/checkout/store.py``."""


@dataclass(frozen=True, slots=True)
class WorkflowTargets:
    """ARNs of the commands that the steps invoke, the order queue, and the Checkouts table."""

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


def definition(targets: WorkflowTargets) -> str:
    """Return the state machine's definition."""
    states: dict[str, State] = {
        "Begin": _begin(),
        "Resumed": _choice(
            ("$status = 'COMPENSATING'", "Compensate", {"outcome": {"outcome": "FAULT"}}),
            ("$status = 'COMPLETING'", "SendToOrderQueue", {"outcome": CONFIRMED}),
            ("$resumed", "ReserveStock"),
            default="ValidateCart",
        ),
        "ValidateCart": _command(
            targets.validate_arn,
            {"userId": "{% $userId %}", "expectedTotal": "{% $request.expectedTotal %}"},
            "CartValid",
        ),
        "CartValid": _choice(
            ("$states.input.outcome = 'VALID'", "RecordQuote", {"quote": "{% $states.input %}"}),
            default="Finish",
            assign={"outcome": "{% $states.input %}"},
        ),
        "RecordQuote": _record_quote(targets.checkouts_table),
        "ClaimCart": _command(
            targets.claim_cart_arn,
            {"orderId": "{% $orderId %}", "userId": "{% $userId %}", "quote": "{% $quote %}"},
            "CartClaimed",
        ),
        "CartClaimed": _choice(("$states.input.outcome = 'CLAIMED'", "ReserveStock"), default="CartTaken"),
        "CartTaken": {"Type": "Succeed"},
        "ReserveStock": _command(
            targets.reserve_arn, {"reservationId": "{% $orderId %}", "lines": "{% $quote.lines %}"}, "StockReserved"
        ),
        "StockReserved": _choice(
            ("$states.input.outcome = 'RESERVED' and $confirming", "ConfirmPayment"),
            ("$states.input.outcome = 'RESERVED'", "ProcessPayment"),
            ("$resumed", "Compensate", {"outcome": "{% $states.input %}"}),
            default="Finish",
            assign={"outcome": "{% $states.input %}"},
        ),
        "ProcessPayment": _command(
            targets.charge_arn,
            {
                "orderId": "{% $orderId %}",
                "userId": "{% $userId %}",
                "paymentMethodId": "{% $request.paymentMethodId %}",
                "amount": "{% $quote.total %}",
            },
            "Paid",
        ),
        "ConfirmPayment": _command(targets.confirm_arn, {"orderId": "{% $orderId %}"}, "Paid"),
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
        "DecideToComplete": _decide_to_complete(targets.checkouts_table),
        "SendToOrderQueue": _send_to_order_queue(targets.order_queue_url),
        "Compensate": _command(targets.compensate_arn, {"orderId": "{% $orderId %}"}, "MayCompensate"),
        "MayCompensate": _choice(
            ("$states.input.outcome = 'COMPENSATING'", "RefundPayment"), default="DecidedElsewhere"
        ),
        "RefundPayment": _command(
            targets.refund_arn,
            {"orderId": "{% $orderId %}", "reason": "The order could not be placed.", "requestId": "checkout"},
            "ReleaseStock",
            attempts=5,
        ),
        "ReleaseStock": _command(targets.release_arn, {"reservationId": "{% $orderId %}"}, "Finish", attempts=5),
        "Finish": _command(
            targets.finish_arn,
            {"orderId": "{% $orderId %}", "outcome": "{% $outcome %}", "seen": "{% $seen %}"},
            None,
            attempts=5,
        ),
        "DecidedElsewhere": {"Type": "Succeed"},
    }
    return json.dumps({"QueryLanguage": "JSONata", "StartAt": "Begin", "States": states})


def _begin() -> State:
    names = ("context", "orderId", "userId", "status", "request", "quote", "paymentIntentId", "resumed", "confirming")
    return {
        "Type": "Pass",
        "Assign": {**{name: f"{{% $states.input.{name} %}}" for name in names}, "seen": None},
        "Next": "Resumed",
    }


def _command(function_arn: str, given: dict[str, Any], then: str | None, attempts: int = 3) -> State:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": function_arn, "Payload": {"context": "{% $context %}", "input": given}},
        "Output": "{% $states.result.Payload %}",
        "Retry": [_retry(attempts)],
        **({"Next": then} if then else {"End": True}),
    }


def _retry(attempts: int) -> State:
    return {
        "ErrorEquals": FAULTS,
        "IntervalSeconds": 1,
        "BackoffRate": 2,
        "MaxAttempts": attempts - 1,
        "JitterStrategy": "FULL",
    }


def _record_quote(table: str) -> State:
    """Write down what is going to be charged, before it is: whoever completes the checkout later needs it.

    With it, in one transaction, the checkout takes the shopper's cart: if nobody ever had it, or if the
    cart says that it has taken the holder's order out. Any other holder is judged by ``ClaimCart``.
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
        "Retry": [{"ErrorEquals": [CANCELLED], "MaxAttempts": 0}, _retry(3)],
        "Catch": [{"ErrorEquals": [CANCELLED], "Output": {}, "Next": "ClaimCart"}],
        "Next": "ReserveStock",
    }


def _decide_to_complete(table: str) -> State:
    """Decide that there will be an order, before the queue may have it: no compensation can follow from here.

    Where it is decided already, ``Finish`` answers what counts. It is handed the checkout, so as not to read it.
    """
    refused = "DynamoDB.ConditionalCheckFailedException"
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
        "Retry": [{"ErrorEquals": [refused], "MaxAttempts": 0}, _retry(3)],
        "Catch": [{"ErrorEquals": [refused], "Output": {}, "Next": "Finish"}],
        "Next": "SendToOrderQueue",
    }


def _send_to_order_queue(queue_url: str) -> State:
    order = (
        "{'orderId': $orderId, 'userId': $userId, 'lines': $quote.lines, 'subtotal': $quote.subtotal,"
        " 'shipping': $quote.shipping, 'total': $quote.total, 'shippingAddress': $request.shippingAddress,"
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
    for condition, then, *assigned in rules:
        choice: State = {"Condition": f"{{% {condition} %}}", "Next": then}
        if assigned:
            choice["Assign"] = assigned[0]
        choices.append(choice)
    return {"Type": "Choice", "Choices": choices, "Default": default, **({"Assign": assign} if assign else {})}
