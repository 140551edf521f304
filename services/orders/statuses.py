"""The statuses of an order, and which may follow each."""

from enum import StrEnum


class OrderStatus(StrEnum):
    """The status of an order."""

    PROCESSING = "PROCESSING"
    PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
    SHIPPED = "SHIPPED"
    DELIVERED = "DELIVERED"
    CANCELLED = "CANCELLED"
    REFUND_PENDING = "REFUND_PENDING"
    REFUNDED = "REFUNDED"


TRANSITIONS: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.PROCESSING: frozenset({OrderStatus.PARTIALLY_SHIPPED, OrderStatus.SHIPPED, OrderStatus.CANCELLED}),
    # It is delivered without more parcels where the money of the rest is back.
    OrderStatus.PARTIALLY_SHIPPED: frozenset({OrderStatus.SHIPPED, OrderStatus.DELIVERED}),
    OrderStatus.SHIPPED: frozenset({OrderStatus.DELIVERED}),
    OrderStatus.DELIVERED: frozenset(),
    OrderStatus.CANCELLED: frozenset({OrderStatus.REFUND_PENDING, OrderStatus.REFUNDED}),
    OrderStatus.REFUND_PENDING: frozenset({OrderStatus.REFUNDED}),
    OrderStatus.REFUNDED: frozenset(),
}
"""From each status, those that may follow."""

CANCELLED_STATUSES = frozenset({OrderStatus.CANCELLED, OrderStatus.REFUND_PENDING, OrderStatus.REFUNDED})
"""The statuses of an order that will not be sent: its money is on its way back, late, or back."""

SENDABLE_STATUSES = frozenset({OrderStatus.PROCESSING, OrderStatus.PARTIALLY_SHIPPED})
"""The statuses of an order of which something is still to be sent."""


class InvalidTransitionError(Exception):
    """The order's status does not allow the change.

    Attributes:
        status: of the order.
        to: the status that it cannot have next.
    """

    def __init__(self, status: OrderStatus, to: OrderStatus) -> None:
        super().__init__(f"an order that is {status} cannot become {to}")
        self.status = status
        self.to = to


class UnexpectedStatusError(Exception):
    """The order has another status than whoever wants a refund has seen.

    Attributes:
        status: of the order.
    """

    def __init__(self, status: OrderStatus) -> None:
        super().__init__(f"the order is {status}")
        self.status = status
