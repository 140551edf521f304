"""The sums of an order as mails and documents name them."""

from collections.abc import Mapping

from schemas.contract import Money
from schemas.tax import OrderTax


def order_totals(subtotal: Money, shipping: Money, total: Money, tax: OrderTax | None) -> Mapping[str, Money]:
    """Return the amounts of an order by label, the sum last. Taxes within it say so; of 0 % are none.

    Parameters:
        subtotal: the goods, as their prices are shown.
        shipping: what delivery costs.
        total: what is paid.
        tax: None where none is collected.
    """
    within = "including " if tax and tax.prices == "INCLUSIVE" else ""
    taxes = {f"{within}{rate.name}": rate.amount for rate in tax.rates if rate.amount.amount} if tax else {}
    return {"Goods": subtotal, "Delivery": shipping, **taxes, "Total": total}
