"""The order that a signed link leads to, and what whoever has the link may see of it."""

from pydantic import Field

from services.orders.api_models import OrderView
from services.orders.dependencies import order_links, store
from services.orders.domain import Order
from services.orders.order_links import InvalidLinkError

MAX_TOKEN_LENGTH = 400
"""An order id of 128 signs makes a token of some 220."""


class LinkedOrderView(OrderView):
    """An order as its link shows it: a mail may be forwarded, so the address is not among it."""

    cancellable: bool = Field(description="Whether it can still be cancelled, and all of the money goes back.")

    @classmethod
    def of(cls, order: Order) -> "LinkedOrderView":
        """Return the view of an order without its address."""
        view = OrderView.of(order.model_copy(update={"shipping_address": None}))
        return cls(**view.model_dump(by_alias=False), cancellable=order.is_cancellable)


def find_linked_order(token: str) -> Order:
    """Return the order that a link leads to; raises InvalidLinkError where it leads to none.

    Parameters:
        token: of the link.
    """
    link = order_links().verify(token)
    order = store().find(link.order_id)
    if order is None or order.is_erased or order.link_revision != link.revision:
        raise InvalidLinkError
    return order
