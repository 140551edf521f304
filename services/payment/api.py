"""The route of Stripe's webhook."""

from bus.http import ANYONE, Api, Problem
from schemas.contract import Contract
from services.payment.dependencies import gateway, webhook_handler
from services.payment.domain import MalformedObjectError
from services.payment.webhook import WebhookOutcome

api = Api()
app = api.app

MAX_BYTES = 256 * 1024
"""An event of Stripe has a few kilobytes."""


class Received(Contract):
    """Stripe need not send the event again."""

    outcome: WebhookOutcome


@app.post("/api/payments/webhook", tags=["payment"], security=ANYONE)
def receive_stripe_event() -> Received:
    """Take an event of Stripe, signed with the endpoint's secret. Any other answer than 200 makes Stripe try again."""
    request = app.current_event
    if len(request.body or "") > MAX_BYTES:
        raise Problem(413, "TOO_LARGE", f"An event has at most {MAX_BYTES} bytes.")
    try:
        signature = request.headers.get("stripe-signature") or ""
        event = gateway().construct_event(request.decoded_body or "", signature)
    except ValueError:
        # Neither a forged signature nor a body that is not text comes from Stripe.
        raise Problem(400, "INVALID_SIGNATURE", "This was not sent and signed by Stripe just now.") from None
    try:
        return Received(outcome=webhook_handler().handle(event))
    except MalformedObjectError as error:
        raise Problem(400, "INVALID_EVENT", "The object of this event is not of the event's type.") from error
