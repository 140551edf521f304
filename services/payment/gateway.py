"""The only code that talks to Stripe. It turns Stripe's objects into the domain's, and its errors into
what they mean: a refusal, which is an answer, or a fault, after which nobody knows what happened.
"""

import json
from collections.abc import Callable
from typing import Any

import stripe

from schemas.contract import Contract, Money
from services.payment.credentials import Credentials
from services.payment.declines import INVALID_PAYMENT_METHOD
from services.payment.domain import Intent, Payment, Refund
from services.payment.patience import Patience, PatientClient

CLOCK_SKEW_SECONDS = 60
MAX_SEARCHED = 1000
"""PaymentIntents that are looked through for one of an order: what a busy shop makes in some minutes."""

AMOUNT_CODES = frozenset({"amount_too_small", "amount_too_large"})
UNUSABLE_METHOD = frozenset(
    {"payment_method_not_available", "payment_method_unexpected_state", "payment_method_unsupported_type"}
)
NOT_REFUNDABLE = frozenset({"charge_already_refunded", "charge_disputed", "refund_disputed_payment"})


class Refusal(Contract):
    """Stripe made no PaymentIntent, since the card cannot be charged with what it was given."""

    decline_code: str


class SpoiledKeyError(Exception):
    """Stripe repeats an error of its own under this idempotency key; whether it charged is not known."""


class RefundRefusedError(Exception):
    """Stripe does not give the money back; the text says why.

    Attributes:
        already: whether that is because all of it was given back before.
    """

    def __init__(self, message: str, *, already: bool) -> None:
        super().__init__(message)
        self.already = already


class ForgedError(ValueError):
    """A webhook's body was not signed by Stripe, or too long ago, or is no event."""


class StripeEvent(Contract):
    """What a webhook tells: something happened to an object, which is shown as it was then."""

    event_id: str
    type: str
    subject: dict[str, Any]


