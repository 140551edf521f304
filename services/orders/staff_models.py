"""What staff sees of an order: its customer, its refunds, what is left to be sent, and who did what."""

from pydantic import Field

from schemas.contract import Contract, Identifier, Money, Timestamp
from schemas.refund import StaffRefundReason
from services.orders.api_models import OrderView
from services.orders.domain import Order
from services.orders.history import Actor, HistoryAction
from services.orders.parcels import Units
from services.orders.statuses import OrderStatus


class OrderCustomer(Contract):
    """The shopper of an order; nothing but their id once they were erased."""

    user_id: Identifier
    name: str | None = Field(default=None, description="To whom the order goes.")
    email: str | None = None


class RefundRequestView(Contract):
    """A refund that was requested, and its result."""

    request_id: Identifier
    amount: Money
    lines: list[Units]
    unsent: bool = Field(description="Whether the lines are refunded instead of being sent.")
    reason: StaffRefundReason
    requested_at: Timestamp
    requested_by: Actor | None = None
    refund_id: Identifier | None = Field(default=None, description="Stripe's, once it is made.")
    failure_code: str | None = Field(default=None, description="Stripe's, where it refuses.")
    note: str | None = None


class AuditTrailEntry(Contract):
    """What happened to an order, when, and who did it."""

    action: HistoryAction
    at: Timestamp
    status: OrderStatus = Field(description="Of the order after it.")
    actor: Actor | None = Field(default=None, description="Absent where an earlier version has not recorded it.")
    parcel_id: Identifier | None = None
    amount: Money | None = None
    request_id: Identifier | None = None


class StaffOrderView(OrderView):
    """An order as staff sees it."""

    customer: OrderCustomer
    refundable: Money = Field(description="What is left of the payment and not under way.")
    cancellable: bool
    units_to_send: list[Units] = Field(description="In no parcel yet, and not refunded instead.")
    refund_requests: list[RefundRequestView] = Field(description="The oldest first.")
    audit_trail: list[AuditTrailEntry] = Field(description="The oldest first.")

    @classmethod
    def of(cls, order: Order) -> "StaffOrderView":
        """Return the view of an order."""
        address = order.shipping_address
        return cls(
            **OrderView.of(order).model_dump(by_alias=False),
            customer=OrderCustomer(user_id=order.user_id, name=address.name if address else None, email=order.email),
            refundable=order.refundable,
            cancellable=order.is_cancellable,
            units_to_send=order.units_to_send if order.is_unsent else [],
            refund_requests=[
                RefundRequestView(
                    **request.model_dump(by_alias=False, exclude={"fingerprint", "order_status", "tax"}),
                    request_id=request_id,
                    note=order.refund_notes.get(request_id),
                )
                for request_id, request in sorted(
                    order.refund_requests.items(), key=lambda recorded: recorded[1].requested_at
                )
            ],
            audit_trail=[
                AuditTrailEntry(**entry.model_dump(by_alias=False, exclude={"action"}), action=entry.what)
                for entry in order.history
            ],
        )


class StaffOrderPage(Contract):
    """Orders, newest first."""

    items: list[StaffOrderView]
    next_cursor: str | None = None
