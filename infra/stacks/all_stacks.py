"""All stacks of a stage, and the order in which they are deployed.

A stack is deployed after those whose parameters it reads, and after nothing else:

1. mail, bus, edge
2. identity, payment
3. catalog, inventory, cart, orders, reporting
4. checkout, search, returns
5. chat, invoices
6. web
7. notifications, whose e-mails link to the web's address
8. operations, which reads the records and the queues of all

The firewall depends on no other stack, but has to be deployed before the web stack, which takes its ARN as a parameter.
"""

from constructs import Construct

from infra.constructs.service_stack import ServiceStack
from infra.stacks.bus import BusStack
from infra.stacks.cart import CartStack
from infra.stacks.catalog import CatalogStack
from infra.stacks.chat import ChatStack
from infra.stacks.checkout import CheckoutStack
from infra.stacks.edge import EdgeStack
from infra.stacks.firewall import FirewallStack
from infra.stacks.identity import IdentityStack
from infra.stacks.inventory import InventoryStack
from infra.stacks.invoices import InvoicesStack
from infra.stacks.mail import MailStack
from infra.stacks.notifications import NotificationsStack
from infra.stacks.operations import OperationsStack
from infra.stacks.orders import OrdersStack
from infra.stacks.payment import PaymentStack
from infra.stacks.reporting import ReportingStack
from infra.stacks.returns import ReturnsStack
from infra.stacks.search import SearchStack
from infra.stacks.web import WebStack
from infra.stage import Stage


def add_stacks(scope: Construct, stage: Stage) -> None:
    """Add the stacks of a stage to an app, in the order of their deployment.

    Parameters:
        scope: the app.
        stage: settings of the stage.
    """
    mail = MailStack(scope, stage)
    bus = BusStack(scope, stage)
    edge = EdgeStack(scope, stage)
    identity = IdentityStack(scope, stage, depends_on=(mail, bus, edge))
    shared = (bus, edge, identity)
    catalog = CatalogStack(scope, stage, depends_on=shared)
    inventory = InventoryStack(scope, stage, depends_on=shared)
    cart = CartStack(scope, stage, depends_on=shared)
    payment = PaymentStack(scope, stage, depends_on=(bus, edge))
    orders = OrdersStack(scope, stage, depends_on=shared)
    ReportingStack(scope, stage, depends_on=shared)
    CheckoutStack(scope, stage, depends_on=(*shared, cart, inventory, payment, orders))
    ReturnsStack(scope, stage, depends_on=(*shared, orders))
    search = SearchStack(scope, stage, depends_on=(bus, edge, catalog))
    chat = ChatStack(scope, stage, depends_on=(bus, edge, identity, catalog, search, inventory, cart, orders))
    InvoicesStack(scope, stage, depends_on=(*shared, orders))
    if not stage.emulated:
        # The emulator has no CloudFront, so the local stage has no distribution to protect.
        FirewallStack(scope, stage)
    web = WebStack(scope, stage, depends_on=(edge, catalog, chat))
    NotificationsStack(scope, stage, depends_on=(mail, bus, identity, orders, web))
    # Last, so that it knows the queues of all.
    consuming = [found for found in scope.node.children if isinstance(found, ServiceStack)]
    OperationsStack(scope, stage, depends_on=(bus, edge, identity, inventory, payment), consuming=consuming)
