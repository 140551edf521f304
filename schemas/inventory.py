"""Events of the inventory service."""

from pydantic import Field

from schemas.contract import Contract, Count, Identifier, Quantity
from schemas.event import Event


class StockChanged(Event, aggregate="product_id"):
    """The number of units that can be bought now is another one, or was stated anew by a count of the warehouse."""

    product_id: Identifier
    available: Count = Field(description="Units on hand that nobody has reserved.")
    on_hand: Count = Field(description="Units in the warehouse, reserved ones included.")


class ShortLine(Contract):
    """A line of an order that cannot be fulfilled."""

    product_id: Identifier
    quantity: Quantity


class StockShort(Event, aggregate="order_id"):
    """A placed order found its reservation expired and the units sold: it has to be cancelled."""

    order_id: Identifier
    user_id: Identifier
    lines: list[ShortLine]
