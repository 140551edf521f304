"""What the contract tests of payment share: the real handlers between moto's AWS and the Stripe stand-in."""

import base64
import http.server
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

import httpx

from bus.attribute_values import from_item
from bus.context import Context, use_context
from bus.outbox import new_entries
from schemas.event import Envelope, Event
from schemas.registry import event_class
from services.payment import api, commands, dependencies, events
from services.payment.domain import Payment
from services.payment.store import PaymentStore
from services.payment.sweeper import RefundSweeper

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams.client import DynamoDBStreamsClient
    from mypy_boto3_dynamodbstreams.type_defs import RecordTypeDef

TOTAL = 5499
_numbers = count(1)


def delivery(payload: bytes, signature: str) -> dict[str, Any]:
    """Make the event with which the HTTP API hands a webhook to its function: payload version 2.0, in base64."""
    return {
        "version": "2.0",
        "routeKey": "POST /api/payments/webhook",
        "rawPath": "/api/payments/webhook",
        "rawQueryString": "",
        "headers": {"stripe-signature": signature, "content-type": "application/json; charset=utf-8"},
        "requestContext": {"http": {"method": "POST", "path": "/api/payments/webhook"}, "stage": "$default"},
        "body": base64.b64encode(payload).decode(),
        "isBase64Encoded": True,
    }


class Endpoint:
    """Stripe's webhook endpoint, over HTTP.

    Attributes:
        answers: the status of each delivery so far.
        refusals: how many deliveries are still answered with 500, unseen by the shop.
    """

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.refusals = 0
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/api/payments/webhook"

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        endpoint = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                payload = self.rfile.read(int(self.headers["Content-Length"]))
                status = endpoint.receive(payload, self.headers["Stripe-Signature"])
                self.send_response(status)
                self.end_headers()
                endpoint.answers.append(status)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is inherited
                return

        return Handler

    def receive(self, payload: bytes, signature: str) -> int:
        """Hand one delivery to the shop, and give its HTTP status."""
        if self.refusals:
            self.refusals -= 1
            return 500
        return int(api.api(delivery(payload, signature), None)["statusCode"])


class OnlyOf(PaymentStore):
    """The payments as a sweeper reads them that is to try one order again: those of other tests are not due.

    Parameters:
        order_id: the order.
        now: until when a refund is due, in seconds since the epoch.
    """

    def __init__(self, order_id: str, now: float) -> None:
        store = dependencies.store()
        super().__init__(store._dynamodb, store._table)
        self._due = [due for due in store.list_due_refunds(int(now), 1000) if due == order_id]

    def list_due_refunds(self, now: int, limit: int) -> list[str]:
        return self._due


class Order:
    """One order at the till: the commands and events as others use them, and what the shop was told.

    Parameters:
        streams: the client of the Payments table's stream.
        stream_arn: of that stream.
        http: reaches the stand-in.
    """

    def __init__(self, streams: "DynamoDBStreamsClient", stream_arn: str, http: httpx.Client) -> None:
        self.id = f"order-{next(_numbers)}"
        self.correlation_id = f"request-of-{self.id}"
        self._streams = streams
        self._stream_arn = stream_arn
        self._http = http

    def charge(self, method: str = "pm_card_visa", amount: int = TOTAL, correlation_id: str = "") -> dict[str, Any]:
        """Invoke the command of checkout's state machine."""
        given = {
            "orderId": self.id,
            "userId": "ada",
            "paymentMethodId": method,
            "amount": {"amount": amount, "currency": "USD"},
        }
        return commands.charge(self._command(given, correlation_id or self.correlation_id), None)

    def confirm(self) -> dict[str, Any]:
        """Invoke the command that follows 3-D Secure, which is another request of the browser."""
        return commands.confirm(self._command({"orderId": self.id}, "request-after-3ds"), None)

    def refund(
        self, request_id: str = "return-1", amount: int | None = None, reason: str = "RETURNED"
    ) -> dict[str, Any]:
        """Invoke the command of checkout's compensation."""
        given: dict[str, Any] = {"orderId": self.id, "reason": reason, "requestId": request_id}
        if amount is not None:
            given["amount"] = {"amount": amount, "currency": "USD"}
        return commands.refund(self._command(given, "request-of-staff"), None)

    @contextmanager
    def context(self) -> Iterator[None]:
        """Be in the context of a timer."""
        with use_context(Context(correlation_id="the-timer")):
            yield

    def sweep(self, after: float = 61) -> int:
        """Let the sweeper run, so many seconds from now; return how many refunds have a result by it."""
        with self.context():
            now = time.time() + after
            store = OnlyOf(self.id, now)
            return RefundSweeper(store, dependencies.refund_service(), now=lambda: now).sweep()

    def consume(self, detail: Envelope[Event], **message: str) -> dict[str, Any]:
        """Deliver an event from the service's queue."""
        bus = {"source": detail.data.source(), "detail-type": detail.data.detail_type(), **message}
        body = json.dumps({**bus, "detail": json.loads(detail.to_json())})
        return dict(events.consumer({"Records": [{"messageId": "m-1", "body": body}]}, None))

    def authenticate(self, outcome: str) -> None:
        """Let the shopper complete or fail 3-D Secure."""
        answer = self._http.post(f"/_3ds/{self.payment.payment_intent_id}", json={"outcome": outcome})
        assert answer.is_success, answer.text

    @property
    def payment(self) -> Payment:
        """The record as it is now."""
        payment = dependencies.store().get(self.id)
        assert payment is not None
        return payment

    @property
    def money(self) -> dict[str, Any]:
        """What Stripe holds of this order: successful charges, refunds, amounts, and the intents' statuses."""
        state = self._http.get("/_state/payment_intents", params={"metadata[orderId]": self.id}).json()
        return {
            "charged": state["charges"]["succeeded"],
            "taken": state["amountCaptured"],
            "givenBack": state["amountRefunded"],
            "intents": [intent["status"] for intent in state["paymentIntents"]],
        }

    @property
    def told(self) -> list[Envelope[Event]]:
        """The events that the outbox relay finds in the table's stream, in their order."""
        found = []
        for record in self._records():
            change: dict[str, Any] = record["dynamodb"]  # type: ignore[assignment]
            if from_item(change["Keys"])["orderId"] == self.id:
                found += new_entries(change.get("OldImage", {}), change.get("NewImage", {}))
        return [
            Envelope[event_class(entry.source, entry.detail_type)].model_validate_json(entry.detail)  # type: ignore[misc]
            for entry in found
        ]

    @property
    def told_types(self) -> list[str]:
        """The names of those events."""
        return [envelope.data.detail_type() for envelope in self.told]

    def _command(self, given: dict[str, Any], correlation_id: str) -> dict[str, Any]:
        context = Context(correlation_id=correlation_id)
        return {"context": context.model_dump(exclude_none=True), "input": given}

    def _records(self) -> "list[RecordTypeDef]":
        shards = self._streams.describe_stream(StreamArn=self._stream_arn)["StreamDescription"]["Shards"]
        records: list[RecordTypeDef] = []
        for shard in shards:
            iterator = self._streams.get_shard_iterator(
                StreamArn=self._stream_arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
            )["ShardIterator"]
            records += self._streams.get_records(ShardIterator=iterator)["Records"]
        return records
