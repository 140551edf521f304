"""The services' event consumers in this checkout.

This is the only module of the command line that imports services, an exception listed in the import contracts: a
replay reports the effects that each consumer suppresses, according to the consumer's own declaration.
"""

from functools import cache
from importlib import import_module

from bus.consumer import Consumer
from ecom67.base.errors import CliError


def load_consumer(module: str) -> Consumer:
    """Return the consumer of a module; raises CliError unless the module exists and has exactly one."""
    try:
        imported = import_module(module)
    except ModuleNotFoundError as error:
        raise CliError(f"There is no module {module}: {error}.") from None
    consumers = [value for value in vars(imported).values() if isinstance(value, Consumer)]
    if len(consumers) != 1:
        raise CliError(f"{module} has {len(consumers) or 'no'} consumers; name a module that has one.")
    return consumers[0]


def suppressed_effect(consumer: str, source: str, detail_type: str) -> str | None:
    """Return the external effect of a consumer's handler, such as ``email``, which a replay suppresses.

    Returns None where the handler has none, and for the consumers of other projects, whose effects are not known.
    """
    known = _consumers().get(consumer)
    subscription = known.subscriptions.get((source, detail_type)) if known else None
    return subscription.effect if subscription else None


def require_known_effects(allowed: list[str]) -> None:
    """Raise CliError where an allowed effect is not an effect of any consumer, which is probably a typing error."""
    if not allowed:
        return
    known = {
        subscription.effect
        for consumer in _consumers().values()
        for subscription in consumer.subscriptions.values()
        if subscription.effect
    }
    if unknown := set(allowed) - known:
        raise CliError(f"There is no side effect {', '.join(sorted(unknown))}. There are: {', '.join(sorted(known))}.")


@cache
def _consumers() -> dict[str, Consumer]:
    # Imported late: only a replay needs the services.
    from services.cart.events import consumer as cart
    from services.chat.events import consumer as chat
    from services.checkout.events import consumer as checkout
    from services.inventory.events import consumer as inventory
    from services.invoices.events import consumer as invoices
    from services.notifications.events import consumer as notifications
    from services.orders.events import consumer as orders
    from services.payment.events import consumer as payment
    from services.reporting.events import consumer as reporting
    from services.returns.events import consumer as returns
    from services.search.events import consumer as search

    consumers = (cart, chat, checkout, inventory, invoices, notifications, orders, payment, reporting, returns, search)
    return {consumer.name: consumer for consumer in consumers}
