"""A difference between two records of the same thing."""

from dataclasses import dataclass

from schemas.contract import Money


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference between two records of the same thing.

    Attributes:
        kind: its name for programs, such as ``CHARGE_WITHOUT_ORDER``.
        sentence: what each of the records says, with ids and amounts.
        order_id: the order that it is about, if any.
        product_id: the product that it is about, if any.
    """

    kind: str
    sentence: str
    order_id: str | None = None
    product_id: str | None = None

    def to_json(self) -> dict[str, str | None]:
        """Return the difference for JSON output."""
        return {
            "kind": self.kind,
            "orderId": self.order_id,
            "productId": self.product_id,
            "sentence": self.sentence,
        }


def shown(amount: Money) -> str:
    """Return an amount in minor units, as the shop stores it: ``3099 USD``."""
    return f"{amount.amount} {amount.currency}"
