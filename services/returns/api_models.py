"""Requests and responses of the HTTP routes of returns."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from schemas.commands import ReturnableOrder
from schemas.contract import Contract, Identifier, Line, Money, Timestamp
from schemas.returns import ReceivedUnits, ReturnReason
from schemas.text import ONE_LINE
from services.returns.domain import CameBack, Return, ReturnStatus, Units, Withdrawal, returnable_units
from services.returns.windows import reason_at, return_until, withdrawal_until

Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, max_length=254, pattern=r"^[^\s@]+@[^\s@]+\.[^\s@]+$"),
    ONE_LINE,
]
OrderName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128), ONE_LINE]
MAX_LINES = 100


class WithdrawalRequest(Contract):
    """A shopper withdraws from the contract: from all of it, or from some of its units.

    The order is named by its number and the e-mail address of its shopper, or by the token of a signed link.
    """

    order_id: OrderName | None = Field(default=None, description="The order's number or id, as typed.")
    email: Email | None = Field(default=None, description="The address to which the order's mails go.")
    token: str | None = Field(default=None, min_length=1, max_length=400, description="Of the link in a mail.")
    lines: Annotated[list[Units], Field(min_length=1, max_length=MAX_LINES)] | None = Field(
        default=None, description="The units; all that is left where they are not named."
    )

    @model_validator(mode="after")
    def _names_an_order(self) -> Self:
        if self.token is None and (self.order_id is None or self.email is None):
            raise ValueError("name the order by orderId and email, or by the token of a link")
        return self


class StatedWithdrawal(Contract):
    """The withdrawal waits for its second step. Whether there is such an order is not told."""

    withdrawal_id: Identifier
    stated_at: Timestamp


class ReceivedWithdrawal(Contract):
    """The withdrawal was received at this moment. Where there is such an order, the receipt comes by mail."""

    withdrawal_id: Identifier
    received_at: Timestamp


class ReturnView(Contract):
    """A return, as its shopper sees it."""

    return_id: Identifier
    return_number: str = Field(description="As people read it: the order's number and a count.")
    status: ReturnStatus
    reason: ReturnReason
    lines: list[Line]
    requested_at: Timestamp
    received: list[ReceivedUnits]
    received_at: Timestamp | None = None
    refund: Money | None = None
    refunded_at: Timestamp | None = None

    @classmethod
    def of(cls, returned: Return) -> "ReturnView":
        """Return the view of a return. Its refund is what was paid: before, staff may have given some of it back."""
        values = _fields(returned, cls)
        return cls(**values if returned.refunded_at else {**values, "refund": None})


class StaffReturnView(ReturnView):
    """A return, as staff sees it."""

    order_id: Identifier
    order_number: str
    user_id: Identifier
    ordered: list[Line]
    received_by: Identifier | None = None
    delivery_refunded: bool
    closed_at: Timestamp | None = None
    closed_by: Identifier | None = None
    failure_code: str | None = Field(default=None, description="Stripe's, where it refuses the refund.")

    @classmethod
    def of(cls, returned: Return) -> "StaffReturnView":
        """Return the view of a return."""
        return cls(**_fields(returned, cls))


class ReturnPage(Contract):
    """Returns in one status, newest first."""

    items: list[StaffReturnView]
    next_cursor: str | None = None


class UnmatchedWithdrawal(Contract):
    """A confirmed withdrawal that names no order, as it was typed: whoever it is has a right to an answer.

    Attributes:
        order_name: the number or id of an order; None where it came by a link that has led to none since.
        user_id: who has an account with the address; None where nobody has.
        units: what is given up; None for all.
    """

    withdrawal_id: Identifier
    confirmed_at: Timestamp
    order_name: str | None = None
    email: str | None = None
    user_id: Identifier | None = None
    units: list[Units] | None = None

    @classmethod
    def of(cls, withdrawal: Withdrawal) -> "UnmatchedWithdrawal":
        """Return the view of a withdrawal."""
        values = withdrawal.model_dump(by_alias=False)
        return cls(**{name: values[name] for name in cls.model_fields})


class UnmatchedPage(Contract):
    """Withdrawals that name no order and wait for an answer, newest first."""

    items: list[UnmatchedWithdrawal]
    next_cursor: str | None = None


class ReturnsOfOrder(Contract):
    """The returns of an order, and what can still be given back, by which right and until when."""

    returns: list[ReturnView]
    returnable: list[Line] = Field(description="The units that are in no return, at the price that was paid.")
    reason: ReturnReason | None = Field(default=None, description="The right that still holds; none where it is late.")
    withdrawal_until: Timestamp | None = Field(default=None, description="Absent before all of it has arrived.")
    return_until: Timestamp | None = None

    @classmethod
    def of(cls, order: ReturnableOrder, returns: list[Return], now: datetime) -> "ReturnsOfOrder":
        """Return the view of an order's returns at a moment."""
        left = returnable_units(order, returns)
        return cls(
            returns=[ReturnView.of(each) for each in returns],
            returnable=[
                line.model_copy(update={"quantity": left[line.product_id]})
                for line in order.lines
                if line.product_id in left
            ],
            reason=None if order.is_cancelled else reason_at(now, order.placed_at, order.delivered_at),
            withdrawal_until=withdrawal_until(order.delivered_at),
            return_until=return_until(order.placed_at, order.delivered_at),
        )


class ReceivedGoods(Contract):
    """What staff has found in the parcel."""

    lines: Annotated[list[CameBack], Field(min_length=1, max_length=MAX_LINES)]


def _fields(returned: Return, view: type[ReturnView]) -> dict[str, object]:
    values = {**returned.model_dump(by_alias=False), "return_number": returned.number}
    return {name: values[name] for name in view.model_fields}
