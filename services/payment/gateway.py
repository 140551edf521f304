"""The only code that calls Stripe. It turns Stripe's objects into the domain's.

Of Stripe's errors it returns those that are results, such as a declined card, and raises the others, after which it is
not known what happened.
"""

import json
from collections.abc import Callable
from typing import Any

import stripe

from schemas.contract import Contract, Money
from services.payment.credentials import Credentials
from services.payment.declines import GENERIC_DECLINE, INVALID_PAYMENT_METHOD
from services.payment.domain import Payment, PaymentIntent, Refund
from services.payment.timeouts import DeadlineClient, Timeouts

CLOCK_SKEW_SECONDS = 60
MAX_SEARCHED_INTENTS = 1000
"""How many PaymentIntents are searched for the one of an order: what a busy shop creates in some minutes."""

AMOUNT_ERRORS = frozenset({"amount_too_small", "amount_too_large"})
UNUSABLE_METHOD_ERRORS = frozenset(
    {"payment_method_not_available", "payment_method_unexpected_state", "payment_method_unsupported_type"}
)
ALREADY_REFUNDED = "charge_already_refunded"
NOT_REFUNDABLE_ERRORS = frozenset({ALREADY_REFUNDED, "charge_disputed", "refund_disputed_payment"})


class RejectedCharge(Contract):
    """Stripe created no PaymentIntent, because it cannot charge the card with what it was given."""

    decline_code: str


class StuckIdempotencyKeyError(Exception):
    """Stripe repeats a stored error of its own under this idempotency key; whether money has moved is not known."""


class RefundRejectedError(Exception):
    """Stripe does not refund; the text says why.

    Attributes:
        code: Stripe's.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code

    @property
    def already_refunded(self) -> bool:
        """Whether all of the payment was refunded before."""
        return self.code == ALREADY_REFUNDED


class InvalidWebhookError(ValueError):
    """A webhook's body was not signed by Stripe, was signed too long ago, or is no event."""


class StripeEvent(Contract):
    """An event of a webhook.

    Attributes:
        data_object: the object of the event, as it was at that time.
    """

    event_id: str
    type: str
    data_object: dict[str, Any]


