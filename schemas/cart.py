"""Events of the cart service."""

from pydantic import Field

from schemas.contract import Identifier, Line, Money, Timestamp
from schemas.event import Event


class CartStarted(Event, aggregate="user_id"):
    """A shopper has put the first product into an empty cart; what follows in that cart raises nothing more."""

    user_id: Identifier
    started_at: Timestamp


class CartAbandoned(Event, aggregate="user_id"):
    """A shopper left products in the cart and did not come back for a day."""

    user_id: Identifier
    lines: list[Line] = Field(min_length=1)
    subtotal: Money
    last_touched_at: Timestamp
