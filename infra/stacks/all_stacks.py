"""All stacks of the shop, and the order in which they are deployed."""

from constructs import Construct

from infra.stacks.bus import BusStack
from infra.stacks.cart import CartStack
from infra.stacks.catalog import CatalogStack
from infra.stacks.chat import ChatStack
from infra.stacks.checkout import CheckoutStack
from infra.stacks.edge import EdgeStack
from infra.stacks.firewall import FirewallStack
from infra.stacks.identity import IdentityStack
from infra.stacks.inventory import InventoryStack
from infra.stacks.notifications import NotificationsStack
from infra.stacks.orders import OrdersStack
from infra.stacks.payment import PaymentStack
from infra.stacks.search import SearchStack
from infra.stacks.web import WebStack
from infra.stage import Stage


def add_stacks(scope: Construct, stage: Stage) -> None:
    """Add every stack of a stage. A stack names those that publish what it reads."""
    bus = BusStack(scope, stage)
    edge = EdgeStack(scope, stage)
    identity = IdentityStack(scope, stage, reads_from=(bus, edge))
    shared = (bus, edge, identity)
    catalog = CatalogStack(scope, stage, reads_from=shared)
    inventory = InventoryStack(scope, stage, reads_from=shared)
    cart = CartStack(scope, stage, reads_from=shared)
    payment = PaymentStack(scope, stage, reads_from=(bus, edge))
    orders = OrdersStack(scope, stage, reads_from=(*shared, payment))
    CheckoutStack(scope, stage, reads_from=(*shared, cart, inventory, payment, orders))
    NotificationsStack(scope, stage, reads_from=(bus, identity))
    search = SearchStack(scope, stage, reads_from=(bus, edge, catalog))
    chat = ChatStack(scope, stage, reads_from=(bus, identity, catalog, search, inventory, cart, orders))
    if not stage.emulated:
        # The local stage has no distribution that it could stand in front of.
        FirewallStack(scope, stage)
    WebStack(scope, stage, reads_from=(edge, catalog, chat))
