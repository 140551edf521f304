"""The rules of a checkout: its identity, its statuses, and what each outcome means. No AWS.

A checkout is RUNNING while the state machine works on it, and waits in REQUIRES_ACTION for the shopper's 3-D Secure.
From either one, a single conditional write decides between two ends: COMPLETING → COMPLETED (there will be an order)
and COMPENSATING → FAILED (the payment is refunded). No checkout takes both.
"""

import base64
import hashlib
import json
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from schemas.checkout import CheckoutCompleted, CheckoutFailed
from schemas.commands import ChosenDelivery, EmailAddress, PlaceOrder, ShippingAddress
from schemas.contract import Contract, Identifier, Line, Money
from schemas.event import Event
from schemas.payment import PaymentSucceeded
from schemas.tax import OrderTax

RUN_SECONDS = 300
"""How long one run of the state machine can last: the limit of Express workflows, and the length of a lease."""


ABANDONED_AFTER_SECONDS = 3600
"""How long a checkout stays open after the lease of its last run. Its shopper may need minutes for 3-D Secure, or to
try again after a fault; a reservation holds its units for 15 minutes, and is renewed where they are still there."""


class CheckoutStatus(StrEnum):
    """The status of a checkout."""

    RUNNING = "RUNNING"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    COMPLETING = "COMPLETING"
    COMPLETED = "COMPLETED"
    COMPENSATING = "COMPENSATING"
    FAILED = "FAILED"


UNDECIDED = frozenset({CheckoutStatus.RUNNING, CheckoutStatus.REQUIRES_ACTION})
"""Statuses from which either end is possible."""
LEASED = frozenset({CheckoutStatus.RUNNING, CheckoutStatus.COMPLETING, CheckoutStatus.COMPENSATING})
"""Statuses in which one worker has a lease on the checkout, or had one and died."""
TERMINAL = frozenset({CheckoutStatus.COMPLETED, CheckoutStatus.FAILED})
"""Statuses that no other follows."""
COMPENSABLE = frozenset({CheckoutStatus.RUNNING, CheckoutStatus.COMPENSATING})
"""Statuses in which a run may refund: not while the shopper may still complete 3-D Secure."""


class CartHold(StrEnum):
    """Whether a checkout keeps its cart from the next checkout of the same shopper."""

    ACTIVE = "ACTIVE"
    """It is buying the cart, or has bought what the cart still shows."""
    ABANDONED = "ABANDONED"
    """It waits for a shopper or a worker that may never return: the next checkout may close it."""
    RELEASED = "RELEASED"
    """The cart is free."""


class UnknownCheckoutError(LookupError):
    """There is no checkout of this order id."""


class PaymentMismatchError(ValueError):
    """A payment is not that of its checkout; the text says in what it differs."""


class CheckoutRequest(Contract):
    """What the shopper sends."""

    payment_method_id: Identifier = Field(description="A Stripe payment method, such as pm_card_visa in test mode.")
    shipping_address: ShippingAddress
    delivery_method: Identifier | None = Field(
        default=None, description="One of those that are quoted for the address; without it, the first of them."
    )
    expected_total: Money = Field(description="The total that the shopper saw. No other total is charged.")


class RecordedRequest(CheckoutRequest):
    """What the shopper has sent, and the e-mail address of their account at that moment."""

    email: EmailAddress | None = None


class Quote(Contract):
    """What is bought and its price, as the cart computed it.

    Attributes:
        subtotal: the lines.
        shipping: the cost of shipping.
        tax: None where none is collected, or in a quote from before.
        total: what is charged: subtotal, shipping and what tax adds.
        delivery: how and when it arrives; None in a quote from before.
        sequence: of the cart that was quoted.
        last_order_id: the order whose lines were removed from that cart last.
    """

    lines: list[Line]
    subtotal: Money
    shipping: Money
    tax: OrderTax | None = None
    total: Money
    delivery: ChosenDelivery | None = None
    sequence: int
    last_order_id: Identifier | None = None


