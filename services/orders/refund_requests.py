"""What staff may request of an order's money, and the record of each request."""

import hashlib
import json
from typing import Annotated

from pydantic import Field, StringConstraints

from schemas.contract import Contract, Identifier, Money, Timestamp
from schemas.refund import StaffRefundReason
from schemas.tax import TaxAmount
from schemas.text import LINES
from services.orders.history import Actor
from services.orders.parcels import Units
from services.orders.statuses import OrderStatus


class OrderNotRefundableError(Exception):
    """The amount cannot be refunded; the text says why."""


class IdempotencyMismatchError(Exception):
    """The idempotency key was used with another request."""


class RefundedLine(Units):
    """Units of a bought product for which money goes back."""


class StaffRefund(Contract):
    """What staff wants to go back to the card.

    Attributes:
        amount: what to refund; None for the price of the lines or, where there are none, for all that is left.
        lines: the units that it is for.
        unsent: whether the lines are refunded instead of being sent.
        expected_status: the status of the order that staff has seen. All that is left of an order of which something
            was sent, and has not arrived, is refunded only where this says so: the parcel may have left since the page
            was opened.
        reason: a code of the closed list.
        note: what staff wants to remember. It stays in the order, and is erased with its shopper.
    """

    amount: Money | None = None
    lines: Annotated[list[RefundedLine], Field(max_length=100)] = []
    unsent: bool | None = None
    expected_status: OrderStatus | None = None
    reason: StaffRefundReason
    note: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500), LINES] | None = None

    def fingerprint(self, idempotency_key: str) -> str:
        """Return a digest by which a repetition of the request is known, also when its note was erased.

        Parameters:
            idempotency_key: of the request. It is stored nowhere, so that the digest does not give the note away.
        """
        canonical = json.dumps(self.model_dump(mode="json", exclude_none=True), sort_keys=True)
        return hashlib.sha256(f"{idempotency_key}\n{canonical}".encode()).hexdigest()


class RefundRequest(Contract):
    """A refund that was requested, and its result.

    Attributes:
        amount: what payment is to refund.
        lines: the units that it is for.
        tax: the taxes of what it is for; None where it is for nothing in particular, or the order has none.
        unsent: whether they are refunded instead of being sent.
        fingerprint: of the request.
        order_status: of the order at that moment: what the request was answered with.
        requested_by: who requested it; None in a request of an earlier version, which staff made.
        refund_id: Stripe's, once it is made.
        failure_code: Stripe's, where it refuses.
    """

    amount: Money
    lines: list[RefundedLine] = []
    tax: list[TaxAmount] | None = None
    unsent: bool = False
    reason: StaffRefundReason
    fingerprint: str
    order_status: OrderStatus
    requested_at: Timestamp
    requested_by: Actor | None = None
    refund_id: Identifier | None = None
    failure_code: str | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether it has no result yet."""
        return self.refund_id is None and self.failure_code is None


def staff_request_id(idempotency_key: str) -> str:
    """Return the id of a request of staff: a digest of its key, which may be any text.

    The shop's own refunds have request ids such as ``cancel``, which none of staff equals.

    Parameters:
        idempotency_key: of the request.
    """
    return f"staff-{hashlib.sha256(idempotency_key.encode()).hexdigest()[:32]}"
