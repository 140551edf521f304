"""The rules of a checkout: its identity, its states, and what each outcome means. No AWS.

A checkout is RUNNING while a state machine works on it. It waits in REQUIRES_ACTION for the
shopper's 3-D Secure. Whoever moves it from there decides, by one conditional write, between two
ends: COMPLETING → COMPLETED (there will be an order) and COMPENSATING → FAILED (the money goes
back). No checkout can take both ways.
"""

import base64
import hashlib
import json
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from schemas.checkout import CheckoutCompleted, CheckoutFailed
from schemas.commands import ShippingAddress
from schemas.contract import Contract, Identifier, Line, Money
from schemas.event import Event

RUN_SECONDS = 300
"""How long one run of the state machine can last: the limit of Express workflows."""


class Status(StrEnum):
    """Where a checkout stands."""

    RUNNING = "RUNNING"
    REQUIRES_ACTION = "REQUIRES_ACTION"
    COMPLETING = "COMPLETING"
    COMPLETED = "COMPLETED"
    COMPENSATING = "COMPENSATING"
    FAILED = "FAILED"


UNDECIDED = frozenset({Status.RUNNING, Status.REQUIRES_ACTION})
"""States from which a checkout can still go either way."""
AT_WORK = frozenset({Status.RUNNING, Status.COMPLETING, Status.COMPENSATING})
"""States in which somebody is at work on a checkout, or has died at it."""
ENDED = frozenset({Status.COMPLETED, Status.FAILED})
"""States that nothing follows."""


class Standing(StrEnum):
    """What a checkout means to the next one of the same cart."""

    AT_WORK = "AT_WORK"
    """It is buying the cart, or has bought what the cart still shows."""
    ABANDONED = "ABANDONED"
    """It waits for somebody who may never come: it can be closed."""
    OVER = "OVER"
    """It is nothing to the cart any more."""


class CheckoutRequest(Contract):
    """What the shopper sends."""

    payment_method_id: Identifier = Field(description="A Stripe payment method, such as pm_card_visa in test mode.")
    shipping_address: ShippingAddress
    expected_total: Money = Field(description="The total that the shopper saw; another one is charged to nobody.")


class Quote(Contract):
    """What is bought and what it costs, as the cart computed it.

    Attributes:
        sequence: of the cart that was quoted.
        last_order_id: the order that had been taken out of that cart last.
    """

    lines: list[Line]
    subtotal: Money
    shipping: Money
    total: Money
    sequence: int
    last_order_id: Identifier | None = None


OutcomeCode = Literal[
    "CONFIRMED",
    "REQUIRES_ACTION",
    "EMPTY_CART",
    "PRICE_CHANGED",
    "UNAVAILABLE",
    "OUT_OF_STOCK",
    "DECLINED",
    "FAULT",
    "IN_PROGRESS",
    "ACCOUNT_ERASED",
]


class Outcome(Contract):
    """What a run ended with, as data. The steps' own answers are of this shape.

    IN_PROGRESS ends a run and not a checkout: another one has the cart, and nothing was decided.

    Attributes:
        outcome: what it is.
        total: of the confirmed order.
        client_secret: with which the browser carries out 3-D Secure.
        decline_code: Stripe's, such as ``insufficient_funds``.
        message: a sentence for the shopper.
        lines: the lines that cannot be had.
        cart: the cart as it is now, where the price has changed.
    """

    outcome: OutcomeCode
    total: Money | None = None
    client_secret: str | None = None
    decline_code: str | None = None
    message: str | None = None
    lines: list[dict[str, Any]] | None = None
    cart: dict[str, Any] | None = None

    @property
    def status(self) -> Status:
        """The status in which a checkout rests that ended so."""
        match self.outcome:
            case "CONFIRMED":
                return Status.COMPLETED
            case "REQUIRES_ACTION":
                return Status.REQUIRES_ACTION
            case _:
                return Status.FAILED


SUPERSEDED = Outcome(
    outcome="DECLINED",
    decline_code="payment_cancelled",
    message="You ordered this cart anew, so this payment was cancelled. You have not been charged for it.",
)
"""How a checkout ends that waited for the shopper, who then ordered the cart again."""


class CartHolder(Contract):
    """The checkout that had a shopper's cart last.

    Attributes:
        order_id: the checkout.
        sequence: of the cart that it was going to buy.
    """

    order_id: Identifier
    sequence: int

    def is_older_than(self, quote: Quote) -> bool:
        """Return whether the cart was changed before it was quoted now."""
        return self.sequence < quote.sequence

    def is_newer_than(self, quote: Quote) -> bool:
        """Return whether a quote is of a state of the cart that is gone."""
        return self.sequence > quote.sequence