class StripeGateway:
    """The calls to Stripe. Each raises stripe.StripeError where Stripe does not answer, or fails.

    Parameters:
        credentials: returns the current keys.
        timeouts: the limits of each call.
    """

    def __init__(self, credentials: Callable[[], Credentials], timeouts: Timeouts | None = None) -> None:
        self._credentials = credentials
        self._timeouts = timeouts or Timeouts()
        self._http = DeadlineClient(self._timeouts)
        self._cached_client: tuple[Credentials, stripe.StripeClient] | None = None

    def charge(self, payment: Payment) -> PaymentIntent | RejectedCharge:
        """Create the PaymentIntent of a payment and confirm it; the same payment is charged once.

        Every parameter comes from the payment, so that each repetition of the call is the same.

        Parameters:
            payment: with its amount and its payment method.

        Raises StuckIdempotencyKeyError, and ValueError for a payment that has no amount or no payment method.
        """
        if payment.amount is None or payment.payment_method_id is None:
            raise ValueError(f"the payment of {payment.order_id} cannot be charged")
        try:
            created = self._api.payment_intents.create(
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
            return _declined_charge(error)
        except stripe.InvalidRequestError as error:
            return _rejected_charge(error)
        except stripe.APIError as error:
            _raise_if_stuck(error, payment.idempotency_key)
            raise
        return PaymentIntent.from_stripe(created.to_dict())

    def retrieve_intent(self, intent_id: str) -> PaymentIntent:
        """Return a PaymentIntent as it is now; raises ForeignObjectError."""
        return PaymentIntent.from_stripe(self._api.payment_intents.retrieve(intent_id).to_dict())

    def cancel_intent(self, intent_id: str) -> PaymentIntent:
        """Cancel a PaymentIntent, so that it cannot charge later; return it as it is after that.

        One that can no longer be cancelled, such as one that has succeeded, is returned as it is.

        Raises ForeignObjectError.
        """
        try:
            return PaymentIntent.from_stripe(self._api.payment_intents.cancel(intent_id).to_dict())
        except stripe.InvalidRequestError as error:
            if error.code != "payment_intent_unexpected_state":
                raise
            return self.retrieve_intent(intent_id)

    def find_intent(self, order_id: str, since: int) -> PaymentIntent | None:
        """Return the PaymentIntent of an order whose id is not recorded, None if there is none.

        Parameters:
            order_id: the order.
            since: when the order was first charged, in seconds since the epoch.
        """
        created = self._api.payment_intents.list(
            {"created": {"gte": since - CLOCK_SKEW_SECONDS}, "limit": 100}
        ).auto_paging_iter()
        for count, document in enumerate(created):
            if count == MAX_SEARCHED_INTENTS:
                break
            if document.metadata.to_dict().get("orderId") == order_id:
                return PaymentIntent.from_stripe(document.to_dict())
        return None

    def refund(
        self, intent_id: str, amount: Money | None, *, order_id: str, request_id: str, attempt: int = 1
    ) -> Refund:
        """Refund an amount of an intent; the same attempt of a request is refunded once.

        Parameters:
            intent_id: the PaymentIntent.
            amount: None refunds all that is left.
            order_id: the order, for the refund's metadata.
            request_id: identifies the request.
            attempt: counts the idempotency keys of the request: the next one is used after StuckIdempotencyKeyError.

        Raises RefundRejectedError and StuckIdempotencyKeyError.
        """
        params: stripe.params.RefundCreateParams = {
            "payment_intent": intent_id,
            "metadata": {"orderId": order_id, "requestId": request_id},
        }
        if amount:
            params["amount"] = amount.amount
        key = f"refund-{order_id}-{request_id}" + (f"-{attempt}" if attempt > 1 else "")
        try:
            created = self._api.refunds.create(params, {"idempotency_key": key})
        except stripe.InvalidRequestError as error:
            if error.code in NOT_REFUNDABLE_ERRORS or error.param == "amount":
                message = error.user_message or "Stripe refused the refund."
                raise RefundRejectedError(message, error.code or "invalid_amount") from error
            raise
        except stripe.APIError as error:
            _raise_if_stuck(error, key)
            raise
        return _accepted_refund(created)

    def find_refund(self, intent_id: str, *, order_id: str, request_id: str) -> Refund | None:
        """Return the refund that Stripe has made of a request, whatever it answered; None if there is none.

        Parameters:
            intent_id: the PaymentIntent.
            order_id: the order, in the refund's metadata.
            request_id: the request, in the refund's metadata.

        Raises RefundRejectedError where the bank did not take it.
        """
        made = {"orderId": order_id, "requestId": request_id}
        for refund in self._api.refunds.list({"payment_intent": intent_id, "limit": 100}).auto_paging_iter():
            metadata = refund.metadata.to_dict() if refund.metadata else {}
            if made.items() <= metadata.items():
                return _accepted_refund(refund)
        return None

    def construct_event(self, body: str, signature: str) -> StripeEvent:
        """Return the event of a webhook.

        Parameters:
            body: the request's body.
            signature: its header ``Stripe-Signature``.

        Raises InvalidWebhookError unless Stripe signed it in the last five minutes.
        """
        secret = self._credentials().webhook_secret
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, stripe.Webhook.DEFAULT_TOLERANCE)
            event = json.loads(body)
            return StripeEvent(event_id=event["id"], type=event["type"], data_object=event["data"]["object"])
        # A signature with other characters than ASCII is a TypeError of the comparison.
        except (stripe.SignatureVerificationError, ValueError, TypeError, KeyError) as error:
            raise InvalidWebhookError(str(error)) from error

    @property
    def _api(self) -> "stripe.V1Services":
        credentials = self._credentials()
        if self._cached_client is None or self._cached_client[0] != credentials:
            self._cached_client = (
                credentials,
                stripe.StripeClient(
                    credentials.api_key,
                    max_network_retries=self._timeouts.retries,
                    http_client=self._http,
                    base_addresses={"api": credentials.api_base} if credentials.api_base else None,
                ),
            )
        return self._cached_client[1].v1


def _metadata(payment: Payment) -> dict[str, str]:
    """Return what the webhook needs to record the payment by itself, should the charging function fail."""
    known = {
        "orderId": payment.order_id,
        "userId": payment.user_id,
        "correlationId": payment.correlation_id,
        "causationId": payment.causation_id,
    }
    return {name: value for name, value in known.items() if value}


def _raise_if_stuck(error: stripe.APIError, key: str) -> None:
    """Raise StuckIdempotencyKeyError for an error that Stripe has stored under the key and answers for ever."""
    if error.http_status == 500 and (error.headers or {}).get("Idempotent-Replayed") == "true":
        raise StuckIdempotencyKeyError(key) from error


def _accepted_refund(refund: stripe.Refund) -> Refund:
    if refund.status in ("failed", "canceled"):
        code = refund.failure_reason or refund.status
        raise RefundRejectedError(f"The bank did not take the refund: {code}.", code)
    return Refund.from_stripe(refund.to_dict())


def _declined_charge(error: stripe.CardError) -> PaymentIntent | RejectedCharge:
    details = error.error
    if details and details.payment_intent:
        return PaymentIntent.from_stripe(details.payment_intent.to_dict())
    return RejectedCharge(decline_code=(details and details.decline_code) or error.code or GENERIC_DECLINE)


def _rejected_charge(error: stripe.InvalidRequestError) -> RejectedCharge:
    """Return what an invalid request means to the shopper; raises the error where it is the shop's own."""
    code = error.code or ""
    if error.param == "payment_method" or code in UNUSABLE_METHOD_ERRORS:
        return RejectedCharge(decline_code=INVALID_PAYMENT_METHOD)
    if code in AMOUNT_ERRORS:
        return RejectedCharge(decline_code=code)
    raise error