OutcomeCode = Literal[
    "CONFIRMED",
    "REQUIRES_ACTION",
    "EMPTY_CART",
    "PRICE_CHANGED",
    "UNAVAILABLE",
    "UNDELIVERABLE",
    "OUT_OF_STOCK",
    "DECLINED",
    "FAULT",
    "IN_PROGRESS",
    "ACCOUNT_ERASED",
]


class CheckoutOutcome(Contract):
    """The outcome of a run, as data. The outcomes of its steps have this shape too.

    IN_PROGRESS ends a run and not a checkout: another checkout has the cart, and nothing was decided.

    Attributes:
        outcome: its code.
        total: of the confirmed order.
        client_secret: lets the browser run 3-D Secure.
        decline_code: Stripe's, such as ``insufficient_funds``.
        message: a sentence for the shopper.
        reason: why it cannot be delivered, a code of ``delivery/quote.py``.
        lines: the lines that are sold out, no longer sold, or cannot be delivered to the address.
        cart: the cart as it is now, where its price has changed.
    """

    outcome: OutcomeCode
    total: Money | None = None
    client_secret: str | None = None
    decline_code: str | None = None
    message: str | None = None
    reason: str | None = None
    lines: list[dict[str, Any]] | None = None
    cart: dict[str, Any] | None = None

    @property
    def sentence(self) -> str | None:
        """What the shopper reads of an outcome without an order; None for any other."""
        return self.message or MESSAGES.get(self.outcome)

    @property
    def status(self) -> CheckoutStatus:
        """The status of a checkout whose run ended with this outcome."""
        match self.outcome:
            case "CONFIRMED":
                return CheckoutStatus.COMPLETED
            case "REQUIRES_ACTION":
                return CheckoutStatus.REQUIRES_ACTION
            case _:
                return CheckoutStatus.FAILED


MESSAGES: dict[OutcomeCode, str] = {
    "DECLINED": "Your card was declined.",
    "OUT_OF_STOCK": "Some of it is sold out by now.",
    "UNAVAILABLE": "Some of it is no longer sold.",
    "UNDELIVERABLE": "This cannot be delivered to that address.",
    "PRICE_CHANGED": "The total is another one by now.",
    "IN_PROGRESS": "This cart is being ordered already, perhaps in another window.",
    "ACCOUNT_ERASED": "This account was erased at your request.",
    "EMPTY_CART": "There is nothing in the cart to buy.",
    "FAULT": "Something failed while we placed it. You are not charged: what was taken from your card goes back to it.",
}
"""What the shopper reads of an outcome without an order that brings no sentence of its own, on page or in mail."""


SUPERSEDED = CheckoutOutcome(
    outcome="DECLINED",
    decline_code="payment_cancelled",
    message="You ordered this cart anew, so this payment was cancelled. You have not been charged for it.",
)
"""The outcome of a checkout that waited for the shopper, who then ordered the cart again."""


ABANDONED = CheckoutOutcome(
    outcome="DECLINED",
    decline_code="payment_cancelled",
    message="This payment was not confirmed in time, so it was cancelled. You have not been charged for it.",
)
"""The outcome of a checkout that waited for the shopper in vain."""


class CartHolder(Contract):
    """The checkout that had a shopper's cart last.

    Attributes:
        order_id: the checkout.
        sequence: of the cart that it quoted.
    """

    order_id: Identifier
    sequence: int

    def is_older_than(self, quote: Quote) -> bool:
        """Return whether the cart has changed between the holder's quote and this one."""
        return self.sequence < quote.sequence

    def is_newer_than(self, quote: Quote) -> bool:
        """Return whether the quote is of a state of the cart that is gone."""
        return self.sequence > quote.sequence

    def yields_to(self, order_id: str, quote: Quote) -> bool:
        """Return whether the cart is free for a checkout whatever the holder's status is.

        It is where the holder is that checkout itself, or the order whose lines the cart has removed.

        Parameters:
            order_id: the checkout that wants the cart.
            quote: its quote.
        """
        return self.order_id in (order_id, quote.last_order_id)