class Checkout(Contract):
    """One attempt to buy. The same Idempotency-Key of the same shopper is the same attempt."""

    order_id: Identifier
    user_id: Identifier
    fingerprint: str
    status: Status
    lease_until: int = Field(description="Until when a run may be at work; seconds since the epoch.")
    request: CheckoutRequest | None = Field(
        default=None, description="Gone once it has ended: it says where one lives."
    )
    quote: Quote | None = None
    outcome: Outcome | None = Field(default=None, description="What the last run ended with.")
    payment_intent_id: Identifier | None = Field(default=None, description="That paid, once that is decided on.")
    correlation_id: str
    sequence: int = 0

    @property
    def is_ended(self) -> bool:
        """Whether nothing can move it any more."""
        return self.status in ENDED

    @property
    def decided_outcome(self) -> Outcome | None:
        """The outcome that every repetition of the request gets; None while there is none."""
        resting = self.is_ended or self.status is Status.REQUIRES_ACTION
        return self.outcome if resting else None

    @property
    def wanted(self) -> CheckoutRequest:
        """What the shopper sent; raises ValueError where the checkout has ended."""
        if self.request is None:
            raise ValueError(f"{self.order_id} has ended and forgotten its request")
        return self.request

    @property
    def quoted(self) -> Quote:
        """What is bought; raises ValueError where nothing was quoted."""
        if self.quote is None:
            raise ValueError(f"{self.order_id} has no quote")
        return self.quote

    def may_go_on_at(self, now: float) -> bool:
        """Return whether nobody is at work on what has not ended, so that a run may go on with it.

        Parameters:
            now: seconds since the epoch.
        """
        return self.status in AT_WORK and self.lease_until <= now

    def standing_at(self, now: float, *, cart_changed: bool = False) -> Standing:
        """Return what it means to the next checkout of the same cart.

        A completed one holds the cart until the cart has taken the order out. Should that event be
        late, a shopper who changes the cart can buy it after RUN_SECONDS; one who asks again and again
        for the same cart has bought it already.

        Parameters:
            now: seconds since the epoch.
            cart_changed: whether the cart was changed after this one had quoted it.
        """
        if self.status is Status.FAILED:
            return Standing.OVER
        if self.status is Status.REQUIRES_ACTION:
            return Standing.ABANDONED
        if self.lease_until > now:
            return Standing.AT_WORK
        match self.status:
            case Status.COMPLETED if cart_changed:
                return Standing.OVER
            case Status.COMPLETED | Status.COMPLETING:
                return Standing.AT_WORK
        return Standing.ABANDONED

    def confirmed(self) -> Outcome:
        """Return the outcome of the order being placed; raises ValueError where nothing was quoted."""
        return Outcome(outcome="CONFIRMED", total=self.quoted.total)

    def end_of(self, outcome: Outcome) -> Outcome:
        """Return what a run that brings an outcome ends with: the decision counts where one was taken meanwhile."""
        match self.status:
            case Status.COMPLETED | Status.FAILED:
                return self.outcome or outcome
            case Status.COMPLETING:
                return self.confirmed()
            case Status.COMPENSATING if outcome.status is not Status.FAILED:
                return Outcome(outcome="FAULT")
        return outcome

    def events_of(self, outcome: Outcome) -> list[Event]:
        """Return what the shop is told when the checkout ends so; nothing while it waits, or of the erased."""
        match outcome.outcome:
            case "REQUIRES_ACTION" | "ACCOUNT_ERASED":
                return []
            case "CONFIRMED":
                total = outcome.total or self.wanted.expected_total
                return [CheckoutCompleted(order_id=self.order_id, user_id=self.user_id, total=total)]
            case reason:
                return [CheckoutFailed(order_id=self.order_id, user_id=self.user_id, reason=reason)]


def order_id_for(user_id: str, idempotency_key: str) -> str:
    """Return the order id of a shopper's attempt.

    It is also the execution's name, the reservation's id and Stripe's idempotency key, so that each
    of them recognises a repetition by itself.
    """
    digest = hashlib.sha256(f"{user_id}\n{idempotency_key}".encode()).digest()
    return base64.b32encode(digest[:15]).decode().lower()


def fingerprint_of(request: CheckoutRequest) -> str:
    """Return what tells two bodies under the same key apart."""
    canonical = json.dumps(request.model_dump(mode="json", exclude_none=True), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()
