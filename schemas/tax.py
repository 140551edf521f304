"""The tax of an order, as it was computed when it was bought. Settings may change afterwards; this does not."""

from typing import Literal, Self

from pydantic import Field

from schemas.contract import Contract, Count, Identifier, Money

PriceKind = Literal["INCLUSIVE", "EXCLUSIVE"]
"""Whether tax is within the prices, or added to them."""


class TaxAmount(Contract):
    """One tax of something."""

    name: str = Field(description="As it is shown, with its rate, such as ``HST 13%``.")
    rate: Count = Field(description="In thousandths of a percent: 13000 is 13 %.")
    base: Money = Field(description="The price without tax of what is taxed.")
    amount: Money


class LineTax(Contract):
    """The taxes of a line: none where it is exempt."""

    product_id: Identifier
    taxes: list[TaxAmount]


class OrderTax(Contract):
    """The tax of an order, by line and by rate. An order without it has none, or is from before.

    Attributes:
        prices: whether the tax is within the prices, or was added to them.
        amount: all of it.
        lines: as the lines of the order.
        delivery: the taxes of delivery.
        rates: the sums by rate, which an invoice has to name.
    """

    prices: PriceKind
    amount: Money
    lines: list[LineTax]
    delivery: list[TaxAmount] = []
    rates: list[TaxAmount]

    @classmethod
    def of(cls, prices: PriceKind, lines: list[LineTax], delivery: list[TaxAmount], currency: str) -> Self:
        """Return the tax of lines and delivery with its sums.

        Parameters:
            prices: whether it is within the prices.
            lines: in the order of the order's.
            delivery: of what delivery costs.
            currency: ISO 4217.
        """
        rates = sum_by_rate([*(tax for line in lines for tax in line.taxes), *delivery])
        amount = Money(amount=sum(tax.amount.amount for tax in rates), currency=currency)
        return cls(prices=prices, amount=amount, lines=lines, delivery=delivery, rates=rates)

    @property
    def added(self) -> Money:
        """What is added to goods and delivery: nothing where it is within their prices."""
        return self.amount if self.prices == "EXCLUSIVE" else self.amount * 0

    @property
    def adds_up(self) -> bool:
        """Whether its sums are those of its lines and of delivery."""
        again = OrderTax.of(self.prices, self.lines, self.delivery, self.amount.currency)
        return (again.amount, again.rates) == (self.amount, self.rates)

    def taxes_of(self, product_id: str) -> list[TaxAmount]:
        """Return the taxes of all units of a product."""
        return sum_by_rate([tax for line in self.lines if line.product_id == product_id for tax in line.taxes])


def sum_by_rate(taxes: list[TaxAmount]) -> list[TaxAmount]:
    """Return one sum for each name and rate, in the order in which they come first."""
    sums: dict[tuple[str, int], TaxAmount] = {}
    for tax in taxes:
        key = (tax.name, tax.rate)
        before = sums.get(key)
        sums[key] = tax if before is None else with_amounts(tax, before.base + tax.base, before.amount + tax.amount)
    return list(sums.values())


def with_amounts(tax: TaxAmount, base: Money, amount: Money) -> TaxAmount:
    """Return the tax of the same name and rate with other amounts."""
    return tax.model_copy(update={"base": base, "amount": amount})


def total_with_tax(subtotal: Money, shipping: Money, tax: OrderTax | None) -> Money:
    """Return what is charged for goods and delivery; raises ValueError where they differ in currency."""
    total = subtotal + shipping
    return total + tax.added if tax else total
