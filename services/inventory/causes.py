"""Why the units of a product in the warehouse change. Pure."""

from dataclasses import dataclass
from typing import Literal

MovementKind = Literal["FIRST", "COUNTED", "ADJUSTED", "ORDERED", "CANCELLED", "RETURNED", "UNSENT", "OTHER"]
AdjustmentReason = Literal["RECEIVED", "FOUND", "DAMAGED", "LOST", "CORRECTION"]


@dataclass(frozen=True, slots=True)
class Cause:
    """What made a change of stock.

    Attributes:
        kind: what happened.
        at: milliseconds since the epoch.
        order_id: the order, where it was one.
        by: user id of the member of staff, where it was one.
        reason: of an adjustment or a count.
        note: what that person wrote.
    """

    kind: MovementKind
    at: int
    order_id: str | None = None
    by: str | None = None
    reason: str | None = None
    note: str | None = None

    def told(self) -> dict[str, object]:
        """Return it as it is stored with the stock, without what is not known."""
        values = {
            "kind": self.kind,
            "at": self.at,
            "orderId": self.order_id,
            "by": self.by,
            "reason": self.reason,
            "note": self.note,
        }
        return {name: value for name, value in values.items() if value is not None}