class Checkout(Contract):
    """One attempt to buy. The same Idempotency-Key of the same shopper is the same attempt."""

    order_id: Identifier
    user_id: Identifier
    fingerprint: str
    status: CheckoutStatus
    lease_until: int = Field(description="When the lease of its worker ends, in seconds since the epoch.")
    request: RecordedRequest | None = Field(default=None, description="None once it has ended: it has the address.")
    quote: Quote | None = None
    outcome: CheckoutOutcome | None = Field(default=None, description="Of the last run.")
    payment_intent_id: Identifier | None = Field(default=None, description="Once an order was decided on.")
    correlation_id: str
    sequence: int = 0

    @property
    def is_ended(self) -> bool:
        """Whether its status is final."""
        return self.status in TERMINAL

    @property
    def settled_outcome(self) -> CheckoutOutcome | None:
        """The outcome that every repetition of the request gets; None while there is none."""
        settled = self.is_ended or self.status is CheckoutStatus.REQUIRES_ACTION
        return self.outcome if settled else None

    @property
    def open_request(self) -> RecordedRequest:
        """What the shopper sent; raises ValueError where the checkout has ended."""
        if self.request is None:
            raise ValueError(f"{self.order_id} has ended and forgotten its request")
        return self.request

    @property
    def recorded_quote(self) -> Quote:
        """What is bought; raises ValueError where nothing was quoted."""
        if self.quote is None:
            raise ValueError(f"{self.order_id} has no quote")
        return self.quote

    def is_resumable_at(self, now: float) -> bool:
        """Return whether the lease of its worker is over, so that another run may continue.

        Parameters:
            now: seconds since the epoch.
        """
        return self.status in LEASED and self.lease_until <= now

    def is_abandoned_at(self, now: float) -> bool:
        """Return whether no shopper, event or run has continued it for so long that none will.

        Parameters:
            now: seconds since the epoch.
        """
        return not self.is_ended and self.lease_until + ABANDONED_AFTER_SECONDS <= now

    @property
    def abandoned_outcome(self) -> CheckoutOutcome:
        """The outcome of closing it undecided: a run that died may have charged the card, so FAULT says refunded."""
        return ABANDONED if self.status is CheckoutStatus.REQUIRES_ACTION else CheckoutOutcome(outcome="FAULT")

    def cart_hold_at(self, now: float, *, cart_changed: bool = False) -> CartHold:
        """Return whether it keeps its cart from the next checkout.

        A completed one holds the cart until the cart has removed the order's lines. Should that event be late, a
        shopper who changes the cart can buy it after RUN_SECONDS; the same cart requested again was bought already.

        Parameters:
            now: seconds since the epoch.
            cart_changed: whether the cart has changed since this checkout quoted it.
        """
        if self.status is CheckoutStatus.FAILED:
            return CartHold.RELEASED
        if self.status is CheckoutStatus.REQUIRES_ACTION:
            return CartHold.ABANDONED
        if self.lease_until > now:
            return CartHold.ACTIVE
        match self.status:
            case CheckoutStatus.COMPLETED if cart_changed:
                return CartHold.RELEASED
            case CheckoutStatus.COMPLETED | CheckoutStatus.COMPLETING:
                return CartHold.ACTIVE
        return CartHold.ABANDONED

    def confirmed_outcome(self) -> CheckoutOutcome:
        """Return the outcome of a placed order; raises ValueError where nothing was quoted."""
        return CheckoutOutcome(outcome="CONFIRMED", total=self.recorded_quote.total)

    def final_outcome(self, outcome: CheckoutOutcome) -> CheckoutOutcome:
        """Return the outcome that a run ends with: a decision that was taken meanwhile prevails.

        Parameters:
            outcome: what the run ended with by itself.
        """
        match self.status:
            case CheckoutStatus.COMPLETED | CheckoutStatus.FAILED:
                return self.outcome or outcome
            case CheckoutStatus.COMPLETING:
                return self.confirmed_outcome()
            case CheckoutStatus.COMPENSATING if outcome.status is not CheckoutStatus.FAILED:
                return CheckoutOutcome(outcome="FAULT")
        return outcome

    def outcome_if_not_compensable(self) -> CheckoutOutcome:
        """Return the outcome that prevails over a compensation: its end was decided elsewhere.

        Raises ValueError where nothing was quoted.
        """
        failed = self.status is CheckoutStatus.FAILED
        return self.outcome if failed and self.outcome else self.confirmed_outcome()

    def events_for(self, outcome: CheckoutOutcome, *, answered: bool = True) -> list[Event]:
        """Return the events of an end with this outcome; none while it waits, or of a refused address.

        Parameters:
            outcome: how it ended.
            answered: whether a request of the shopper gets this outcome as its answer.
        """
        match outcome.outcome:
            case "REQUIRES_ACTION" | "ACCOUNT_ERASED" | "UNDELIVERABLE":
                # Of an address that is refused nothing is told: whoever entered it corrects it and goes on.
                return []
            case "CONFIRMED":
                total = outcome.total or self.open_request.expected_total
                return [CheckoutCompleted(order_id=self.order_id, user_id=self.user_id, total=total)]
            case reason:
                failed = CheckoutFailed(
                    order_id=self.order_id,
                    user_id=self.user_id,
                    reason=reason,
                    message=outcome.sentence,
                    answered=answered,
                )
                return [failed]

    def require_payment(self, payment: PaymentSucceeded) -> None:
        """Check that a payment is the one of this checkout: shopper, amount, currency and, once decided, the intent.

        Raises PaymentMismatchError.
        """
        if payment.user_id != self.user_id:
            raise PaymentMismatchError(f"checkout {self.order_id} is another shopper's")
        if self.quote is None:
            raise PaymentMismatchError(f"checkout {self.order_id} has no quote, so nothing was charged")
        if payment.amount != self.quote.total:
            raise PaymentMismatchError(
                f"checkout {self.order_id} costs {self.quote.total.amount} {self.quote.total.currency}, and the payment"
                f" is {payment.amount.amount} {payment.amount.currency} (minor units)"
            )
        if self.payment_intent_id not in (None, payment.payment_intent_id):
            raise PaymentMismatchError(f"checkout {self.order_id} was paid by another intent")

    def place_order_command(self, payment_intent_id: str) -> PlaceOrder:
        """Return the command for the order queue. The state machine's message is the same.

        Parameters:
            payment_intent_id: Stripe's id of the payment.

        Raises ValueError where nothing was quoted, or the checkout has ended.
        """
        quote = self.recorded_quote
        return PlaceOrder(
            order_id=self.order_id,
            user_id=self.user_id,
            lines=quote.lines,
            subtotal=quote.subtotal,
            shipping=quote.shipping,
            tax=quote.tax,
            total=quote.total,
            shipping_address=self.open_request.shipping_address,
            delivery=quote.delivery,
            email=self.open_request.email,
            payment_intent_id=payment_intent_id,
        )


def decision_after_payment(*, reserved: bool) -> CheckoutStatus:
    """Return how a paid checkout is decided: for an order where its units are reserved, else for a refund."""
    return CheckoutStatus.COMPLETING if reserved else CheckoutStatus.COMPENSATING


def order_id_for(user_id: str, idempotency_key: str) -> str:
    """Return the order id of a shopper's attempt.

    It is also the name of the execution, the id of the reservation and Stripe's idempotency key, so that each of them
    recognises a repetition by itself.
    """
    digest = hashlib.sha256(f"{user_id}\n{idempotency_key}".encode()).digest()
    return base64.b32encode(digest[:15]).decode().lower()


def request_fingerprint(request: CheckoutRequest) -> str:
    """Return a digest of a request, which differs between two bodies under the same key."""
    canonical = json.dumps(request.model_dump(mode="json", exclude_none=True), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