class Gateway:
    """Stripe, as the payment service uses it. Calls raise stripe.StripeError for faults.

    Parameters:
        credentials: returns the keys to use now.
        patience: how long to wait.
    """

    def __init__(self, credentials: Callable[[], Credentials], patience: Patience | None = None) -> None:
        self._credentials = credentials
        self._patience = patience or Patience()
        self._http = PatientClient(self._patience)
        self._made: tuple[Credentials, stripe.StripeClient] | None = None

    def charge(self, payment: Payment) -> Intent | Refusal:
        """Make the PaymentIntent of a payment and confirm it; the same payment is charged once.

        Every parameter comes from the payment, so that whoever repeats the call repeats it exactly.
        Raises SpoiledKeyError, and ValueError for a payment that was never opened.
        """
        if payment.amount is None or payment.payment_method_id is None:
            raise ValueError(f"the payment of {payment.order_id} cannot be charged")
        try:
            made = self._api.payment_intents.create(
                {
                    "amount": payment.amount.amount,
                    "currency": payment.amount.currency.lower(),
                    "payment_method": payment.payment_method_id,
                    # Cards alone answer at once; other methods may take days, which the checkout cannot wait for.
                    "allowed_payment_method_types": ["card"],
                    "confirm": True,
                    "use_stripe_sdk": True,
                    "metadata": _metadata(payment),
                },
                {"idempotency_key": payment.idempotency_key},
            )
        except stripe.CardError as error:
            return _declined(error)
        except stripe.InvalidRequestError as error:
            return _refusal(error)
        except stripe.APIError as error:
            if error.http_status == 500 and (error.headers or {}).get("Idempotent-Replayed") == "true":
                raise SpoiledKeyError(payment.idempotency_key) from error
            raise
        return Intent.of(made.to_dict())

    def retrieve(self, intent_id: str) -> Intent:
        """Return a PaymentIntent as it is now; raises ForeignError."""
        return Intent.of(self._api.payment_intents.retrieve(intent_id).to_dict())

    def cancel(self, intent_id: str) -> Intent:
        """Cancel a PaymentIntent so that it cannot be charged later; return it as it is then.

        What cannot be cancelled any more, such as one that has succeeded, is returned as it is.
        """
        try:
            return Intent.of(self._api.payment_intents.cancel(intent_id).to_dict())
        except stripe.InvalidRequestError as error:
            if error.code != "payment_intent_unexpected_state":
                raise
            return self.retrieve(intent_id)

    def find(self, order_id: str, since: int) -> Intent | None:
        """Look for the PaymentIntent of an order, where the answer that named it was lost.

        Parameters:
            since: when the order was first charged; seconds since the epoch.
        """
        made = self._api.payment_intents.list(
            {"created": {"gte": since - CLOCK_SKEW_SECONDS}, "limit": 100}
        ).auto_paging_iter()
        for count, document in enumerate(made):
            if count == MAX_SEARCHED:
                break
            if document.metadata.to_dict().get("orderId") == order_id:
                return Intent.of(document.to_dict())
        return None

    def refund(self, intent_id: str, amount: Money | None, *, order_id: str, request_id: str) -> Refund:
        """Give back an amount, or all that is left; the same request gives back once.

        Raises RefundRefusedError.
        """
        params: stripe.params.RefundCreateParams = {
            "payment_intent": intent_id,
            "metadata": {"orderId": order_id, "requestId": request_id},
        }
        if amount:
            params["amount"] = amount.amount
        try:
            made = self._api.refunds.create(params, {"idempotency_key": f"refund-{order_id}-{request_id}"})
        except stripe.InvalidRequestError as error:
            if error.code in NOT_REFUNDABLE or error.param == "amount":
                already = error.code == "charge_already_refunded"
                raise RefundRefusedError(error.user_message or "Stripe refused the refund.", already=already) from error
            raise
        if made.status in ("failed", "canceled"):
            raise RefundRefusedError(f"The bank did not take the refund: {made.failure_reason}.", already=False)
        return Refund.of(made.to_dict())

    def event(self, body: str, signature: str) -> StripeEvent:
        """Read a webhook's body; raises ForgedError unless Stripe signed it in the last five minutes."""
        secret = self._credentials().webhook_secret
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, stripe.Webhook.DEFAULT_TOLERANCE)
            event = json.loads(body)
            return StripeEvent(event_id=event["id"], type=event["type"], subject=event["data"]["object"])
        # A signature of other characters than ASCII is a TypeError of the comparison.
        except (stripe.SignatureVerificationError, ValueError, TypeError, KeyError) as error:
            raise ForgedError(str(error)) from error

    @property
    def _api(self) -> "stripe.V1Services":
        credentials = self._credentials()
        if self._made is None or self._made[0] != credentials:
            self._made = (
                credentials,
                stripe.StripeClient(
                    credentials.api_key,
                    max_network_retries=self._patience.retries,
                    http_client=self._http,
                    base_addresses={"api": credentials.api_base} if credentials.api_base else None,
                ),
            )
        return self._made[1].v1


def _metadata(payment: Payment) -> dict[str, str]:
    """Return what the webhook needs to write the record by itself, should the charging function die."""
    known = {
        "orderId": payment.order_id,
        "userId": payment.user_id,
        "correlationId": payment.correlation_id,
        "causationId": payment.causation_id,
    }
    return {name: value for name, value in known.items() if value}


def _declined(error: stripe.CardError) -> Intent | Refusal:
    told = error.error
    if told and told.payment_intent:
        return Intent.of(told.payment_intent.to_dict())
    return Refusal(decline_code=(told and told.decline_code) or error.code or "generic_decline")


def _refusal(error: stripe.InvalidRequestError) -> Refusal:
    """Return what an invalid request means to the shopper; raises the error where it is our own fault."""
    code = error.code or ""
    if error.param == "payment_method" or code in UNUSABLE_METHOD:
        return Refusal(decline_code=INVALID_PAYMENT_METHOD)
    if code in AMOUNT_CODES:
        return Refusal(decline_code=code)
    raise error
